"""The few shapes of a picture, written as SVG: lines, frames and words.

Widths are pixels wherever the picture is shown (`vector-effect`); `jobs.picture_print` turns them
into millimetres for programs that do not know of that.
"""

from collections.abc import Sequence

from jobs.picture_inset import Points, Rect

FONT = "Atkinson Hyperlegible, sans-serif"
"""Of the pages and the portfolio; browsers that do not have it take their own."""

GROUND, PAPER, PLATE, EDGE = "#FFFDF9", "#F4EEDF", "#FBF8F1", "#CDBF9E"
GRID, INK, RING = "#E6DCC4", "#5B6170", "#E4572E"

_ROUND = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
_STEADY = 'vector-effect="non-scaling-stroke"'


def path(data: str, colour: str, width_px: float, more: str = "") -> str:
    """Draw lines of one colour and one width; `more` holds further attributes."""
    return (
        f'<path d="{data}" stroke="{colour}" stroke-width="{number_text(width_px)}" '
        f"{_ROUND} {_STEADY}{more}/>"
    )


def shared_path(name: str, data: str, colour: str, more: str = "") -> str:
    """Draw lines that have their width from where they are used: once, or once more and larger."""
    return f'<path id="{name}" d="{data}" stroke="{colour}" {_ROUND} {_STEADY}{more}/>'


def ground(box: Rect) -> str:
    """Fill a box, so that dark pages do not swallow lines off the bed."""
    x, y, width, height = (number_text(value) for value in box)
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{GROUND}"/>'


def frame(rect: Rect, radius: float, fill: str) -> str:
    """Draw a frame with round corners."""
    left, top, right, bottom = rect
    return (
        f'<rect x="{number_text(left)}" y="{number_text(top)}" '
        f'width="{number_text(right - left)}" height="{number_text(bottom - top)}" '
        f'rx="{number_text(radius)}" fill="{fill}" stroke="{EDGE}" stroke-width="1" {_STEADY}/>'
    )


def data_of(points: Points) -> str:
    """Write one stroke; a single place becomes a dot."""
    places = points.tolist() if len(points) > 1 else points.tolist() * 2
    return "M" + " ".join(pair_text(place) for place in places)


def pair_text(point: Sequence[float]) -> str:
    """Write a place."""
    return f"{number_text(point[0])} {number_text(point[1])}"


def number_text(value: float) -> str:
    """Write millimetres, to a hundredth."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
