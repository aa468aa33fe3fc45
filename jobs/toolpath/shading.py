"""How the greys of a picture are engraved."""

from enum import StrEnum


class Shading(StrEnum):
    """Black dots, close together where it is dark; or more power where it is darker."""

    DOTS = "dots"
    GREY = "grey"
