"""What stands around every page: the menu, what may be stopped, who calls, what comes next.

Whoever is lost looks there first, so it is the same everywhere, and it stays true by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from fablab_hub.core.calls import Call, open_calls
from fablab_hub.core.i18n.words import N_
from fablab_hub.core.machines import Machine
from fablab_hub.core.people import Person, Right, read_people
from jobs.conditions import MachineView
from jobs.states import State
from jobs.store import Job
from web.services import Services


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the main menu.

    Attributes:
        pages: names of the pages that belong to it, see `here` in the routes.
        count: how many things wait there.
    """

    href: str
    icon: str
    label: str
    pages: frozenset[str]
    count: int = 0


@dataclass(frozen=True, slots=True)
class CallLine:
    """An open call in words.

    Attributes:
        who: name of the caller; empty for a machine's tablet.
        machine: where; None for "at a table".
        helper: who is on their way; empty while nobody is.
    """

    call: Call
    who: str
    machine: Machine | None
    helper: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page.

    Attributes:
        tabs: the main menu; empty for somebody unknown.
        running: machines at work that this person may stop, their own ones for a trainee.
        calls: every open call for staff, one's own for others.
        turns: jobs of this person whose turn it is.
        said: a sentence about what was just done; empty for nothing.
    """

    tabs: tuple[Tab, ...] = ()
    running: tuple[MachineView, ...] = ()
    calls: tuple[CallLine, ...] = ()
    turns: tuple[Job, ...] = ()
    said: str = ""


TRAINEE_TABS = (
    Tab("/", "make", N_("Make"), frozenset({"home", "submit", "job", "machine"})),
    Tab("/projets", "projects", N_("My projects"), frozenset({"projects"})),
    Tab("/competences", "skills", N_("My skills"), frozenset({"skills"})),
)
STAFF_TABS = (
    Tab(
        "/atelier",
        "workshop",
        N_("Workshop"),
        frozenset({"workshop", "machine", "calls", "submit", "job"}),
    ),
    Tab("/a-valider", "review", N_("To approve"), frozenset({"review"})),
    Tab("/personnes", "people", N_("People"), frozenset({"people", "projects"})),
    Tab("/reglages", "settings", N_("Settings"), frozenset({"settings"})),
)

SAID: MappingProxyType[str, str] = MappingProxyType(
    {
        "call-closed": N_("The call is over."),
        "called": N_("You called. Somebody will come."),
        "cleared": N_("Thank you. The machine is free for the next one."),
        "saved": N_("It is saved."),
        "stopped": N_("The machine is stopped."),
        "withdrawn": N_("It is taken out of the queue. Your file is kept."),
    }
)
"""What a page says after a form did its work, by the word that its address carries (`?dit=`)."""


def frame_for(services: Services, person: Person | None, said: str, now: datetime) -> Frame:
    """Put the frame of a page together.

    Args:
        services: what is asked.
        person: who reads; None for somebody unknown.
        said: a word of `SAID`; any other is silence.
        now: decides which calls are still open.
    """
    if person is None:
        return Frame(said=SAID.get(said, ""))
    return Frame(
        tabs=_tabs(services, person),
        running=tuple(view for view in services.runner.views() if _may_stop(person, view)),
        calls=call_lines(services, person, now),
        turns=_turns(services, person),
        said=SAID.get(said, ""),
    )


def call_lines(services: Services, person: Person, now: datetime) -> tuple[CallLine, ...]:
    """Give the open calls that somebody may see, the longest wait first."""
    lines = every_call(services, now)
    if person.may(Right.SUPERVISE):
        return lines
    return tuple(line for line in lines if line.call.person_id == person.id)


def every_call(services: Services, now: datetime) -> tuple[CallLine, ...]:
    """Give every open call, the longest wait first."""
    calls = open_calls(services.database, now)
    if not calls:
        return ()
    names = {str(who.id): who.name for who in read_people(services.database)}
    machines = services.settings.machines
    return tuple(
        CallLine(
            call,
            names.get(call.person_id or "", ""),
            machines.get(call.machine_id or ""),
            names.get(call.answered_by or "", ""),
        )
        for call in calls
    )


def _tabs(services: Services, person: Person) -> tuple[Tab, ...]:
    if not person.is_staff:
        return TRAINEE_TABS
    waiting = len(services.jobs.in_states(frozenset({State.TO_APPROVE})))
    return tuple(
        Tab(tab.href, tab.icon, tab.label, tab.pages, waiting if "review" in tab.pages else 0)
        for tab in STAFF_TABS
    )


def _may_stop(person: Person, view: MachineView) -> bool:
    return view.job is not None and (view.job.owner_id == person.id or person.may(Right.SUPERVISE))


def _turns(services: Services, person: Person) -> tuple[Job, ...]:
    if person.is_staff:
        return ()
    jobs = services.jobs.in_states(frozenset({State.CALLED}))
    return tuple(job for job in jobs if job.owner_id == person.id)
