"""What people are told when a file is not G-code, or more of it than can be read."""

from collections.abc import Mapping
from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

_RIGHT_FILE = N_("Save the G-code from your software and send that file.")

TEXTS: Mapping[str, ErrorText] = MappingProxyType({
    "check.too-large": ErrorText(
        N_("This file is too large to check: more than {max_mb} MB."),
        N_("Save it with less detail, or in several parts."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.too-many-lines": ErrorText(
        N_("There is too much in this file to check: more than {max} lines or moves."),
        N_("Save it with less detail, or in several parts."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.long-line": ErrorText(
        N_("One line of this file is longer than {max_kb} kB. That is not usual G-code."),
        _RIGHT_FILE,
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.wrong-kind": ErrorText(
        N_("The machine “{machine}” is set up wrong: its kind and its dialect do not match."),
        N_("The settings file must be corrected."),
        Harm.NOT_STARTED,
        Helper.MANAGER,
    ),
    "check.unknown-dialect": ErrorText(
        N_("There is no table of commands for “{found}”. Known are: {known}."),
        N_("Correct “dialect” in the settings of this machine."),
        Harm.NOT_STARTED,
        Helper.MANAGER,
    ),
    "check.not-gcode-empty": ErrorText(
        N_("This file is empty."),
        N_("Save it again from your software. Take the USB key out gently."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-binary-gcode": ErrorText(
        N_("This is binary G-code (.bgcode). The hub cannot look inside it yet."),
        N_("In PrusaSlicer, switch “binary G-code” off in the printer settings. Then save again."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-lfs-pointer": ErrorText(
        N_("This is only a pointer to a file on GitHub, not the file itself."),
        N_("Download the file with the “Download raw file” button."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-archive": ErrorText(
        N_("This is a packed file, such as ZIP or 3MF, not G-code."),
        _RIGHT_FILE,
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-image": ErrorText(
        N_("This is a picture, not G-code."),
        N_("Open the picture in your software, and save the G-code from there."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-pdf": ErrorText(
        N_("This is a PDF, not G-code."),
        N_("Open the drawing in your software, and save the G-code from there."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-netcdf": ErrorText(
        N_("This is a file of measurements (netCDF or HDF), not G-code."),
        _RIGHT_FILE,
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-binary": ErrorText(
        N_("This file is not text, so it is not G-code."),
        _RIGHT_FILE,
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-drill": ErrorText(
        N_("This is a drill file for circuit boards (Excellon), not G-code."),
        N_("Open it in your circuit board software, and save the G-code from there."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-markup": ErrorText(
        N_("This is a web page or an SVG drawing, not G-code."),
        N_("If it came from a website, use the site's download button."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-model": ErrorText(
        N_("This is a 3D model (STL), not G-code."),
        N_("Open it in your slicer, choose the printer, and save the G-code."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-settings": ErrorText(
        N_("This file only holds settings of a machine. There is nothing to make in it."),
        _RIGHT_FILE,
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.not-gcode-text": ErrorText(
        N_("This is text, but not G-code."),
        _RIGHT_FILE,
        Harm.NOTHING,
        Helper.TRAINER,
    ),
})  # fmt: skip
