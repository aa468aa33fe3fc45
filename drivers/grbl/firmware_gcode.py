"""The simulated board's G-code: a line and what holds from before, to orders in their order.

A refused line changes nothing. The rules of laser mode (`$32=1`) are those of grbl 1.1h, `gcode.c`:
rapids are dark, and with M3 a change of power without motion waits until the head stands still.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from drivers.grbl.firmware_arcs import Vector, arc_points, centre_by_offset, centre_by_radius
from drivers.grbl.firmware_words import (
    AXES_EXIST,
    AXIS_CONFLICT,
    MISSING_VALUE,
    NO_AXES,
    NO_AXES_IN_PLANE,
    NO_FEED,
    NO_OFFSETS,
    UNUSED_WORDS,
    Line,
    LineError,
)

RAPID, STRAIGHT, CLOCKWISE, COUNTER, NO_MOTION = 0.0, 1.0, 2.0, 3.0, 80.0
WORKING = frozenset({STRAIGHT, CLOCKWISE, COUNTER})
CONSTANT, DYNAMIC, OFF = 3.0, 4.0, 5.0
_PLANES: dict[float, tuple[int, int]] = {17.0: (0, 1), 18.0: (2, 0), 19.0: (1, 2)}
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Modal:
    """What holds from line to line."""

    motion: float = RAPID
    is_inch: bool = False
    is_relative: bool = False
    feed_mm_min: float = 0.0
    power_s: float = 0.0
    spindle: float = OFF
    coolant: float = 9.0
    offset: float = 54.0
    plane: float = 17.0
    g92_mm: Vector = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Go straight; None as feed is a rapid."""

    target_mm: Vector
    feed_mm_min: float | None
    power_s: float = 0.0
    scales_power: bool = False
    is_jog: bool = False


@dataclass(frozen=True, slots=True)
class Sync:
    """Wait for the end of motion; then the beam standing still is this (None: unchanged)."""

    lamp_s: float | None = None


@dataclass(frozen=True, slots=True)
class Dwell:
    """Wait for the end of motion, then as long as this."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Pause:
    """M0: hold until somebody resumes."""


@dataclass(frozen=True, slots=True)
class Say:
    """A remark, once motion has ended."""

    text: str


Order = Move | Sync | Dwell | Pause | Say


def interpret(line: Line, modal: Modal, planned_mm: Vector) -> tuple[Modal, list[Order]]:
    """Turn a line into what holds after it, and what is to be done.

    Args:
        line: its words.
        modal: what holds before it.
        planned_mm: where the head will be before it, machine coordinates.

    Raises:
        LineError: the line is refused as a whole.
    """
    new = _modes(line, modal)
    moves_by = _axis_command(line, new)
    _require_use(line, new, moves_by)
    orders = list(_beam_orders(line, modal, new, moves_by))
    if line.g.get("once") == 4.0:
        orders.append(Dwell(line.values["P"]))
    if moves_by == "G92":
        new = replace(new, g92_mm=_shifted(line, new, planned_mm))
    elif line.g.get("once") == 92.1:
        new = replace(new, g92_mm=(0.0, 0.0, 0.0))
    elif moves_by == "home":
        orders += _go_home(line, new, planned_mm)
    elif moves_by == "motion":
        orders += _motion(line, new, planned_mm)
    return _end(line, new, orders)


def jog(line: Line, modal: Modal, planned_mm: Vector) -> Move:
    """Turn the words of `$J=` into one dark move; nothing of them holds afterwards.

    Raises:
        LineError: no feed or no axis.
    """
    new = _modes(line, replace(modal, feed_mm_min=0.0, motion=STRAIGHT))
    if not line.axes:
        raise LineError(NO_AXES)
    if new.feed_mm_min <= 0:
        raise LineError(NO_FEED)
    target = _target(line, new, planned_mm)
    return Move(target_mm=target, feed_mm_min=new.feed_mm_min, is_jog=True)


def _modes(line: Line, modal: Modal) -> Modal:
    """Apply the words that hold."""
    units = line.g.get("units")
    is_inch = modal.is_inch if units is None else units == 20.0
    distance = line.g.get("distance")
    scale = _MM_PER_INCH if is_inch else 1.0
    feed = line.values.get("F")
    return replace(
        modal,
        is_inch=is_inch,
        is_relative=modal.is_relative if distance is None else distance == 91.0,
        feed_mm_min=modal.feed_mm_min if feed is None else feed * scale,
        power_s=line.values.get("S", modal.power_s),
        motion=line.g.get("motion", modal.motion),
        spindle=line.m.get("spindle", modal.spindle),
        coolant=line.m.get("coolant", modal.coolant),
        plane=line.g.get("plane", modal.plane),
        offset=line.g.get("offset", modal.offset),
    )


def _axis_command(line: Line, new: Modal) -> str:
    """Tell what the axis words are for; `gcode.c` steps 3 and 4."""
    once, named = line.g.get("once"), line.g.get("motion")
    if once in (28.0, 30.0, 92.0):
        if named is not None:
            raise LineError(AXIS_CONFLICT)
        if once == 92.0 and not line.axes:
            raise LineError(NO_AXES)
        return "G92" if once == 92.0 else "home"
    if once == 4.0 and "P" not in line.values:
        raise LineError(MISSING_VALUE)
    if named is None and not line.axes:
        return ""
    if new.motion == NO_MOTION:
        if line.axes:
            raise LineError(AXES_EXIST)
        return ""
    if new.motion in WORKING and new.feed_mm_min <= 0:
        raise LineError(NO_FEED)
    if new.motion in (CLOCKWISE, COUNTER):
        _require_arc_words(line, new)
    return "motion" if line.axes else ""


def _require_arc_words(line: Line, new: Modal) -> None:
    names = [("XYZ"[axis], "IJK"[axis]) for axis in _PLANES[new.plane]]
    if not line.axes:
        raise LineError(NO_AXES)
    if not any(axis in line.values for axis, _ in names):
        raise LineError(NO_AXES_IN_PLANE)
    if "R" not in line.values and not any(offset in line.values for _, offset in names):
        raise LineError(NO_OFFSETS)


def _require_use(line: Line, new: Modal, moves_by: str) -> None:
    """Refuse words that nothing on the line uses."""
    used = set("FSNT")
    if moves_by:
        used |= set("XYZ")
    if moves_by == "motion" and new.motion in (CLOCKWISE, COUNTER):
        used |= {"IJK"[axis] for axis in _PLANES[new.plane]} if "R" not in line.values else {"R"}
    if line.g.get("once") == 4.0:
        used.add("P")
    if line.values.keys() - used:
        raise LineError(UNUSED_WORDS)


def _beam_orders(line: Line, old: Modal, new: Modal, moves_by: str) -> Iterator[Order]:
    """Say when the beam and the air wait for the end of motion."""
    is_dark = new.motion not in WORKING
    lamp_s = 0.0 if is_dark or new.spindle != CONSTANT else new.power_s
    is_changed = new.power_s != old.power_s or is_dark != (old.motion not in WORKING)
    is_seen = is_changed and old.spindle == CONSTANT and moves_by != "motion"
    if new.spindle != old.spindle or is_seen:
        yield Sync(lamp_s)
    if "coolant" in line.m:
        yield Sync()


def _motion(line: Line, new: Modal, planned_mm: Vector) -> Iterator[Order]:
    target = _target(line, new, planned_mm)
    power_s = new.power_s if new.spindle != OFF else 0.0
    if new.motion == RAPID:
        yield Move(target_mm=target, feed_mm_min=None)
        return
    points = [target] if new.motion == STRAIGHT else _arc(line, new, planned_mm, target)
    for point in points:
        yield Move(
            target_mm=point,
            feed_mm_min=new.feed_mm_min,
            power_s=power_s,
            scales_power=new.spindle == DYNAMIC,
        )


def _arc(line: Line, new: Modal, start: Vector, target: Vector) -> list[Vector]:
    plane = _PLANES[new.plane]
    a, b = plane
    scale = _MM_PER_INCH if new.is_inch else 1.0
    is_clockwise = new.motion == CLOCKWISE
    flat_start, flat_target = (start[a], start[b]), (target[a], target[b])
    if "R" in line.values:
        radius = line.values["R"] * scale
        centre = centre_by_radius(flat_start, flat_target, radius, is_clockwise=is_clockwise)
    else:
        offset = (
            line.values.get("IJK"[a], 0.0) * scale,
            line.values.get("IJK"[b], 0.0) * scale,
        )
        centre = centre_by_offset(flat_start, flat_target, offset)
    return arc_points(start, target, centre, is_clockwise=is_clockwise, plane=plane)


def _target(line: Line, modal: Modal, planned_mm: Vector) -> Vector:
    """Give the target in machine coordinates; G53 ignores shift and G91."""
    scale = _MM_PER_INCH if modal.is_inch else 1.0
    is_machine = line.g.get("once") == 53.0
    values = []
    for axis, at, shift in zip("XYZ", planned_mm, modal.g92_mm, strict=True):
        if axis not in line.values:
            values.append(at)
            continue
        base = 0.0 if is_machine else (at if modal.is_relative else shift)
        values.append(base + line.values[axis] * scale)
    return (values[0], values[1], values[2])


def _shifted(line: Line, modal: Modal, planned_mm: Vector) -> Vector:
    scale = _MM_PER_INCH if modal.is_inch else 1.0
    x, y, z = (
        at - line.values[axis] * scale if axis in line.values else held
        for axis, at, held in zip("XYZ", planned_mm, modal.g92_mm, strict=True)
    )
    return (x, y, z)


def _go_home(line: Line, modal: Modal, planned_mm: Vector) -> Iterator[Order]:
    """G28 and G30: over the point that is named, to machine zero; this board stores no other."""
    target = _target(line, modal, planned_mm)
    if line.axes:
        yield Move(target_mm=target, feed_mm_min=None)
    x, y, z = (
        0.0 if axis in line.axes or not line.axes else at
        for axis, at in zip("XYZ", target, strict=True)
    )
    yield Move(target_mm=(x, y, z), feed_mm_min=None)


def _end(line: Line, new: Modal, orders: list[Order]) -> tuple[Modal, list[Order]]:
    """M0 holds; M2 and M30 bring back what holds at the start (`gcode.c` step 21)."""
    match line.m.get("program"):
        case 0.0:
            orders += [Sync(), Pause()]
        case 2.0 | 30.0:
            orders += [Sync(0.0), Say("[MSG:Pgm End]")]
            new = replace(
                new,
                motion=STRAIGHT,
                plane=17.0,
                is_relative=False,
                offset=54.0,
                spindle=OFF,
                coolant=9.0,
            )
        case _:
            pass
    return new, orders
