"""GRBL 1.1 in laser mode (`$32=1`), and grblHAL and FluidNC, which read the same.

Sources: the GRBL 1.1 wiki ("Commands", "Laser Mode", "Supported G-codes") and `gcode.c` of 1.1h.

On purpose wider than what a laser strictly needs: `G61`, `G91.1`, `G40`, `G49` and `G94` only say
what always holds, and `G92.1` only undoes `G92`. `G4` passes while the beam is dark.
"""

from fablab_hub.core.machines import MachineKind
from fablab_hub.gcode.dialects.table import (
    Dialect,
    Group,
    Policy,
    Reason,
    Row,
    allow,
    ask,
    refuse,
    table,
)
from fablab_hub.gcode.words import Syntax

GRBL = Dialect(
    name="grbl",
    kind=MachineKind.LASER,
    syntax=Syntax(has_paren_comments=True, joins_spaces=True),
    commands=table(
        allow("G0 G1", "XYZFS", Group.MOTION),
        allow("G2 G3", "XYZIJKRFS", Group.MOTION),
        allow("G80", "", Group.MOTION),
        allow("F", "F", Group.FEED),
        allow("S", "S", Group.POWER),
        allow("G4", "P", Group.DWELL),
        allow("G17", "", Group.PLANE),
        allow("G20 G21", "", Group.UNITS),
        allow("G90 G91", "", Group.DISTANCE),
        allow("G91.1", "", Group.ARC_DISTANCE),
        allow("G94", "", Group.FEED_MODE),
        allow("G40", "", Group.CUTTER),
        allow("G49", "", Group.LENGTH),
        allow("G54", "", Group.WORK_OFFSET),
        allow("G61", "", Group.PATH),
        # M4 follows the speed: no burnt corners, and dark when nothing moves.
        allow("M4 M5", "S", Group.SPINDLE),
        allow("M8 M9", "", Group.COOLANT),
        allow("M2 M30", "", Group.END),
        ask(Reason.CONSTANT_POWER, "M3", "S", Group.SPINDLE),
        ask(Reason.MIST, "M7", "", Group.COOLANT),
        ask(Reason.NEEDS_PERSON, "M0 M1", "", Group.END),
        ask(Reason.OTHER_PLANE, "G18 G19", "", Group.PLANE),
        ask(Reason.SHIFTED_ORIGIN, "G55 G56 G57 G58 G59", "", Group.WORK_OFFSET),
        ask(Reason.SHIFTED_ORIGIN, "G92", "XYZ", Group.NON_MODAL),
        ask(Reason.SHIFTED_ORIGIN, "G92.1", "", Group.NON_MODAL),
        ask(Reason.STORED_PLACE, "G28 G30", "XYZ", Group.NON_MODAL),
        # Kept in the board's memory for every job that follows.
        refuse(Reason.ORIGIN_STORED, "G10 G28.1 G30.1", Group.NON_MODAL),
        refuse(Reason.MACHINE_POSITION, "G53", Group.NON_MODAL),
        refuse(Reason.PROBE, "G38.2 G38.3 G38.4 G38.5", Group.MOTION),
        refuse(Reason.FEED_MODE, "G93", Group.FEED_MODE),
        refuse(Reason.FEED_MODE, "G95", Group.FEED_MODE),
        refuse(Reason.SETTINGS, "M56"),
        refuse(Reason.MILLING, "G43.1", Group.LENGTH),
        refuse(Reason.MILLING, "G41 G42 G43 G81 G82 G83 G84 G85 G86 G87 G88 G89"),
        refuse(Reason.MILLING, "T M6", Group.TOOL),
    ),
    unknown=Row(Policy.REFUSE, Reason.UNKNOWN_COMMAND),
    runs_blocks=True,
    max_line_chars=79,  # LINE_BUFFER_SIZE 80, with its final zero
    dwell_p_s=1.0,
)
