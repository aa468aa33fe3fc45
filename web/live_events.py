"""What the live stream says: lines of the journal and news of machines, and who may hear them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from fablab_hub.core import journal
from fablab_hub.core.db import Database
from fablab_hub.core.people import Person, Right
from jobs.conditions import MachineView

LIVE_STREAM = "/live"
"""Where a page listens for what happens."""

_OWNERS: MappingProxyType[str, str] = MappingProxyType(
    {
        "job": "SELECT owner_id, machine_id FROM jobs WHERE id = ?",
        "run": "SELECT owner_id FROM runs JOIN jobs ON jobs.id = job_id WHERE runs.id = ?",
        "project": "SELECT owner_id FROM projects WHERE id = ?",
        "fabrication": "SELECT owner_id FROM fabrications WHERE id = ?",
        "call": "SELECT person_id AS owner_id FROM help_calls WHERE id = ?",
        "person": "SELECT id AS owner_id FROM people WHERE id = ?",
    }
)
"""Whose a subject of the journal is; what is not here is for staff, machines are for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the journal, ready to be sent.

    Attributes:
        owner_id: whose it is; None when nobody owns it.
        is_public: everybody may see it.
        text: its JSON, `{"verb", "subject", "state"?}`.
        text_for_others: what those who may not see it learn of it all the same: that a machine's
            queue has changed; None for nothing.
    """

    seq: int
    owner_id: str | None
    is_public: bool
    text: str
    text_for_others: str | None = None

    def text_for(self, person: Person) -> str | None:
        """Give what somebody may know of it; None for nothing."""
        may_see = self.is_public or self.owner_id == person.id or person.may(Right.SEE_ALL)
        return self.text if may_see else self.text_for_others


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineNews:
    """What a page shows of a machine, at one moment."""

    machine_id: str
    state: str
    fraction: float
    remaining_s: int | None
    job_id: str | None
    owner_id: str | None

    @property
    def mark(self) -> str:
        """Eight characters that change with the news: how a page says what it already shows."""
        return hashlib.blake2s(repr(self).encode(), digest_size=4).hexdigest()

    def text_for(self, person: Person) -> str:
        """Write its JSON; only its owner and staff learn which job it is."""
        is_theirs = self.owner_id == person.id or person.may(Right.SEE_ALL)
        return _json(
            {
                "machine": self.machine_id,
                "state": self.state,
                "fraction": self.fraction,
                "remaining_s": self.remaining_s,
                "job": self.job_id if is_theirs else None,
            }
        )


def event_of(database: Database, entry: journal.Entry) -> Event:
    """Make the event of a line of the journal."""
    kind, _, id_ = entry.subject.partition(":")
    row = database.read_one(_OWNERS[kind], (id_,)) if kind in _OWNERS else None
    body: dict[str, object] = {"verb": entry.verb, "subject": entry.subject}
    if "to" in entry.data:
        body["state"] = entry.data["to"]
    return Event(
        seq=entry.seq,
        owner_id=row["owner_id"] if row else None,
        is_public=kind == "machine",
        text=_json(body),
        text_for_others=_queue_text(row["machine_id"]) if row and kind == "job" else None,
    )


def _queue_text(machine_id: str) -> str:
    return _json({"verb": "queue.change", "subject": f"machine:{machine_id}"})


def news_of(view: MachineView) -> MachineNews:
    """Make the news of a machine."""
    return MachineNews(
        machine_id=view.machine.id,
        state=view.state.value,
        fraction=round(view.status.fraction, 3),
        remaining_s=None if view.remaining_s is None else round(view.remaining_s),
        job_id=view.job.id if view.job else None,
        owner_id=view.job.owner_id if view.job else None,
    )


def stream_from(after: int, shown: Iterable[MachineNews]) -> str:
    """Give the address of the stream that goes on where a page was made.

    Args:
        after: number of the journal's last line, read before anything that the page shows.
        shown: how each machine was at that moment.
    """
    query = {"after": after, "seen": ",".join(news.mark for news in shown)}
    return f"{LIVE_STREAM}?{urlencode(query, safe=',')}"


def block(*, data: str = "", event: str = "", id_: int | None = None) -> bytes:
    """Write one event. One without data is not shown to the page; its number counts."""
    lines = [f"event: {event}"] if event else []
    if id_ is not None:
        lines.append(f"id: {id_}")
    if data:
        lines.append(f"data: {data}")
    return ("\n".join(lines) + "\n\n").encode()


def _json(body: dict[str, object]) -> str:
    return json.dumps(body, separators=(",", ":"))
