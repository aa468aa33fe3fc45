"""What layers, colours and line types of a drawing mean: the lab's convention, as tables.

Sources: layer names and colours that people really use, counted over 820 drawings of makers'
projects in French and English; names of layers that box generators and CAD exports write.
"""

import colorsys
import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from fablab_hub.core.materials import OperationKind
from jobs.geometry.path import Drawn, Path

_CUT, _SCORE, _ENGRAVE = OperationKind.CUT, OperationKind.SCORE, OperationKind.ENGRAVE
_FILL = OperationKind.FILL


class Colour(StrEnum):
    """A colour as people name it; greys count as black, and so does the white pen of CAD."""

    RED = "red"
    BLUE = "blue"
    GREEN = "green"
    BLACK = "black"
    OTHER = "other"


def _words(kind: OperationKind, names: str) -> Mapping[str, OperationKind]:
    return dict.fromkeys(names.split(), kind)


_VERBS = MappingProxyType({
    **_words(_CUT, "cut cutting cutout cutline coupe couper decoupe decouper decoupage cutpath"),
    **_words(_SCORE, "score scoring fold folding bend crease pli plis plier pliage rainage"),
    **_words(_ENGRAVE, "engrave engraving engraved etch etching etched mark marking marked "
             "gravure graver grave marquage marquer marque"),
    **_words(_FILL, "fill filled raster remplir remplissage plein hachure hachures"),
})  # fmt: skip
_NOUNS = MappingProxyType({
    **_words(_CUT, "outline outlines perimeter perimetre contour profile profil outer outside "
             "inner inside interior exterior exterieur interieur hole trou drill percage"),
    **_words(_ENGRAVE, "label text texte silk silkscreen silks etiquette"),
})  # fmt: skip
_LEFT_OUT_NAMES = (
    "dimension dim cote cotation construction defpoints hidden note comment commentaire "
    "annotation axes axe axis cartouche titleblock viewport viewports "
    "bend+extent no+cut nocut not+cut pas+couper ne+couper"
)
_LEFT_OUT = tuple(frozenset(name.split("+")) for name in _LEFT_OUT_NAMES.split())
_DASHED = (
    "DASH", "HIDDEN", "CENTER", "PHANTOM", "DOT", "DIVIDE", "BORDER", "ACAD_ISO", "JIS_",
    "TRAIT", "CACHE", "POINTILLE", "STRICHLINIE", "VERDECKT",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """How a drawing says what to do with a line.

    Layer words come first, then dashes, then colours; what says nothing is cut. Words are
    compared without accents, case and plural.

    Attributes:
        verbs: words of a layer's name that say what is done.
        nouns: words that only hint at it; a verb in the same name wins.
        left_out: words that together say that a layer is not to be made.
        dashed: beginnings of line types that are for people's eyes only. A dashed line on a
            layer with a word of its own is made all the same.
        colours: meaning of a colour, where a drawing tells its lines apart by colour.
        cut_colours: the first of them that occurs is what is cut; without any of them colours
            mean nothing in this drawing.
        stated: what the lab says of colours, by their names or as `#rrggbb`; it always holds.
            None: left out.
    """

    verbs: Mapping[str, OperationKind] = field(default_factory=lambda: _VERBS)
    nouns: Mapping[str, OperationKind] = field(default_factory=lambda: _NOUNS)
    left_out: tuple[frozenset[str], ...] = _LEFT_OUT
    dashed: tuple[str, ...] = _DASHED
    colours: Mapping[Colour, OperationKind] = field(
        default_factory=lambda: MappingProxyType(
            {Colour.BLUE: _SCORE, Colour.GREEN: _ENGRAVE, Colour.BLACK: _ENGRAVE}
        )
    )
    cut_colours: tuple[Colour, ...] = (Colour.RED, Colour.BLACK)
    stated: Mapping[str, OperationKind | None] = field(default_factory=lambda: MappingProxyType({}))

    def leaves_out(self, path: Path) -> bool:
        """Tell whether a path is only for people's eyes: by its layer's name, or its dashes."""
        if self.is_for_people(path.layer):
            return True
        return path.linetype.startswith(self.dashed) and self.kind_of_layer(path.layer) is None

    def is_for_people(self, layer: str) -> bool:
        """Tell whether a layer's name says that it is not to be made."""
        words = words_of(layer)
        return any(names <= words for names in self.left_out)

    def kind_of_layer(self, layer: str) -> OperationKind | None:
        """Give what a layer's name says; the gentlest where it says two things."""
        words = words_of(layer)
        for table in (self.verbs, self.nouns):
            said = {table[word] for word in words if word in table}
            for kind in (_ENGRAVE, _FILL, _SCORE, _CUT):
                if kind in said:
                    return kind
        return None

    def kind_of_shape(
        self, drawn: Drawn, colour: Colour, *, has_lines: bool
    ) -> OperationKind | None:
        """Give what a text or a filled area without a line of its own means; None for a line.

        Black areas are engraved, red ones are cut out; the others are cut out where there is no
        line in the drawing, and engraved where there is.
        """
        if drawn is Drawn.TEXT:
            return _ENGRAVE
        if drawn is Drawn.LINE:
            return None
        if colour is Colour.BLACK:
            return _FILL
        return _CUT if colour is Colour.RED or not has_lines else _FILL

    def kind_of_colour(self, colour: Colour, present: frozenset[Colour]) -> OperationKind:
        """Give what a colour means in a drawing that has some colours."""
        cut = next((known for known in self.cut_colours if known in present), None)
        if cut is None or colour is cut:
            return _CUT
        return self.colours.get(colour, _CUT)


CONVENTION = Convention()
"""Red is cut, blue is scored, black and green are engraved; without red, black is cut."""


def convention_of(
    colours: Mapping[str, str], layers: Mapping[str, str], usual: Convention = CONVENTION
) -> Convention:
    """Give the usual convention with what a lab says otherwise.

    Args:
        colours: `cut`, `score`, `engrave`, `fill` or `skip`, by colour.
        layers: the same, by word.
        usual: what holds for everything else.
    """
    if not colours and not layers:
        return usual
    known: dict[str, OperationKind] = {str(kind): kind for kind in OperationKind}
    words = {_bare(word): str(meaning) for word, meaning in layers.items()}
    made = {word: known[meaning] for word, meaning in words.items() if meaning in known}
    skipped = tuple(frozenset({word}) for word, meaning in words.items() if meaning not in known)
    return replace(
        usual,
        verbs={**usual.verbs, **made},
        left_out=(*(each for each in usual.left_out if not each & made.keys()), *skipped),
        stated={colour.casefold(): known.get(str(meaning)) for colour, meaning in colours.items()},
    )


def _bare(word: str) -> str:
    """Drop accents and case."""
    letters = unicodedata.normalize("NFKD", word)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()


@functools.lru_cache(maxsize=4096)
def words_of(layer: str) -> frozenset[str]:
    """Split a layer's name: `front_outsideCutPath` has front, outside, cut and path."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", layer) if not unicodedata.combining(c))
    parts = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare))
    words = {part.casefold() for part in parts}
    return frozenset(words | {word.removesuffix("s") for word in words})


def colour_of(path: Path) -> Colour:
    """Name the colour of a path.

    Indexes 10 to 249 are 24 hues of 15 degrees in ten shades each (AutoCAD colour index).
    """
    if path.rgb is not None:
        hue, saturation, value = colorsys.rgb_to_hsv(*(part / 255 for part in path.rgb))
        return _hue_name(hue * 360) if saturation > 0.25 and value > 0.2 else Colour.BLACK
    index = 7 if path.colour is None else path.colour
    if 1 <= index <= 6:
        return _hue_name((index - 1) * 60)
    return _hue_name((index // 10 - 1) * 15) if 10 <= index <= 249 else Colour.BLACK


def _hue_name(degrees: float) -> Colour:
    if degrees <= 15 or degrees >= 345:
        return Colour.RED
    if 90 <= degrees <= 150:
        return Colour.GREEN
    return Colour.BLUE if 200 <= degrees <= 260 else Colour.OTHER
