"""Every rule that a drawing is checked against.

An ordinary beginner's drawing is accepted: what was tidied up is said and costs nothing. A manager
looks at what may burn, does not fit the sheet, or may be in another unit.
"""

from collections.abc import Mapping
from types import MappingProxyType

from fablab_hub.core.i18n.words import N_
from jobs.checks.rule import Rule
from jobs.report import Severity

_HARD, _REFUSE, _ASK, _ADVISE = True, Severity.REFUSE, Severity.ASK, Severity.ADVISE

_NOTHING = N_("Nothing to do.")
_MANAGER_LOOKS = N_("Nothing to do: a manager looks at the file. You can ask them now.")
_WHICH_UNIT = N_("Look at the size, and say in which unit you drew.")
_OTHER_MATERIAL = N_("Choose another material. A trainer can show you what the lab has.")
_IF_MISSED = N_("Nothing to do, if nothing is missing in the picture.")


def _row(
    rule_id: str, severity: Severity, title: str, message: str, remedy: str, is_hard: bool = False
) -> Rule:
    return Rule(
        id=f"drawing.{rule_id}",
        severity=severity,
        is_hard=is_hard,
        title=title,
        message=message,
        remedy=remedy,
    )


_WHOLE = (
    _row(
        "nothing-to-make", _REFUSE,
        N_("Nothing to cut or engrave"),
        N_("There is no line in this drawing that the laser can follow. Nothing is broken."),
        N_("Open it in your drawing program. Make your lines visible, and save it as DXF again."),
        _HARD,
    ),
    _row(
        "off-bed", _REFUSE,
        N_("Larger than the laser"),
        N_("The drawing is {width_mm} × {depth_mm} mm. The laser's bed is {bed_width_mm} × "
           "{bed_depth_mm} mm."),
        N_("Make the drawing smaller, or cut it into parts. Is the unit right?"), _HARD,
    ),
    _row(
        "larger-than-sheet", _ASK,
        N_("Larger than the sheet"),
        N_("The drawing is {width_mm} × {depth_mm} mm. A sheet of this material is usually "
           "{sheet_width_mm} × {sheet_depth_mm} mm."),
        N_("Make the drawing smaller, or ask a manager for a larger sheet."),
    ),
    _row(
        "unit-doubtful", _ASK,
        N_("Millimetres or inches?"),
        N_("The file does not say its unit. As we read it, your part is {width_mm} mm wide."),
        _WHICH_UNIT,
    ),
    _row(
        "unit-unlikely", _ASK,
        N_("Did you mean millimetres?"),
        N_("The file says that it is {declared_m} m wide. We took millimetres: {width_mm} mm."),
        _WHICH_UNIT,
    ),
    _row(
        "unit-guessed", _ADVISE,
        N_("We took millimetres"),
        N_("The file does not say its unit. In millimetres, your part is {width_mm} mm wide."),
        N_("Nothing to do, if the size is right."),
    ),
    _row(
        "stray-part", _ADVISE,
        N_("Something lies far away"),
        N_("{count} lines lie {distance_mm} mm away from the rest. Were they forgotten there?"),
        N_("Delete them in your drawing program, if you do not want them."),
    ),
    _row(
        "recovered", _ADVISE,
        N_("The file was damaged"),
        N_("The file has errors. We read all that can be read."),
        _IF_MISSED,
    ),
)  # fmt: skip

_MATERIAL = (
    _row(
        "material-missing", _REFUSE,
        N_("No material chosen"),
        N_("Without the material we do not know how strong the beam must be."),
        N_("Choose the material that you use."),
    ),
    _row(
        "material-forbidden", _REFUSE,
        N_("Forbidden material"),
        N_("This material must never go into the laser. Its smoke is dangerous, or it burns."),
        _OTHER_MATERIAL, _HARD,
    ),
    _row(
        "material-staff", _ASK,
        N_("A material to look at first"),
        N_("A manager looks at every job on this material."),
        _MANAGER_LOOKS,
    ),
    _row(
        "no-cut", _REFUSE,
        N_("Cannot be cut here"),
        N_("{count} lines are to be cut. The lab has no setting to cut this material."),
        _OTHER_MATERIAL,
    ),
    _row(
        "no-score", _REFUSE,
        N_("Cannot be scored here"),
        N_("{count} lines are to be scored. The lab has no setting to score this material."),
        N_("Choose another material, or put these lines on a layer called CUT or ENGRAVE."),
    ),
    _row(
        "no-engrave", _REFUSE,
        N_("Cannot be engraved here"),
        N_("{count} lines are to be engraved. The lab has no setting to engrave this material."),
        N_("Choose another material, or put these lines on a layer called CUT or SCORE."),
    ),
)  # fmt: skip

_LINES = (
    _row(
        "duplicates", _ASK,
        N_("A line is there twice"),
        N_("The laser would cut {length_mm} mm twice at the same place. The material may catch "
           "fire."),
        N_("In your drawing program, click on the line and delete it once: one stays. Then save."),
    ),
    _row(
        "duplicate-marks", _ADVISE,
        N_("A marked line is there twice"),
        N_("The laser marks {length_mm} mm twice at the same place. It gets darker there."),
        N_("Nothing to do. To get an even line, delete one of the two."),
    ),
    _row(
        "open-contour", _ADVISE,
        N_("A contour is open"),
        N_("{count} lines to cut do not close. A part that does not close stays in the sheet."),
        N_("Look at the circles in the picture. If a part must come out, join the ends there."),
    ),
    _row(
        "tiny-gap", _ADVISE,
        N_("A tiny gap"),
        N_("{count} gaps are smaller than {max_mm} mm. The part may hang on there."),
        N_("Join the two ends in your drawing program."),
    ),
    _row(
        "too-small", _ADVISE,
        N_("Very small shapes"),
        N_("{count} shapes are smaller than {min_mm} mm. They may burn away or stay stuck."),
        N_("Make them larger, or leave them out."),
    ),
    _row(
        "tiny-segments", _ADVISE,
        N_("Very many tiny pieces"),
        N_("{count} pieces are shorter than {max_mm} mm. The laser gets slow and shaky there."),
        N_("Simplify the curves in your drawing program, if it can."),
    ),
    _row(
        "long-cut", _ADVISE,
        N_("A long cut"),
        N_("There are {length_m} m to cut. That takes {minutes} minutes or more."),
        N_("Somebody must stay beside the laser all the time. Plan for it."),
    ),
    _row(
        "by-colour", _ADVISE,
        N_("Colours decide"),
        N_("The layers do not say what to cut, so the colours do. Red is cut, blue is scored, "
           "black and green are engraved. Without red, black is cut."),
        N_("Look at the picture. If it is wrong, name the layers CUT, SCORE and ENGRAVE."),
    ),
)  # fmt: skip

_LEFT_OUT = (
    _row(
        "left-out-layers", _ADVISE,
        N_("Layers left out"),
        N_("The names of these layers say that they are not to be made: {names}."),
        _IF_MISSED,
    ),
    _row(
        "dashed-lines", _ADVISE,
        N_("Dashed lines left out"),
        N_("{count} dashed or dotted lines are not made. Such lines are usually only a help."),
        N_("If one must be made, draw it as a full line, or put it on a layer called CUT."),
    ),
    _row(
        "hidden-layers", _ADVISE,
        N_("Hidden lines left out"),
        N_("{count} things are hidden or on layers that are switched off. They are not made."),
        N_("If you want them, make them visible in your drawing program and save again."),
    ),
    _row(
        "text", _ADVISE,
        N_("Text left out"),
        N_("{count} texts are not made: the laser follows lines, and text has none."),
        N_("If you want the text, turn it into curves in your drawing program and save again."),
    ),
    _row(
        "dimensions", _ADVISE,
        N_("Dimensions left out"),
        N_("{count} dimensions and arrows are not made."),
        _NOTHING,
    ),
    _row(
        "images", _ADVISE,
        N_("Pictures left out"),
        N_("{count} pictures are not made: a DXF only names them, they are not inside."),
        N_("If you want one, trace it into lines in your drawing program."),
    ),
    _row(
        "solids", _ADVISE,
        N_("3D objects left out"),
        N_("{count} objects in 3D are not made: the laser cuts flat lines."),
        N_("If you want one, save its flat outline as DXF."),
    ),
    _row(
        "endless", _ADVISE,
        N_("Endless lines left out"),
        N_("{count} endless lines are not made. They are usually only a help."),
        _NOTHING,
    ),
    _row(
        "points", _ADVISE,
        N_("Points left out"),
        N_("{count} single points are not made."),
        _NOTHING,
    ),
    _row(
        "no-length", _ADVISE,
        N_("Lines without length left out"),
        N_("{count} lines have no length. They are not made, so that the beam burns no hole."),
        _NOTHING,
    ),
    _row(
        "misplaced", _ADVISE,
        N_("Lines without a place"),
        N_("{count} lines have a broken place, far beyond any machine. They are not made."),
        _IF_MISSED,
    ),
    _row(
        "other-things", _ADVISE,
        N_("Some things left out"),
        N_("{count} things are of a kind that we cannot read. They are not made."),
        _IF_MISSED,
    ),
    _row(
        "flattened", _ADVISE,
        N_("Laid flat"),
        N_("{count} lines are not at height 0. We laid them flat."),
        N_("Look at the picture. If it is wrong, save your part seen from above."),
    ),
    _row(
        "layouts", _ADVISE,
        N_("Printed pages left out"),
        N_("{count} pages for printing are not made. Only the drawing itself is."),
        _NOTHING,
    ),
)  # fmt: skip

DRAWING_RULES: tuple[Rule, ...] = (*_WHOLE, *_MATERIAL, *_LINES, *_LEFT_OUT)
"""The table; findings come in its order."""

BY_ID: Mapping[str, Rule] = MappingProxyType(
    {rule.id.removeprefix("drawing."): rule for rule in DRAWING_RULES}
)
"""The same rows by their id without its `drawing.`."""
