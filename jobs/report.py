"""The report: everything a check found out about one file, for one machine.

The same object is shown by `fablab-hub check`, the web page and the API. A finding keeps its
rule and its facts; its sentences are made when it is shown, in the reader's language.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.programs import Mark
from jobs.toolpath.groups import LineGroup


class Verdict(StrEnum):
    """What may happen to the file now."""

    ACCEPTED = "accepted"
    NEEDS_APPROVAL = "needs_approval"
    REFUSED = "refused"


class Severity(StrEnum):
    """What one finding does to the verdict."""

    REFUSE = "refuse"
    ASK = "ask"
    ADVISE = "advise"


class FileKind(StrEnum):
    """What the file is, by its bytes rather than by its name."""

    GCODE = "gcode"
    DXF = "dxf"
    SVG = "svg"
    IMAGE = "image"

    @property
    def is_drawing(self) -> bool:
        """Tell whether it has to become a program first."""
        return self is not FileKind.GCODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """One spot of a file: a line of a program, or a place of a drawing.

    Attributes:
        line: 1-based line of a program.
        layer: layer of a drawing's entity.
        handle: the entity's handle in the drawing's own file.
        at_mm: X, Y on the bed.
    """

    line: int | None = None
    layer: str | None = None
    handle: str | None = None
    at_mm: Point | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark: which rule, how often, where, and the facts its sentence names.

    Attributes:
        rule: id of a row of `jobs.checks.rules`.
        severity: the rule's, after the lab raised or lowered it.
        count: how often it occurs; `where` names the first few.
        facts: named values for the message and the remedy.
    """

    rule: str
    severity: Severity
    count: int = 1
    where: tuple[Where, ...] = ()
    facts: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was measured. `None`: does not apply to this kind of file.

    Attributes:
        bounds_mm: of motion that does something (beam on, extruding), machine coordinates.
        travel_bounds_mm: of every motion.
        duration_s: estimated time of the run, heating included.
        heating_s: part of it that is waiting for heaters.
        max_power: largest power asked for, 0..1.
        line_energy_j_mm: most energy that the beam puts into one millimetre.
        first_layer_mm: where the lowest layer of a print lies.
    """

    bounds_mm: Box | None = None
    travel_bounds_mm: Box | None = None
    duration_s: float = 0.0
    heating_s: float | None = None
    travel_mm: float = 0.0
    cut_mm: float | None = None
    engrave_mm: float | None = None
    filament_mm: float | None = None
    filament_g: float | None = None
    layers: int | None = None
    lines: int = 0
    max_feed_mm_min: float = 0.0
    max_power: float | None = None
    line_energy_j_mm: float | None = None
    first_layer_mm: Box | None = None
    max_nozzle_c: float | None = None
    max_bed_c: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """The file that the report is about."""

    name: str
    sha256: str
    bytes: int
    kind: FileKind
    dialect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairShown:
    """A repair that was done, or that would help.

    Attributes:
        id: of a row of `jobs.repairs.table`.
        rule: that it settles.
        count: how many places it changes.
        is_done: it was asked for, and done.
        before, after: small pictures of one place, SVG; empty where there is nothing to show.
    """

    id: str
    rule: str = ""
    count: int = 0
    is_done: bool = False
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingShown:
    """What a person may still decide about a drawing.

    Attributes:
        writer: the program that made it; `""` where the file does not tell.
        unit: what one drawing unit was taken for; None where the page says its own size.
        scale_mm: millimetres in a drawing unit.
        lines: every group of lines, and what is done with it.
        repairs: done, and offered.
        used_mm: of the sheet: left, front, right and back edge of each part of it.
    """

    writer: str = ""
    unit: str | None = None
    scale_mm: float = 1.0
    lines: tuple[LineGroup, ...] = ()
    repairs: tuple[RepairShown, ...] = ()
    used_mm: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A verdict with its reasons.

    Attributes:
        drawing: what there is to decide; None for a program.
        program_sha256: of the canonical program that the agent may stream; None when refused.
        program_lines: its number of lines.
        program_marks: where it stands after how long, for progress and remaining time.
    """

    file: CheckedFile
    verdict: Verdict
    findings: tuple[Finding, ...]
    facts: Facts
    drawing: DrawingShown | None = None
    program_sha256: str | None = None
    program_lines: int = 0
    program_marks: tuple[Mark, ...] = ()


def verdict_of(findings: tuple[Finding, ...]) -> Verdict:
    """Give the verdict that the worst finding asks for."""
    severities = {finding.severity for finding in findings}
    if Severity.REFUSE in severities:
        return Verdict.REFUSED
    return Verdict.NEEDS_APPROVAL if Severity.ASK in severities else Verdict.ACCEPTED
