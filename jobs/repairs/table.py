"""Every repair that the hub offers."""

from collections.abc import Mapping
from types import MappingProxyType

from fablab_hub.core.i18n.words import N_
from jobs.repairs import acts
from jobs.repairs.repair import Repair

REPAIRS: tuple[Repair, ...] = (
    Repair(
        id="strays",
        rules=("drawing.stray-part",),
        title=N_("Leave out what lies far away"),
        done=N_("What lies far away is left out."),
        is_global=True,
        act=acts.leave_out_strays,
    ),
    Repair(
        id="once",
        rules=("drawing.duplicate-lines", "drawing.overlapping-lines", "drawing.duplicate-marks"),
        title=N_("Draw each line only once"),
        done=N_("Each line is done only once now."),
        act=acts.draw_once,
    ),
    Repair(
        id="gaps",
        rules=("drawing.tiny-gap", "drawing.small-gap"),
        title=N_("Close the gaps"),
        done=N_("The gaps are closed."),
        act=acts.close_gaps,
    ),
    Repair(
        id="tiny",
        rules=("drawing.too-small",),
        title=N_("Leave out the tiny shapes"),
        done=N_("The tiny shapes are left out."),
        act=acts.leave_out_tiny,
    ),
    Repair(
        id="simpler",
        rules=("drawing.many-tiny-lines",),
        title=N_("Use fewer points"),
        done=N_("The same shape has fewer points now."),
        act=acts.simplify,
    ),
)
"""In the order in which they are done: what is left out first need not be mended."""

BY_ID: Mapping[str, Repair] = MappingProxyType({repair.id: repair for repair in REPAIRS})
"""The same by their id."""

FOR_RULE: Mapping[str, Repair] = MappingProxyType(
    {rule: repair for repair in REPAIRS for rule in repair.rules}
)
"""The repair that settles what a rule found."""
