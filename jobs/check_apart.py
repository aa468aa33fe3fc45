"""Check one file in a child of this process: for a command that starts, checks and ends.

A worker of its own would start Python a second time, which takes longer than to check most files.
The child has a worker's limits, and a group of its own: Ctrl-C at a terminal is for its parent.
"""

import json
import logging
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from fablab_hub.core.errors import FablabError, LimitExceededError
from fablab_hub.core.settings import Settings
from jobs.check_request import CheckOutcome, CheckRequest, outcome_from_json, request_to_json
from jobs.checkworker import answer_request, limit_process
from jobs.unusable import unusable_report

log = logging.getLogger(__name__)

_PIECE_BYTES = 1 << 16


def check_apart(
    request: CheckRequest,
    settings: Settings,
    scratch: Path,
    on_read: Callable[[int], None] | None = None,
) -> CheckOutcome:
    """Check one file; whatever it does to the child, there is a report.

    Only for a process with one thread: the child is a copy of it.

    Args:
        request: the file.
        settings: of the lab.
        scratch: folder for what the check writes.
        on_read: called a few times a second with the bytes of a program checked so far.
    """
    folder = Path(tempfile.mkdtemp(prefix="check-", dir=scratch))
    body = {**request_to_json(request, folder), "progress": on_read is not None}
    try:
        return outcome_from_json(_ask_child(body, settings, on_read), folder)
    except FablabError as error:
        report = unusable_report(request.path, request.name, error)
        return CheckOutcome(report=report, program=None, picture=None, folder=folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _ask_child(
    body: dict[str, Any], settings: Settings, on_read: Callable[[int], None] | None
) -> dict[str, Any]:
    """Fork, and wait for the answer.

    Raises:
        LimitExceededError: the child died over the file, or took too long.
    """
    reader, writer = os.pipe()
    # What waits in a buffer would be written by both.
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _be_child(body, settings, writer)
    os.close(writer)
    try:
        answer = _answer(reader, settings.checks.wall_s, on_read)
    except BaseException:
        _kill(child)
        raise
    finally:
        os.close(reader)
    if answer is None:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        raise LimitExceededError("check.worker-died", status=status)
    _kill(child)
    return answer


def _answer(
    reader: int, limit_s: float, on_read: Callable[[int], None] | None
) -> dict[str, Any] | None:
    """Wait for the answer, telling of the progress meanwhile; None when the child ends without."""
    for line in _lines(reader, limit_s):
        answer: dict[str, Any] = json.loads(line)
        if "read_bytes" not in answer:
            return answer
        if on_read is not None:
            on_read(int(answer["read_bytes"]))
    return None


def _be_child(body: dict[str, Any], settings: Settings, writer: int) -> NoReturn:
    """Check, answer, and leave without what the parent would do at its end."""
    status = 1
    try:
        os.setpgid(0, 0)
        # What a library prints is no part of what the command says.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        limit_process(settings.checks)
        with os.fdopen(writer, "wb", buffering=0) as answers:
            answer_request(body, settings, answers)
        status = 0
    except BaseException:
        log.exception("the check failed")
    finally:
        os._exit(status)


def _lines(reader: int, limit_s: float) -> Iterator[bytes]:
    """Give the lines of an answer as they come; ends with the child.

    Raises:
        LimitExceededError: it takes longer than the limit.
    """
    deadline_s = time.monotonic() + limit_s
    waiting = b""
    while True:
        left_s = max(0.0, deadline_s - time.monotonic())
        if not select.select([reader], [], [], left_s)[0]:
            raise LimitExceededError("check.too-slow", limit_s=round(limit_s))
        piece = os.read(reader, _PIECE_BYTES)
        if not piece:
            return
        *lines, waiting = (waiting + piece).split(b"\n")
        yield from lines


def _kill(child: int) -> None:
    """End a child that is of no use any more, and wait until it is gone."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
