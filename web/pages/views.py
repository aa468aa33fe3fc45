"""What several pages show of the same thing: plain values, ready for a template."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fablab_hub.core.error_texts import TEXTS, Problem, describe
from fablab_hub.core.errors import FablabError, NotFoundError
from fablab_hub.core.i18n.words import N_, duration_text, number_text, translate
from fablab_hub.core.ids import JobId
from fablab_hub.core.machines import MachineState
from fablab_hub.core.people import Person, Right, read_person
from fablab_hub.core.units import MM_PER_M
from jobs.checks.rules import describe_finding
from jobs.conditions import MachineView
from jobs.queue import estimated_starts
from jobs.report import Facts, Report
from jobs.run_times import Habit
from jobs.states import State
from jobs.store import Job
from web.services import Services
from web.wording import REASONS

ACCEPTED_FILES = ".dxf,.svg,.png,.jpg,.jpeg,.gcode,.gco,.g,.nc"
"""What a file chooser offers; what a file really is, the check finds out by its bytes."""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One remark of a report, in somebody's language."""

    severity: str
    count: int
    title: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One place in a queue; a job that the reader may not see has no title."""

    job_id: JobId
    title: str
    owner: str
    is_called: bool
    starts_at: datetime


def machine_name(services: Services, machine_id: str, language: str) -> str:
    """Give what people call a machine; its id when the lab has it no more."""
    machine = services.settings.machines.get(machine_id)
    return machine.name.text(language) if machine else machine_id


def material_name(services: Services, material_id: str | None, language: str) -> str:
    """Give what people call a material; nothing where a job has none."""
    material = services.settings.materials.get(material_id or "")
    return material.name.text(language) if material else material_id or ""


def person_name(services: Services, person_id: str) -> str:
    """Give somebody's name; nothing for somebody who left."""
    try:
        return read_person(services.database, person_id).name
    except NotFoundError:
        return ""


def expected_starts(services: Services, machine_id: str) -> dict[JobId, datetime]:
    """Estimate when each job that waits for a machine starts."""
    if machine_id not in services.settings.machines:
        return {}
    view, now = services.runner.view(machine_id), services.clock.now()
    queue = services.jobs.queue(machine_id)
    return estimated_starts(queue, now, view.remaining_s, view.habit.ratio)


def queue_entries(services: Services, machine_id: str, reader: Person) -> list[QueueEntry]:
    """Show a machine's queue; a trainee reads only their own jobs in it."""
    starts = expected_starts(services, machine_id)
    return [
        _queue_entry(services, job, starts[job.id], reader)
        for job in services.jobs.queue(machine_id)
        if job.id in starts
    ]


def may_see(reader: Person, job: Job) -> bool:
    """Tell whether somebody may know what a job is."""
    return job.owner_id == reader.id or reader.may(Right.SEE_ALL)


def finding_lines(report: Report | None, language: str) -> list[FindingLine]:
    """Say a report's findings, in the order of their numbers on the picture."""
    return [
        FindingLine(finding.severity.value, finding.count, *describe_finding(finding, language))
        for finding in (report.findings if report else ())
    ]


def fact_pairs(services: Services, job: Job, language: str) -> list[tuple[str, str]]:
    """Give what was measured of a job's file: names to translate, and values to show."""
    habit = services.jobs.habit(job.machine_id)
    pairs = list(_facts(job.report.facts, habit, language)) if job.report else []
    if material := material_name(services, job.material_id, language):
        pairs.append((N_("Material"), material))
    return pairs


def expected_time(estimated_s: float, habit: Habit, language: str) -> str:
    """Say how long something takes on a machine, as far as its past runs tell."""
    shortest = duration_text(estimated_s * habit.low, language)
    longest = duration_text(estimated_s * habit.high, language)
    if shortest == longest:
        return shortest
    return translate(N_("{shortest} to {longest}"), language, shortest=shortest, longest=longest)


def _facts(facts: Facts, habit: Habit, language: str) -> Iterator[tuple[str, str]]:
    if facts.bounds_mm is not None:
        width, depth, height = facts.bounds_mm.size_mm
        sizes = [width, depth] if height < 0.01 else [width, depth, height]
        text = " × ".join(number_text(size, language, 0) for size in sizes)
        yield N_("Size"), translate(N_("{size} mm"), language, size=text)
    if facts.duration_s:
        yield N_("Time at the machine"), expected_time(facts.duration_s, habit, language)
    for name, length_mm in (
        (N_("Line to cut"), facts.cut_mm),
        (N_("Line to engrave"), facts.engrave_mm),
    ):
        if length_mm:
            metres = number_text(length_mm / MM_PER_M, language)
            yield name, translate(N_("{length} m"), language, length=metres)
    if facts.filament_g:
        grams = number_text(facts.filament_g, language, 0)
        yield N_("Plastic"), translate(N_("{mass} g"), language, mass=grams)


def trouble_of(view: MachineView, language: str) -> Problem | None:
    """Say what is wrong with a machine; None when nothing is."""
    status = view.status
    if view.state is MachineState.OUT_OF_SERVICE:
        closed = FablabError("machine.out-of-service", reason=view.condition.reason)
        return describe(closed, language)
    if status.error_code is None or view.state not in (MachineState.ALARM, MachineState.OFFLINE):
        return None
    return describe(FablabError(status.error_code, **status.error_fields), language)


def reason_text(job: Job, language: str) -> str:
    """Say why a job is where it is: a code in words, or what somebody wrote."""
    if job.state in (State.RUNNING, State.STARTING, State.DONE):
        return ""
    if sentence := REASONS.get(job.reason):
        return translate(sentence, language)
    if job.reason in TEXTS:
        # The facts of the error are in the journal; a sentence that needs them is left out.
        message = translate(TEXTS[job.reason].message, language)
        return "" if "{" in message else message
    return job.reason


def _queue_entry(services: Services, job: Job, starts_at: datetime, reader: Person) -> QueueEntry:
    is_seen = may_see(reader, job)
    return QueueEntry(
        job_id=job.id,
        title=job.title if is_seen else "",
        owner=person_name(services, job.owner_id) if is_seen else "",
        is_called=job.state is State.CALLED,
        starts_at=starts_at,
    )
