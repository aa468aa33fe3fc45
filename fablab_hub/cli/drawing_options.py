"""What may be said of a drawing in a terminal: the same answers as on its page."""

from collections.abc import Callable
from typing import Any

import click

from fablab_hub.core.settings import LineMeaning
from jobs.drawing_choices import MOST_COPIES

_META = "fablab_hub.drawing"
REPAIRS = ("strays", "once", "gaps", "tiny", "simpler")
"""Ids of `jobs.repairs.table`, which is slow to load; a test compares them."""

_UNITS = ("mm", "cm", "m", "inch", "mil", "px96", "px90", "px72")

Command = Callable[..., Any]


def drawing_options(command: Command) -> Command:
    """Give a command the options of a drawing; `drawing_answers` has what was said."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def drawing_answers(context: click.Context) -> dict[str, Any]:
    """Give what was said of a drawing, as the options of a check."""
    answers: dict[str, Any] = context.meta.get(_META, {})
    return answers


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep an answer that was given; what is left out is no answer."""
    if value in (None, (), False):
        return
    answers = context.meta.setdefault(_META, {})
    if parameter.name == "repairs":
        value = list(REPAIRS) if "all" in value else [*value]
    elif parameter.name == "operations":
        value = dict(_meaning(each) for each in value)
    elif parameter.name == "is_grey":
        answers["shading"] = "grey"
        return
    answers[parameter.name] = value


def _meaning(text: str) -> tuple[str, str]:
    key, _, meaning = text.rpartition("=")
    if not key or meaning not in set(LineMeaning):
        raise click.BadParameter(f"{text}: KEY={'|'.join(LineMeaning)}")
    return key, meaning


def _option(*names: str, **settings: Any) -> Callable[[Command], Command]:
    return click.option(*names, callback=_keep, expose_value=False, **settings)


_OPTIONS: tuple[Callable[[Command], Command], ...] = (
    _option("--unit", type=click.Choice(_UNITS), help="Unit of a drawing that names none."),
    _option(
        "--repair", "repairs", type=click.Choice((*REPAIRS, "turn", "all")), multiple=True,
        help="Mend the drawing; may be given several times.",
    ),
    _option(
        "--lines", "operations", multiple=True, metavar="KEY=MEANING",
        help="What a group of lines is for (keys: see `check --json`).",
    ),
    _option("--copies", type=click.IntRange(1, MOST_COPIES), help="How many of the whole drawing."),
    _option("--nest", "is_nested", is_flag=True, help="Pack parts as close as they can be."),
    _option("--turn", "turn_deg", type=float, help="Turn the drawing to the left, in degrees."),
    _option("--exact-size", "keeps_size", is_flag=True, help="Make up for the beam's width."),
    _option("--tabs", type=click.IntRange(0, 20), help="Bridges that hold each part."),
    _option("--lead-in", "lead_in_mm", type=click.FloatRange(0, 20), help="Begin beside, in mm."),
    _option("--overcut", "overcut_mm", type=click.FloatRange(0, 10), help="Go on past, in mm."),
    _option("--width", "width_mm", type=click.FloatRange(1, 5000), help="Of a picture, in mm."),
    _option("--grey", "is_grey", is_flag=True, help="Greys of a picture by power, not by dots."),
)  # fmt: skip
