"""Marlin 2 and its relatives on printers (Prusa's firmware for the MK3 among them).

Sources: the G-code index of the Marlin documentation, and "G-code" of the RepRap wiki for what
other firmwares mean by the same number. Slicers write some commands that change the machine
(`M201`, `M203`, `M205`, `M907`) or question it (`M862`, `M115`) into every file: these are left
out, so that a genuine file prints and the machine stays as the lab set it.

On purpose milder than a plain list of dangers: `M302` (cold extrusion), `M569` and `M593` are left
out instead of refused, for what is left out cannot harm; `M420` may switch a stored mesh on, and
only that; `M900` passes, as every Prusa file has it. Stricter: `M211` is refused even when it
switches the end stops on, and `G5` is asked about, as few boards are built with it. A `D` code is
no command to the reader of lines, which refuses it as unreadable.
"""

from fablab_hub.core.machines import MachineKind
from fablab_hub.gcode.dialects.table import (
    ANY,
    Dialect,
    Group,
    Policy,
    Reason,
    Row,
    allow,
    ask,
    drop,
    refuse,
    table,
)
from fablab_hub.gcode.words import Syntax

PRINTER_TABLE = (
    # motion
    allow("G0 G1", "XYZEF", Group.MOTION),
    allow("G2 G3", "XYZIJREFP", Group.MOTION),
    allow("G4", "PS"),
    ask(Reason.UNFAMILIAR_COMMAND, "G5", "XYZEFIJPQS"),
    allow("G10 G11", "S"),
    allow("G17 G21 G90 G91 M82 M83 M400"),
    allow("G27", "P"),
    allow("G28", "XYZOLRW"),
    allow("G29 G80", ANY),
    allow("G92", "XYZE"),
    allow("T0"),
    allow("M17", "XYZE"),
    allow("M18 M84", "XYZES"),
    allow("M204", "PRTS"),
    allow("M220 M221", "SBRT"),
    allow("M900", "KLST"),
    allow("M420", "SZ"),
    allow("M555", "XYWH"),
    # heat and air
    allow("M104 M109", "SRT"),
    allow("M140 M190", "SRT"),
    allow("M141 M191", "SR"),
    allow("M106", "SPIT"),
    allow("M107", "P"),
    # screen and sound
    allow("M73", "PRQSCD"),
    allow("M75 M76 M77"),
    allow("M300", "SP"),
    # a person has to be there, or has to look
    ask(Reason.NEEDS_PERSON, "M0 M1 M25 M125 M600 M601 M602 M603 M701 M702", ANY),
    ask(Reason.TEST_PRINT, "G26", ANY),
    ask(Reason.SPINDLE_ON_PRINTER, "M3 M4 M5", ANY),
    ask(Reason.OTHER_TOOL, "T"),
    # what the lab set stays as it is; talk to a screen or a host is no part of the print
    drop("M105 M110 M113 M114 M115 M117 M118 M119 M155 M31 M78 M486 M862 M862.1 M862.2 M862.3"),
    drop("M862.4 M862.5 M862.6 M201 M203 M205 M572 M593 M907 M74 M250 M150 M355 M142"),
    drop("M302 M412 M413 M569 M591 G40 G49 G94 M202 M207 M208 M209"),
    refuse(Reason.INCHES, "G20"),
    refuse(Reason.MACHINE_POSITION, "G53 G54 G55 G56 G57 G58 G59 G59.1 G59.2 G59.3"),
    refuse(Reason.PROBE, "G30 G31 G32 G38.2 G38.3 G38.4 G38.5 M401 M402"),
    refuse(Reason.CALIBRATION, "G33 G34 G35 G76 G425 M48 M303 M306 M600.1 M871"),
    refuse(Reason.SETTINGS, "M92 M200 M206 M218 M301 M304 M305 M309 M350 M351 M421 M425 M428"),
    refuse(Reason.SETTINGS, "M500 M501 M502 M503 M504 M575 M665 M666 M672 M851 M852"),
    refuse(Reason.SETTINGS, "M906 M908 M909 M910 M911 M912 M913 M914 M915 M919 M422 M423 M145"),
    # M149 changes what a degree is; M217 how tools change; M916 to M918 try the motors out.
    refuse(Reason.SETTINGS, "M149 M217 M916 M917 M918"),
    refuse(Reason.SETTINGS, "M510 M511 M512 M552 M553 M554 M808 M810 M811 M812 M813 M814 M815"),
    refuse(Reason.SETTINGS, "M816 M817 M818 M819 M860 M861 M863 M864 M865 M866 M867 M868 M869"),
    refuse(Reason.FILES, "M20 M21 M22 M23 M24 M26 M27 M28 M29 M30 M32 M33 M34 M524 M540 M928"),
    refuse(Reason.PROTECTION, "M120 M121 M211"),
    refuse(
        Reason.PINS, "M42 M43 M126 M127 M128 M129 M226 M240 M256 M260 M261 M280 M281 M282 M672.1"
    ),
    refuse(
        Reason.FIRMWARE, "M80 M81 M85 M108 M111 M410 M112 M485 M876 M936 M993 M994 M995 M997 M999"
    ),
)
"""What Marlin, Klipper and RepRapFirmware agree about closely enough to judge alike."""

_TEXT_COMMANDS = frozenset({
    "M0", "M1", "M16", "M20", "M23", "M28", "M30", "M32", "M33", "M115", "M117", "M118", "M485",
    "M486", "M1002", "M862", "M862.1", "M862.2", "M862.3", "M862.4", "M862.5", "M862.6", "M928",
    "M810", "M811", "M812", "M813", "M814", "M815", "M816", "M817", "M818", "M819",
})  # fmt: skip

MARLIN = Dialect(
    name="marlin",
    kind=MachineKind.PRINTER,
    syntax=Syntax(
        has_names=True,
        text_commands=_TEXT_COMMANDS,
    ),
    commands=table(*PRINTER_TABLE),
    unknown=Row(Policy.ASK, Reason.UNFAMILIAR_COMMAND, ANY),
    takes_one_command=True,  # the rest of the line is read as words of the first
    max_line_chars=80,  # MAX_CMD_SIZE 96, less line number and checksum
    dwell_p_s=0.001,
)
