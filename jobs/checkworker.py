"""Inside a check worker: limit yourself, then read requests and answer them, one line each.

A worker is a process of its own (`serve_checks`), or the child of one (`jobs.check_apart`).

A request that wants to know of the progress gets lines with `read_bytes` before its answer, and one
that wants to know it a line with `written` once the canonical program lies there. A request for
a file that still arrives is followed by lines with `arrived` (`jobs.check_source`).
"""

import contextlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from fablab_hub.core.errors import FablabError
from fablab_hub.core.fitting import fitted
from fablab_hub.core.materials import OnMachine
from fablab_hub.core.settings import CheckSettings, Settings
from jobs.check import check_source
from jobs.check_files import CheckedProgram
from jobs.check_source import ArrivingFile, Source, StoredFile
from jobs.report_json import report_to_stored
from jobs.unusable import unusable_report

_OPEN_FILES = 64
_NICE = 10
_PROGRESS_EVERY_S = 0.1
_OUTPUT_BYTES = 512 * 1024 * 1024


def serve_checks(settings: Settings) -> None:
    """Answer requests from standard input until it ends.

    Whatever a library prints goes to standard error: the answers have a pipe of their own.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    limit_process(settings.checks)
    # Pages and machines come first where a small computer has more to do than it can.
    os.nice(_NICE)
    orders = sys.stdin.buffer
    while line := orders.readline():
        order = json.loads(line)
        if "arrived" in order:
            continue  # of a file that needed no more reading
        if order.get("arriving"):
            with contextlib.closing(ArrivingFile(Path(order["path"]), orders)) as source:
                answer_request(order, settings, answers, source)
        else:
            answer_request(order, settings, answers)


def answer_request(
    request: dict[str, Any], settings: Settings, answers: BinaryIO, source: Source | None = None
) -> None:
    """Check the file of one request, within the processor time of one file, and answer.

    Args:
        request: as JSON.
        settings: of the lab.
        answers: where the answer goes, and lines about the progress before it.
        source: of the file's bytes; by default the file that lies at the request's path.
    """
    _limit_cpu(settings.checks.cpu_s)
    if source is None:
        on_read = _Progress(answers).on_read if request.get("progress") else _say_nothing
        source = StoredFile(Path(request["path"]), on_read)
    tell = _tell_written(answers) if request.get("written") else lambda _: None
    _answer(answers, _check(request, settings, source, tell))


class _Progress:
    """Tells how many bytes were read, a few times a second: one line on the answers' pipe."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._next_s = 0.0

    def on_read(self, read_bytes: int) -> None:
        now_s = time.monotonic()
        if now_s >= self._next_s:
            self._next_s = now_s + _PROGRESS_EVERY_S
            _answer(self._answers, {"read_bytes": read_bytes})


def _say_nothing(read_bytes: int) -> None:
    del read_bytes


def _tell_written(answers: BinaryIO) -> Callable[[Path], None]:
    return lambda path: _answer(answers, {"written": str(path)})


def _check(
    request: dict[str, Any], settings: Settings, source: Source, on_written: Callable[[Path], None]
) -> dict[str, Any]:
    material = settings.materials.get(request["material"]) if request["material"] else None
    if material is not None and request.get("tried"):
        material = material.tried_on(request["machine"], fitted(OnMachine, request["tried"]))
    try:
        checked = check_source(
            source,
            request["name"],
            settings.machines[request["machine"]],
            material,
            Path(request["folder"]),
            settings.checks,
            request["options"],
            wants_picture=request["picture"],
            on_written=on_written,
        )
    except FablabError as error:
        path = source.whole().path
        checked = CheckedProgram(report=unusable_report(path, request["name"], error))
    return {
        "report": report_to_stored(checked.report),
        "program": str(checked.program) if checked.program else None,
        "picture": str(checked.picture) if checked.picture else None,
    }


def _answer(answers: BinaryIO, body: dict[str, Any]) -> None:
    data = json.dumps(body).encode() + b"\n"
    while data:
        data = data[answers.write(data) :]


def limit_process(limits: CheckSettings) -> None:
    """Bound memory, open files and output once (`setrlimit(2)`); what exceeds them fails."""
    memory = limits.memory_mb * 1_000_000
    for what, bound in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_FSIZE, _OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        least = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(what, (least, hard))


def _limit_cpu(cpu_s: float) -> None:
    """Give the next file its own share of processor time; past it the kernel ends the worker."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + cpu_s) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
