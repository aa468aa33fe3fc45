"""A card of small squares, each burnt with another power and speed: the best one gives the setting.

Power grows to the right and speed upwards, so that the strongest square lies at the lower right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fablab_hub.core.geometry import Point
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material, OperationKind, Preset
from jobs.geometry.letters import cap_height, outline_of
from jobs.geometry.path import Line, Path
from jobs.toolpath.laser import write_program
from jobs.toolpath.operations import Operation
from jobs.toolpath.plan import Step
from jobs.toolpath.scans import fill

_SIDE_MM = 8.0
_PITCH_MM = 12.0
_CORNER_MM = (10.0, 10.0)
_LABEL_MM = 14.0
"""Room for the words, left of the squares and below."""

_LETTER_MM = 3.0
_LETTER_FINE_MM = 0.05
_LABEL = Preset(power=0.1, feed_mm_min=6000)
"""For words on what nobody has engraved yet: weak and fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCard:
    """What is tried.

    Attributes:
        kind: the operation; a picture is tried as an area.
        powers: of the columns, 0..1.
        feeds_mm_min: of the rows.
        like: gives passes, air and the distance of rows.
    """

    __test__ = False  # a card for trials, no test of pytest's

    kind: OperationKind
    powers: tuple[float, ...]
    feeds_mm_min: tuple[float, ...]
    like: Preset

    @property
    def size_mm(self) -> Point:
        """Width and depth, from the bed's corner."""
        return (
            _CORNER_MM[0] + _LABEL_MM + _PITCH_MM * len(self.powers),
            _CORNER_MM[1] + _LABEL_MM + _PITCH_MM * len(self.feeds_mm_min),
        )


def card_around(
    preset: Preset, kind: OperationKind, machine: Machine, squares: int = 5
) -> TestCard:
    """Suggest a card whose middle square is a preset: from half of it to half as much again.

    Args:
        preset: what is used now.
        kind: of the operation.
        machine: a laser; what it cannot do is left out.
        squares: along one side.
    """
    shares = [0.5 + index / (squares - 1) for index in range(squares)]
    most_power = machine.laser.max_power if machine.laser else 1.0
    powers = sorted({round(min(preset.power * share, most_power), 2) for share in shares})
    feeds = sorted(
        {round(min(preset.feed_mm_min * share, machine.max_feed_mm_min)) for share in shares}
    )
    return TestCard(kind=kind, powers=tuple(powers), feeds_mm_min=tuple(feeds), like=preset)


def make_test_card(card: TestCard, machine: Machine, material: Material) -> Iterator[bytes]:
    """Write the program of a card, without line ends: words first, then the weakest square.

    The strongest comes last, when somebody has seen all the others.

    Args:
        card: what is tried.
        machine: a laser.
        material: whose engraving writes the words.

    Raises:
        ValueError: the machine is no laser.
    """
    words = material.preset(OperationKind.ENGRAVE) or material.preset(OperationKind.SCORE) or _LABEL
    steps = [(step, replace(words, air=False)) for step in _words(card)]
    squares = sorted(
        (power / feed, column, row)
        for column, power in enumerate(card.powers)
        for row, feed in enumerate(card.feeds_mm_min)
    )
    for _, column, row in squares:
        preset = replace(card.like, power=card.powers[column], feed_mm_min=card.feeds_mm_min[row])
        steps += [(step, preset) for step in _square(card, column, row)]
    return write_program(steps, machine)


def _square(card: TestCard, column: int, row: int) -> list[Step]:
    left = _CORNER_MM[0] + _LABEL_MM + _PITCH_MM * column
    front = _CORNER_MM[1] + _LABEL_MM + _PITCH_MM * row
    right, back = left + _SIDE_MM, front + _SIDE_MM
    path = _closed([(left, front), (right, front), (right, back), (left, back)])
    if card.kind in (OperationKind.FILL, OperationKind.IMAGE):
        return list(fill([path], card.like.line_mm))
    return [Operation(card.kind, path)]


def _words(card: TestCard) -> Iterator[Step]:
    for column, power in enumerate(card.powers):
        x = _CORNER_MM[0] + _LABEL_MM + _PITCH_MM * column
        yield from _word(f"{power:.0%}", (x, _CORNER_MM[1] + _LABEL_MM - 2 * _LETTER_MM))
    for row, feed in enumerate(card.feeds_mm_min):
        y = _CORNER_MM[1] + _LABEL_MM + _PITCH_MM * row + (_SIDE_MM - _LETTER_MM) / 2
        yield from _word(f"{feed:.0f}", (_CORNER_MM[0], y))


def _word(text: str, at: Point) -> Iterator[Step]:
    size = _LETTER_MM * _LETTER_MM / cap_height(_LETTER_MM)
    for edge in outline_of(text, size, _LETTER_FINE_MM).edges:
        yield Operation(OperationKind.ENGRAVE, _closed([(at[0] + x, at[1] + y) for x, y in edge]))


def _closed(corners: list[Point]) -> Path:
    ends = [*corners[1:], corners[0]]
    return Path(
        segments=tuple(Line(a, b) for a, b in zip(corners, ends, strict=True) if a != b), layer=""
    )
