"""What the hub and a camera worker say to each other: chunks, each after its length.

A request is one chunk of JSON. An answer is a chunk of JSON and a chunk of JPEG, which is empty
when there is no picture. A length is four bytes, most significant first.
"""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any

LENGTH = struct.Struct(">I")
MAX_BYTES = 32 * 1024 * 1024
"""A larger chunk is no picture of ours but a worker that writes nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StillRequest:
    """Everything that a worker needs to know for one still.

    Attributes:
        source: `opencv` or `generated` (`settings.CameraSource`).
        timeout_s: the worker gives up after this.
        now: the hub's time, as stored; a worker has no time of its own.
        name, mark, moment: words for a picture that is drawn.
    """

    camera_id: str
    source: str
    address: str
    timeout_s: float
    now: str
    name: str
    mark: str
    moment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StillAnswer:
    """What came of it; `error` is the code of what went wrong, or empty.

    Attributes:
        taken_at: UTC text.
        glimpse_bytes: how many bytes at the end of the JPEG's chunk are the small one for pages.
    """

    error: str = ""
    width_px: int = 0
    height_px: int = 0
    taken_at: str = ""
    glimpse_bytes: int = 0


def chunk(content: bytes) -> bytes:
    """Put a length before bytes."""
    return LENGTH.pack(len(content)) + content


def request_bytes(request: StillRequest) -> bytes:
    """Write a request."""
    return chunk(json.dumps(asdict(request)).encode())


def read_request(content: bytes) -> StillRequest:
    """Read what `request_bytes` wrote, its length taken off."""
    return StillRequest(**json.loads(content))


def answer_bytes(answer: StillAnswer, jpeg: bytes = b"") -> bytes:
    """Write an answer and its picture."""
    return chunk(json.dumps(asdict(answer)).encode()) + chunk(jpeg)


def read_answer(content: bytes) -> StillAnswer:
    """Read the JSON of an answer.

    Raises:
        ValueError: it is not one.
    """
    fields: Any = json.loads(content)
    try:
        return StillAnswer(**fields)
    except TypeError as error:
        raise ValueError("not an answer") from error
