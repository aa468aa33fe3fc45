"""What every driver's tests share: programs on disk, and conditions that are awaited."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fablab_hub.core.programs import Program

Write = Callable[..., Program]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def write_program(tmp_path: Path) -> Write:
    """Write lines as a program on disk."""

    def write(*lines: str, name: str = "program.gcode") -> Program:
        data = "".join(f"{line}\n" for line in lines).encode()
        path = tmp_path / name
        path.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        return Program(path=path, sha256=sha256, lines=len(lines), duration_s=1.0)

    return write


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait until something is so, with a deadline."""

    async def wait(is_so: Callable[[], Any], within_s: float = 10.0) -> None:
        async with asyncio.timeout(within_s):
            while not is_so():  # noqa: ASYNC110 - nothing tells when it is so
                await asyncio.sleep(0.005)

    return wait
