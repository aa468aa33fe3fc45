"""The book of skills: notes, proposals and decisions, each written with its line in the journal."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import FablabError, NotAllowedError, NotFoundError
from fablab_hub.core.ids import new_id
from fablab_hub.core.machines import Machine
from fablab_hub.core.people import Person, Right, read_person, require
from projects.fabrications import clean_text
from projects.skills.decisions import Decision, Verdict
from projects.skills.framework import TOP_LEVEL, Framework, Skill
from projects.skills.gathering import agreed_of, gather_proof, read_decisions
from projects.skills.proof import Progress, Proof, progress_of, proposed_levels, validators_wanted

MOST_TEXT = 500
"""Letters of a remark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillPath:
    """How far somebody is in one skill, and what comes next.

    Attributes:
        level: reached; 0: not begun.
        progress: what the next level asks for; empty at the top.
        proposed: the level that waits for a trainer; None where none does.
        decisions: oldest first.
    """

    skill: Skill
    level: int
    progress: tuple[Progress, ...]
    proposed: int | None
    decisions: tuple[Decision, ...]

    @property
    def is_begun(self) -> bool:
        """Tell whether there is anything to show."""
        return self.level > 0 or any(each.evidence for each in self.progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A level for which everything speaks, and that waits for a trainer."""

    person_id: str
    person_name: str
    skill: Skill
    level: int
    at: datetime


class SkillBook:
    """Reads and writes what is known of people's skills."""

    def __init__(
        self,
        database: Database,
        framework: Framework,
        machines: Mapping[str, Machine],
        clock: Clock,
    ) -> None:
        self.framework = framework
        self._database = database
        self._machines = machines
        self._clock = clock

    def proof(self, person_id: str) -> Proof:
        """Gather what speaks for somebody."""
        return gather_proof(self._database, self.framework, self._machines, person_id)

    def path(self, person_id: str) -> list[SkillPath]:
        """Show how far somebody is in each skill, in the order of the framework."""
        proof, now = self.proof(person_id), self._clock.now()
        decisions = read_decisions(self._database, person_id)
        waiting = self._waiting(person_id)
        found = []
        for skill in self.framework.skills.values():
            level = proof.levels.get(skill.id, 0)
            rule = skill.rule(level + 1)
            found.append(
                SkillPath(
                    skill=skill,
                    level=level,
                    progress=tuple(progress_of(rule, skill, proof, now)) if rule else (),
                    proposed=waiting.get(skill.id),
                    decisions=tuple(each for each in decisions if each.skill == skill.id),
                )
            )
        return found

    def proposals(self) -> list[Proposal]:
        """List what waits for a trainer, oldest first."""
        rows = self._database.read(
            "SELECT skill_proposals.*, people.name FROM skill_proposals"
            " JOIN people ON people.id = person_id WHERE answered_at IS NULL"
            " AND is_active = 1 ORDER BY proposed_at, person_id, skill"
        )
        return [
            Proposal(
                person_id=row["person_id"],
                person_name=row["name"],
                skill=self.framework.skills[row["skill"]],
                level=row["level"],
                at=read_utc(row["proposed_at"]),
            )
            for row in rows
            if row["skill"] in self.framework.skills
        ]

    async def note(
        self, by: Person, person_id: str, what: str, score: float | None = None, text: str = ""
    ) -> None:
        """Note what somebody did; then look what speaks for them now.

        Args:
            by: who noted it: a trainer, or the person themselves where the note is their own.
            person_id: of whom.
            what: a note of the framework.
            score: 0 to 100, where the note has one.
            text: in their own words, read by the person too.

        Raises:
            FablabError: `form.invalid`: a score is missing, or is none.
            NotAllowedError: it is not for them to note.
            NotFoundError: no such note, or no such person.
        """
        kind = self.framework.notes.get(what)
        if kind is None:
            raise NotFoundError("found.nothing")
        person = read_person(self._database, person_id)
        if not (kind.is_own and by.id == person.id):
            self._require_trainer(by, person)
        if kind.has_score != (score is not None) or not 0 <= (score or 0) <= 100:
            raise FablabError("form.invalid", field="score")
        now = self._clock.now()

        def act(tables: Tables) -> None:
            id_ = new_id(now)
            tables.table("skill_notes").insert(
                {
                    "id": id_, "person_id": person.id, "what": what, "score": score,
                    "text": _short(text), "noted_by": by.id, "noted_at": utc_text(now),
                }
            )  # fmt: skip
            facts = {"note": id_, "what": what, "score": score}
            who = journal.person(by.id)
            journal.append(tables, now, who, "skill.note", journal.person(person.id), facts)

        await self._database.write(act)
        await self.look_again(person.id)

    async def decide(
        self,
        by: Person,
        person_id: str,
        skill_id: str,
        level: int,
        verdict: Verdict,
        text: str = "",
    ) -> None:
        """Say that somebody has reached a level, or what is still missing.

        A trainer may decide without a proposal, and say later that something is missing after
        all: nothing is changed, a newer line counts.

        Raises:
            FablabError: `form.invalid`: no such level, or what is missing was not said.
            NotAllowedError: it is not for them to decide.
            NotFoundError: no such skill, or no such person.
        """
        skill = self.framework.skills.get(skill_id)
        if skill is None:
            raise NotFoundError("found.nothing")
        person = read_person(self._database, person_id)
        if skill.is_own:
            if by.id != person.id:
                raise NotAllowedError("skills.own")
        else:
            self._require_trainer(by, person)
        if not 1 <= level <= TOP_LEVEL:
            raise FablabError("form.invalid", field="level")
        text = _short(text)
        if verdict is Verdict.MISSING and not text:
            raise FablabError("form.invalid", field="text")
        evidence, now = self._evidence(person.id, skill, level), self._clock.now()
        is_settled = verdict is Verdict.MISSING or self._is_last(by, person.id, skill, level)

        def act(tables: Tables) -> None:
            id_ = new_id(now)
            tables.table("skill_decisions").insert(
                {
                    "id": id_, "person_id": person.id, "skill": skill.id, "level": level,
                    "verdict": verdict.value, "text": text, "evidence": json.dumps(evidence),
                    "framework": self.framework.version, "decided_by": by.id,
                    "decided_at": utc_text(now),
                }
            )  # fmt: skip
            if is_settled:
                tables.execute(
                    "UPDATE skill_proposals SET answered_at = ?"
                    " WHERE person_id = ? AND skill = ? AND level <= ? AND answered_at IS NULL",
                    [utc_text(now), person.id, skill.id, level],
                )
            facts = {
                "decision": id_, "skill": skill.id, "level": level, "verdict": verdict.value,
                "framework": self.framework.version, "evidence": evidence,
            }  # fmt: skip
            who = journal.person(by.id)
            journal.append(tables, now, who, "skill.decide", journal.person(person.id), facts)

        await self._database.write(act)
        await self.look_again(person.id)

    async def look_again(self, person_id: str) -> list[tuple[str, int]]:
        """Propose the levels for which everything speaks now; gives the new ones.

        A level that a trainer found something missing for is proposed again once there is more
        evidence than before.
        """
        proof, now = self.proof(person_id), self._clock.now()
        levels = proposed_levels(self.framework, proof, now)
        wanted = {
            (skill_id, level): self._evidence(person_id, self.framework.skills[skill_id], level)
            for skill_id, level in levels.items()
        }

        def act(tables: Tables) -> list[tuple[str, int]]:
            new = []
            for (skill_id, level), evidence in wanted.items():
                row = tables.execute(
                    "SELECT evidence FROM skill_proposals"
                    " WHERE person_id = ? AND skill = ? AND level = ?",
                    [person_id, skill_id, level],
                ).fetchone()
                if row is not None and set(evidence) <= set(json.loads(row[0])):
                    continue
                tables.execute(
                    "INSERT INTO skill_proposals VALUES (?, ?, ?, ?, ?, NULL)"
                    " ON CONFLICT DO UPDATE SET evidence = excluded.evidence,"
                    " proposed_at = excluded.proposed_at, answered_at = NULL",
                    [person_id, skill_id, level, json.dumps(evidence), utc_text(now)],
                )
                facts = {"skill": skill_id, "level": level, "evidence": evidence}
                journal.append(
                    tables, now, journal.HUB, "skill.propose", journal.person(person_id), facts
                )
                new.append((skill_id, level))
            return new

        return await self._database.write(act) if wanted else []

    def _evidence(self, person_id: str, skill: Skill, level: int) -> list[str]:
        rule = skill.rule(level)
        if rule is None:
            return []
        progress = progress_of(rule, skill, self.proof(person_id), self._clock.now())
        return sorted({id_ for each in progress for id_ in each.evidence})

    def _is_last(self, by: Person, person_id: str, skill: Skill, level: int) -> bool:
        """Tell whether a trainer's yes makes a level reached: some ask for more than one."""
        others = [each for each in read_decisions(self._database, person_id) if each.by_id != by.id]
        agreed = agreed_of(others).get((skill.id, level), 0)
        return agreed + 1 >= validators_wanted(skill.rule(level))

    def _waiting(self, person_id: str) -> dict[str, int]:
        rows = self._database.read(
            "SELECT skill, max(level) AS level FROM skill_proposals"
            " WHERE person_id = ? AND answered_at IS NULL GROUP BY skill",
            (person_id,),
        )
        return {row["skill"]: row["level"] for row in rows}

    @staticmethod
    def _require_trainer(by: Person, person: Person) -> None:
        """Let through a trainer, but never about themselves."""
        require(by, Right.VALIDATE)
        if by.id == person.id:
            raise NotAllowedError("skills.not-yourself")


def _short(text: str) -> str:
    return clean_text(text)[:MOST_TEXT]
