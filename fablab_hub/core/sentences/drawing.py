"""What people are told when a drawing cannot be read, or not for this machine."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

_SIMPLER = N_("Save a simpler drawing: fewer points, or only the part you want to make.")

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        "drawing.empty": ErrorText(
            N_("This file is empty."),
            N_("Save it again from your drawing program. Was the USB key pulled out too early?"),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.not-a-dxf": ErrorText(
            N_("This is not a DXF drawing, even if its name says so."),
            N_("Open it in your drawing program, then save or export it as DXF."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.broken": ErrorText(
            N_("This DXF drawing is damaged. It cannot be read."),
            N_("Open it in your drawing program. Save it again as DXF (version R12 or 2010)."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.too-large": ErrorText(
            N_("This drawing is too large: {max_mb} MB at most."),
            _SIMPLER,
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.too-heavy": ErrorText(
            N_("This drawing has too many lines for the hub."),
            _SIMPLER,
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.too-many-entities": ErrorText(
            N_("There are too many things in this drawing: {max} at most."),
            _SIMPLER,
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.too-many-points": ErrorText(
            N_("There are too many points in this drawing: {max} at most."),
            _SIMPLER,
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.wrong-machine": ErrorText(
            N_("A drawing is for the laser. A 3D printer needs a G-code file."),
            N_("Choose the laser. Or make a G-code file with a slicer."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.not-an-svg": ErrorText(
            N_("This is not an SVG drawing, even if its name says so."),
            N_("Open it in your drawing program, then save it as SVG or as DXF."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.broken-svg": ErrorText(
            N_("This SVG drawing is damaged. It cannot be read."),
            N_("Open it in Inkscape. Save it again as plain SVG."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.bad-image": ErrorText(
            N_("A picture in this drawing cannot be read, or is too large."),
            N_("Make the picture smaller. Save it as PNG or JPEG."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.too-many-rows": ErrorText(
            N_("A filled area is too large to be engraved so finely."),
            N_("Make the area smaller, or draw only its outline."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "drawing.no-preset": ErrorText(
            N_("The lab has no setting for this work on this material."),
            N_("Choose another material."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
    }
)
"""By code."""
