"""Every component on one living page: what a page is made of, with real values in it."""

import functools
import json
from dataclasses import dataclass, replace
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from fablab_hub.core.ids import JobId
from fablab_hub.core.machines import (
    Machine,
    MachineKind,
    MachineState,
    MachineStatus,
    Temperatures,
)
from jobs.checks.rules import RULES, describe_finding
from jobs.conditions import MachineView
from jobs.report import Severity
from jobs.states import State
from web.access import PUBLIC, Hub, allow, language_of
from web.pages.views import FindingLine, QueueEntry
from web.rendering import STATIC, asset, render
from web.services import Services

router = APIRouter()

_ICONS = (
    "workshop", "make", "projects", "skills", "review", "people", "settings", "help", "hand",
    "stop", "pause", "play", "check", "cross", "alert", "arrow", "back", "more", "upload",
    "download", "camera", "clock", "heat", "bed", "laser", "printer", "material", "table", "key",
    "pencil", "language", "listen", "screen", "out", "offline", "project",
)  # fmt: skip
_TONES = ("", "go", "ok", "wait", "stop")


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour of words on the colour behind them."""

    words: str
    ground: str


@router.get("/styleguide", dependencies=[allow(PUBLIC)])
async def show_styleguide(request: Request, hub: Hub) -> Response:
    """Show every component."""
    language = language_of(request)
    return render(
        request,
        "pages/styleguide.html",
        here="styleguide",
        pairs=_pairs(),
        icons=_ICONS,
        tones=_TONES,
        states=list(State),
        views=_views(hub),
        queue_entries=_queue(hub),
        texts=_findings(language),
        digits=hub.settings.signin.pin_digits,
    )


@functools.cache
def _pairs() -> tuple[Pair, ...]:
    file = STATIC / asset("colours.json").removeprefix("/static/")
    read_on: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))["read_on"]
    return tuple(Pair(words, ground) for words, grounds in read_on.items() for ground in grounds)


def _findings(language: str) -> list[FindingLine]:
    """Take one real rule of each severity, among those whose sentence needs no fact."""
    plain = [rule for rule in RULES.values() if "{" not in rule.title + rule.message + rule.remedy]
    shown = [next(rule for rule in plain if rule.severity is severity) for severity in Severity]
    return [
        FindingLine(rule.severity.value, 1, *describe_finding(rule.found(count=1), language))
        for rule in shown
    ]


def _views(services: Services) -> list[MachineView]:
    """Show a machine of the lab in each of its states."""
    machines = list(services.settings.machines.values())
    if not machines:
        return []
    kinds = {machine.kind: machine for machine in reversed(machines)}
    turns = [kinds[kind] for kind in MachineKind if kind in kinds]
    return [_view(turns[n % len(turns)], state) for n, state in enumerate(MachineState)]


def _view(machine: Machine, state: MachineState) -> MachineView:
    is_at_work = state in (MachineState.BUSY, MachineState.PAUSED)
    status = MachineStatus(state=state, fraction=0.62 if is_at_work else 0.0)
    if machine.kind is MachineKind.PRINTER:
        heat = Temperatures(nozzle_c=208.4, nozzle_target_c=210, bed_c=59.8, bed_target_c=60)
        status = replace(status, temperatures=heat)
    return MachineView(
        machine=machine,
        state=state,
        status=status,
        job=None,
        run=None,
        remaining_s=260.0 if is_at_work else None,
    )


def _queue(services: Services) -> list[QueueEntry]:
    now = services.clock.now()
    rows = (("Lampe papillon", "Léa", True), ("Boîte à thé", "Yann", False), ("", "", False))
    return [
        QueueEntry(JobId("1"), title, owner, is_called, now + timedelta(minutes=12 * n))
        for n, (title, owner, is_called) in enumerate(rows)
    ]
