"""What people tried: which power and speed suit a material on one machine of the lab.

A trial is never changed, only followed by a newer one; each has a number, a name and a day. The
settings file gives the start, and stands where its own version is higher.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import FileError, NotFoundError
from fablab_hub.core.fitting import MisfitError, fitted
from fablab_hub.core.ids import new_id
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material, OnMachine, OperationKind, Preset
from fablab_hub.core.people import Person, Right, require
from fablab_hub.core.settings import Settings

_SELECT = (
    "SELECT calibrations.*, people.name FROM calibrations"
    " JOIN people ON people.id = calibrations.made_by"
    " WHERE machine_id = ? AND material_id = ? ORDER BY version, calibrations.id"
)
_MOST_NOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One trial.

    Attributes:
        operation: that was tried.
        preset: what came out right; it knows its version, who tried it and when.
        kerf_mm: width of the cut, where it was measured.
        note: in their own words.
        made_at: when it was kept.
    """

    operation: OperationKind
    preset: Preset
    kerf_mm: float | None
    note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CardMade:
    """The squares of a test card: powers (0..1) of its columns, speeds of its rows."""

    powers: tuple[float, ...]
    feeds_mm_min: tuple[float, ...]


class Calibrations:
    """Keeps trials, and gives materials as they were last tried."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    def history(self, machine_id: str, material_id: str) -> list[Calibration]:
        """List the trials of a material on a machine, the newest first."""
        rows = self._database.read(_SELECT, (machine_id, material_id))
        return [_calibration(row) for row in reversed(rows)]

    def tried(self, machine_id: str, material_id: str | None) -> OnMachine:
        """Give what was last tried of each operation."""
        if material_id is None:
            return OnMachine()
        # Older ones first: the newest of each operation stands in the end.
        rows = list(reversed(self.history(machine_id, material_id)))
        presets = {row.operation.value: row.preset for row in rows}
        kerfs = [row.kerf_mm for row in rows if row.kerf_mm is not None]
        return OnMachine(kerf_mm=kerfs[-1] if kerfs else None, **presets)

    def last_card(
        self, machine_id: str, material_id: str, operation: OperationKind
    ) -> CardMade | None:
        """Give what the squares of the newest test card were; None where none was made."""
        row = self._database.read_one(
            "SELECT json_extract(options, '$.test_card') AS card FROM jobs"
            " WHERE machine_id = ? AND material_id = ?"
            " AND json_extract(options, '$.test_card.operation') = ? ORDER BY id DESC LIMIT 1",
            (machine_id, material_id, operation.value),
        )
        if row is None:
            return None
        card = json.loads(row["card"])
        return CardMade(tuple(card["powers"]), tuple(card["feeds_mm_min"]))

    def material(self, machine_id: str, material_id: str) -> Material:
        """Give a material as it is worked on a machine today.

        Raises:
            NotFoundError: the lab does not have it.
        """
        material = self._settings.materials.get(material_id)
        if material is None:
            raise NotFoundError("job.unknown-material")
        tried = material.tried_on(machine_id, self.tried(machine_id, material_id))
        return tried.on_machine(machine_id)

    async def keep(
        self,
        by: Person,
        machine_id: str,
        material_id: str,
        operation: OperationKind,
        values: Mapping[str, Any],
        kerf_mm: float | None = None,
        note: str = "",
    ) -> Calibration:
        """Keep what somebody tried; jobs that are checked from now on are made with it.

        Args:
            by: who tried it, with the right to say so.
            machine_id: where.
            material_id: on what.
            operation: that was tried.
            values: `power`, `feed_mm_min` and whatever else a `Preset` has.
            kerf_mm: width of the cut, where it was measured.
            note: in their own words.

        Raises:
            FileError: beyond what the machine can do (`calibration.impossible`), or the material
                must never be burnt (`job.material-forbidden`).
            NotAllowedError: it is not for them to say.
            NotFoundError: no such laser, or no such material.
        """
        require(by, Right.CALIBRATE)
        machine = self._laser(machine_id)
        material = self.material(machine_id, material_id)
        if material.is_forbidden:
            raise FileError(
                "job.material-forbidden",
                material=material.name.text(by.language),
                reason=material.reason.text(by.language) if material.reason else "",
            )
        now = self._clock.now()
        kerf_mm = _kerf(machine, kerf_mm)
        tried = _preset(machine, values)

        def act(tables: Tables) -> Calibration:
            version = _next_version(tables, machine_id, material_id, operation, material)
            row: Row = {
                "id": new_id(now), "machine_id": machine_id, "material_id": material_id,
                "operation": operation.value, "version": version, "power": tried.power,
                "feed_mm_min": tried.feed_mm_min, "passes": tried.passes, "air": int(tried.air),
                "line_mm": tried.line_mm, "least_power": tried.least_power, "kerf_mm": kerf_mm,
                "note": note.strip()[:_MOST_NOTE], "made_by": by.id, "made_at": utc_text(now),
            }  # fmt: skip
            tables["calibrations"].insert(row)  # type: ignore[union-attr]
            journal.append(
                tables, now, journal.person(by.id), "material.calibrate",
                f"machine:{machine_id}",
                {
                    "material": material_id, "operation": operation.value, "version": version,
                    "power": tried.power, "feed_mm_min": tried.feed_mm_min,
                    "passes": tried.passes,
                },
            )  # fmt: skip
            return _calibration({**row, "name": by.name})

        return await self._database.write(act)

    def _laser(self, machine_id: str) -> Machine:
        machine = self._settings.machines.get(machine_id)
        if machine is None or machine.laser is None:
            raise NotFoundError("machine.unknown")
        return machine


def _preset(machine: Machine, values: Mapping[str, Any]) -> Preset:
    """Make a preset of what was typed, within what the machine can do."""
    most_power = machine.laser.max_power if machine.laser else 0.0
    try:
        preset = fitted(Preset, dict(values))
    except MisfitError as error:
        raise _impossible(machine) from error
    if preset.power > most_power or preset.feed_mm_min > machine.max_feed_mm_min:
        raise _impossible(machine)
    return preset


def _kerf(machine: Machine, kerf_mm: float | None) -> float | None:
    try:
        return fitted(OnMachine, {} if kerf_mm is None else {"kerf_mm": kerf_mm}).kerf_mm
    except MisfitError as error:
        raise _impossible(machine) from error


def _impossible(machine: Machine) -> FileError:
    most_power = machine.laser.max_power if machine.laser else 0.0
    return FileError(
        "calibration.impossible",
        percent=int(most_power * 100),
        feed=int(machine.max_feed_mm_min),
    )


def _next_version(
    tables: Tables, machine_id: str, material_id: str, kind: OperationKind, material: Material
) -> int:
    row = tables.execute(
        "SELECT max(version) FROM calibrations"
        " WHERE machine_id = ? AND material_id = ? AND operation = ?",
        [machine_id, material_id, kind.value],
    ).fetchone()
    before = material.preset(kind)
    return max(int(row[0] or 0), before.version if before else 0) + 1


def _calibration(row: Row) -> Calibration:
    made_at = read_utc(row["made_at"])
    return Calibration(
        operation=OperationKind(row["operation"]),
        preset=Preset(
            power=row["power"],
            feed_mm_min=row["feed_mm_min"],
            passes=row["passes"],
            air=bool(row["air"]),
            line_mm=row["line_mm"],
            least_power=row["least_power"],
            version=row["version"],
            calibrated_by=row["name"],
            calibrated_on=f"{made_at:%Y-%m-%d}",
        ),
        kerf_mm=row["kerf_mm"],
        note=row["note"],
        made_at=made_at,
    )
