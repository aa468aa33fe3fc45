"""RepRapFirmware 3 (Duet boards): the printers' table, where it means the same, and its own.

Sources: the G-code dictionary of the Duet documentation, and `StringParser.cpp` of RepRapFirmware
3.5 for its meta-commands. Those (`if`, `while`, `set`, `echo >"file"`) make a program that no check
can follow, and write files of the system: all are refused, and so is every `{expression}`, which
the reader of lines does not take for a number.
"""

from dataclasses import replace

from fablab_hub.gcode.dialects.marlin import MARLIN, PRINTER_TABLE
from fablab_hub.gcode.dialects.table import (
    ANY,
    Reason,
    allow,
    ask,
    drop,
    numbered,
    refuse,
    table,
    without,
)
from fablab_hub.gcode.words import Syntax

_META = "IF ELIF ELSE WHILE BREAK CONTINUE VAR GLOBAL SET ECHO ABORT"

# Numbers that Duet boards read in a way of their own, or that have rows below.
_OWN = " ".join([
    "G10 M0 M25 M116 M120 M121 M200 M201 M203 M205 M206 M226 M291 M292 M301 M303 M304 M305 M350",
    "M500 M501 M502 M503 M504 M540 M552 M553 M554 M555 M569 M572 M575 M591 M593 M600 M601 M665",
    "M666 M672 M851 M906 M911 M912 M913 M914 M915 M916 M917 M918 M929 M207 M208 M209 M306 M309",
    numbered("M", (36, 39)),
])  # fmt: skip

REPRAPFIRMWARE = replace(
    MARLIN,
    name="reprapfirmware",
    syntax=Syntax(
        has_names=True,
        text_commands=MARLIN.syntax.text_commands
        | frozenset(
            {
                "M36",
                "M38",
                "M39",
                "M98",
                "M291",
                "M292",
                "M471",
                "M472",
                "M550",
                "M551",
                "M559",
                "M560",
                "M586",
                "M587",
                "M588",
            }
        ),  # fmt: skip,
    ),
    commands=table(
        without(_OWN, *PRINTER_TABLE),
        allow("G10", "PSR"),
        allow("M116", "PHCS"),
        allow("M566", "XYZEP"),
        ask(Reason.NEEDS_PERSON, "M0 M25 M226 M600 M601", ANY),
        ask(Reason.OTHER_TOOL, "M585", ANY),
        drop("M201 M203 M205 M207 M208 M572 M591 M593 M555 M209 M569"),
        refuse(Reason.META_COMMAND, f"{_META} M120 M121 M291 M292"),
        refuse(Reason.FILES, f"M98 M99 M540 {numbered('M', (36, 39), (470, 472), (559, 560))}"),
        refuse(Reason.PROTECTION, "M143 M562 M564 M570"),
        refuse(Reason.CALIBRATION, "M303"),
        refuse(
            Reason.SETTINGS,
            "M200 M206 M301 M304 M305 M306 M307 M309 M350 M374 M375 M376 M563 M567 M568 M571 M573 "
            "M574 M584 M606 M672 M851 M929 "
            + numbered("M", (451, 453), (500, 505), (550, 554), (556, 556), (575, 583))
            + " "
            + numbered("M", (586, 590), (592, 592), (594, 599), (665, 671), (673, 674))
            + " "
            + numbered("M", (905, 906), (911, 918), (950, 957)),
        ),
        refuse(Reason.MACHINE_POSITION, "G68 G69"),
    ),
    distance_covers_extruder=False,
    takes_one_command=False,
    sets_tools_with_g10=True,
    speed_limits_per_min=True,
    max_line_chars=200,
)
