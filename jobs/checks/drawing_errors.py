"""The errors of reading drawings, and their sentences."""

from collections.abc import Mapping
from types import MappingProxyType

from fablab_hub.core.errors import ErrorText
from fablab_hub.core.i18n.words import N_

_SAVE_AS_DXF = N_("Open your drawing in your drawing program, and save it as DXF once more.")
_SIMPLER = N_("Save it in a simpler form, or in several parts. A trainer can help.")

TEXTS: Mapping[str, ErrorText] = MappingProxyType({
    "drawing.empty": ErrorText(
        N_("This drawing is empty: the file has nothing in it."),
        N_("Save it again from your drawing program. Was the USB key pulled out too early?"),
    ),
    "drawing.not-a-dxf": ErrorText(
        N_("This file is no DXF drawing, whatever its name says. Nothing is broken."),
        _SAVE_AS_DXF,
    ),
    "drawing.broken": ErrorText(
        N_("This drawing is damaged, and we cannot read it. The laser is fine."),
        _SAVE_AS_DXF,
    ),
    "drawing.too-large": ErrorText(
        N_("This drawing is too large to read: more than {max_mb} MB. Nothing is broken."),
        _SIMPLER,
    ),
    "drawing.too-many-entities": ErrorText(
        N_("There are more than {max} lines and shapes in this drawing. That is too much to read."),
        _SIMPLER,
    ),
    "drawing.too-many-points": ErrorText(
        N_("The curves of this drawing have more than {max} points. That is too much to read."),
        _SIMPLER,
    ),
    "drawing.wrong-machine": ErrorText(
        N_("“{machine}” cannot make a drawing. Drawings are for the laser."),
        N_("Choose the laser. For a 3D printer, send the G-code from your slicer."),
    ),
})  # fmt: skip
"""Sentences by error code; `core.error_texts` takes them in."""
