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

_NOTHING = N_("You have nothing to do.")
_ANOTHER_MATERIAL = N_("Choose another material. A trainer can tell you which one fits.")
_DRAW_AGAIN = N_("Look at the picture. If something is missing, draw it again as plain lines.")


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
        N_("The drawing is empty"),
        N_("There is no line in this drawing that the laser could follow."),
        N_("Open it in your drawing program. Turn texts into paths and show hidden layers."), _HARD,
    ),
    _row(
        "off-the-bed", _REFUSE,
        N_("Too large for the machine"),
        N_("The drawing is {width} × {depth} mm. The bed of the machine is {bed_width} × "
           "{bed_depth} mm."),
        N_("Make it smaller, or cut it into parts. Check that it was drawn in millimetres."), _HARD,
    ),
    _row(
        "no-go-zone", _REFUSE,
        N_("In a forbidden place"),
        N_("The laser would burn where it must not: there is a clamp or a stop."),
        N_("Move the drawing on the bed, or make it smaller."), _HARD,
    ),
    _row(
        "fits-turned", _ADVISE,
        N_("It fits when it is turned"),
        N_("The drawing is too wide like this. Turned by a quarter, it fits."),
        N_("Press “Turn it”."),
    ),
    _row(
        "copies-missing", _ASK,
        N_("Not all copies fit"),
        N_("{missing} copies find no place on this sheet."),
        N_("Ask for fewer copies, or send the rest as another job."),
    ),
    _row(
        "larger-than-sheet", _ASK,
        N_("Larger than the sheet"),
        N_("The drawing is {width} × {depth} mm. The usual sheet is {sheet_width} × "
           "{sheet_depth} mm."),
        N_("Look whether there is a sheet that is large enough. A manager looks as well."),
    ),
    _row(
        "unit-doubtful", _ASK,
        N_("Millimetres?"),
        N_("The size looks strange. With our guess it is {width} mm wide."),
        N_("Measure one side on your drawing. Tell us the right unit below."),
    ),
    _row(
        "unit-unlikely", _ASK,
        N_("Did you mean millimetres?"),
        N_("The file says that it is {declared_m} m wide. We took millimetres: {width} mm."),
        N_("Measure one side on your drawing. Tell us the right unit below."),
    ),
    _row(
        "unit-guessed", _ADVISE,
        N_("The file names no unit"),
        N_("The file does not say its unit. With our guess it is {width} mm wide."),
        N_("Compare the size with what you want. If it is wrong, tell us the right unit."),
    ),
    _row(
        "stray-part", _ADVISE,
        N_("Something lies far away"),
        N_("One small thing lies far from all the rest. Is it there by mistake?"),
        N_("Look at the picture. Delete what you do not want in your drawing program."),
    ),
    _row(
        "recovered", _ADVISE,
        N_("The file is damaged"),
        N_("The file is damaged. We read what could be read."),
        N_("Look well at the picture. If something is missing, save the file again."),
    ),
)  # fmt: skip

_MATERIAL = (
    _row(
        "no-material", _REFUSE,
        N_("Which material?"),
        N_("Nobody chose a material, so the laser has no power and no speed."),
        N_("Choose the material that you want to use."),
    ),
    _row(
        "forbidden-material", _REFUSE,
        N_("Never on the laser"),
        N_("This material must never be burnt. It is dangerous for you and the machine."),
        _ANOTHER_MATERIAL, _HARD,
    ),
    _row(
        "material-needs-staff", _ASK,
        N_("A material to look at"),
        N_("Somebody of the team looks at each job with this material."),
        N_("You have nothing to do. The answer comes on this page."),
    ),
    _row(
        "preset-untried", _ADVISE,
        N_("Make a test cut first"),
        N_("Nobody has tried this setting on this machine yet."),
        N_("Cut a small square on a scrap first. Does it come out? Then start your job."),
    ),
    _row(
        "hot-setting", _ADVISE,
        N_("A strong setting"),
        N_("The beam puts much energy into this material. It can burn."),
        N_("Stay beside the machine and look at it all the time."),
    ),
    _row(
        "too-hot-setting", _ASK,
        N_("A very strong setting"),
        N_("The beam puts too much energy into this material. It may catch fire."),
        N_("Somebody of the team looks at it first."),
    ),
    _row(
        "no-preset", _REFUSE,
        N_("Not with this material"),
        N_("The lab has no setting for this work on this material."),
        _ANOTHER_MATERIAL,
    ),
)  # fmt: skip

_LINES = (
    _row(
        "duplicate-lines", _ASK,
        N_("A line is there twice"),
        N_("The laser would pass twice at the same place. The material can catch fire there."),
        N_("Delete one of the two lines in your drawing program."),
    ),
    _row(
        "duplicate-marks", _ADVISE,
        N_("A marked line is there twice"),
        N_("The laser marks {length} mm twice at the same place. It gets darker there."),
        N_("Delete one of the two lines in your drawing program."),
    ),
    _row(
        "overlapping-lines", _ASK,
        N_("Lines lie on each other"),
        N_("The laser would pass twice along {length} mm. The material can catch fire there."),
        N_("Delete one of the two lines in your drawing program."),
    ),
    _row(
        "open-contour", _ADVISE,
        N_("A shape is not closed"),
        N_("The cut does not come back to its start. The part may stay stuck."),
        N_("Do you want a loose part? Join the two ends in your drawing program."),
    ),
    _row(
        "tiny-gap", _ADVISE,
        N_("A tiny gap"),
        N_("Two ends nearly touch: less than a tenth of a millimetre is missing."),
        N_("The laser will most likely cut it free. To be sure, join the two ends."),
    ),
    _row(
        "small-gap", _ADVISE,
        N_("A small gap"),
        N_("Two ends are less than a millimetre apart. The part may stay stuck there."),
        N_("Join the two ends in your drawing program."),
    ),
    _row(
        "crosses-itself", _ADVISE,
        N_("A cut crosses itself"),
        N_("A line crosses itself. A small piece can come loose there."),
        N_("Look at the picture. Is it the shape that you want?"),
    ),
    _row(
        "lines-cross", _ADVISE,
        N_("Cuts cross each other"),
        N_("Two cuts cross each other. Small pieces can come loose there."),
        N_("Look at the picture. Is it the shape that you want?"),
    ),
    _row(
        "too-close", _ADVISE,
        N_("Two cuts are very close"),
        N_("Less than {least} mm stay between two cuts. The beam burns that away."),
        N_("Move the lines apart, or delete one of them."),
    ),
    _row(
        "falls-through", _ADVISE,
        N_("A part can fall through the grid"),
        N_("Some parts are smaller than the holes of the grid ({grid} mm). They can fall down."),
        N_("Add small bridges that hold them. Or ask a trainer for a board below."),
    ),
    _row(
        "dense-cuts", _ASK,
        N_("Very many cuts in one place"),
        N_("Many cuts lie close together in one place. It gets very hot there and can burn."),
        N_("Engrave this place instead of cutting it, or draw fewer lines."),
    ),
    _row(
        "marks-outside", _ADVISE,
        N_("A mark lies outside the part"),
        N_("Something is engraved outside everything that is cut out. It stays on the sheet."),
        N_("Look at the picture. Move it onto the part if you want it there."),
    ),
    _row(
        "nothing-cut", _ADVISE,
        N_("Nothing is cut out"),
        N_("Everything is marked or engraved. No part comes loose."),
        N_("If you want to cut something, say so below the picture."),
    ),
    _row(
        "odd-colour", _ADVISE,
        N_("A colour that means nothing"),
        N_("The lab has no meaning for the colour {colour}. These lines are cut."),
        N_("Say below the picture what these lines are for."),
    ),
    _row(
        "not-compared", _ADVISE,
        N_("Too many lines to compare"),
        N_("The drawing has very many lines. We did not look for lines that lie on each other."),
        N_("Look well at the picture. Does any line look thicker than the others?"),
    ),
    _row(
        "too-small", _ADVISE,
        N_("A very small part"),
        N_("Some shapes are less than {least} mm wide. They can burn, or fall into the "
           "machine."),
        N_("Make it larger, or leave it out."),
    ),
    _row(
        "many-tiny-lines", _ADVISE,
        N_("Very many tiny lines"),
        N_("The drawing is made of {pieces} very short lines. The laser will be slow."),
        N_("In your drawing program, simplify the path. In Inkscape: Ctrl+L."),
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

_SEEN = (
    _row(
        "text-outlined", _ADVISE,
        N_("Letters are drawn by the lab"),
        N_("The text is engraved in the lab's own letters. It can look different."),
        N_("To keep your letters, turn the text into paths. In Inkscape: Object to Path."),
    ),
    _row(
        "areas-filled", _ADVISE,
        N_("Areas are engraved"),
        N_("Some areas have a colour and no line. The laser engraves the whole area."),
        N_("Do you want to cut them out? Say so below the picture."),
    ),
    _row(
        "picture-engraved", _ADVISE,
        N_("A picture is engraved"),
        N_("The picture will be {width} mm wide. It is engraved dot by dot."),
        N_("Is it the right size? Look at the picture."),
    ),
    _row(
        "clipped", _ASK,
        N_("Something is masked"),
        N_("A mask hides a part of the drawing. The laser does not know masks: it makes all of "
           "it."),
        N_("Look at the picture. In Inkscape, release the clip or the mask."),
    ),
    _row(
        "active-content", _ADVISE,
        N_("A program in the file"),
        N_("There is a small program in this file. It is never run."),
        _NOTHING,
    ),
    _row(
        "outside-links", _ADVISE,
        N_("Something is not in the file"),
        N_("The file points to things that lie elsewhere. They will not be made."),
        N_("In Inkscape: Extensions, Images, Embed Images. Then send it again."),
    ),
    _row(
        "invisible", _ADVISE,
        N_("Invisible things"),
        N_("Some shapes have no colour, or are white. They will not be made."),
        N_("If you want them, give them a line with a colour."),
    ),
)  # fmt: skip

_LEFT_OUT = (
    _row(
        "layers-for-people", _ADVISE,
        N_("Help lines are left out"),
        N_("Dashed lines and help layers ({layers}) will not be made."),
        N_("If you want one of them, put it on a layer called “cut”."),
    ),
    _row(
        "hidden-layer", _ADVISE,
        N_("Hidden layers"),
        N_("Some lines are on a hidden layer. They will not be made."),
        N_("If you want them, show the layer in your drawing program, and send it again."),
    ),
    _row(
        "text-left-out", _ADVISE,
        N_("Text is left out"),
        N_("The laser does not read letters. The text in the file will not be made."),
        N_("Turn the text into paths. In Inkscape: Path, then Object to Path."),
    ),
    _row(
        "dimensions-left-out", _ADVISE,
        N_("Dimensions are left out"),
        N_("Dimensions and notes are for people. The laser leaves them out."),
        _NOTHING,
    ),
    _row(
        "images-left-out", _ADVISE,
        N_("Pictures are left out"),
        N_("There is a picture in the file. It will not be engraved."),
        N_("Trace the picture as lines, or ask a trainer how to engrave it."),
    ),
    _row(
        "solids-left-out", _ADVISE,
        N_("A drawing in space"),
        N_("{count} objects in 3D are not made: the laser cuts flat lines."),
        N_("If you want one, save its flat outline as DXF."),
    ),
    _row(
        "zero-length", _ADVISE,
        N_("Lines without a length"),
        N_("Some lines in the file have no length. They were left out."),
        _NOTHING,
    ),
    _row(
        "others-left-out", _ADVISE,
        N_("Something could not be read"),
        N_("Some things in the file are no flat lines. They will not be made."),
        _DRAW_AGAIN,
    ),
    _row(
        "misplaced", _ADVISE,
        N_("Lines without a place"),
        N_("{count} lines have a broken place, far beyond any machine. They are not made."),
        _DRAW_AGAIN,
    ),
    _row(
        "laid-flat", _ADVISE,
        N_("A drawing in space"),
        N_("Some lines lie above the others. They were laid flat."),
        N_("Look at the picture: is it the shape that you want?"),
    ),
    _row(
        "layouts-left-out", _ADVISE,
        N_("Pages are left out"),
        N_("The file has pages for paper besides the drawing. Only the drawing is made."),
        _NOTHING,
    ),
)  # fmt: skip

DRAWING_RULES: tuple[Rule, ...] = (*_WHOLE, *_MATERIAL, *_LINES, *_SEEN, *_LEFT_OUT)
"""The table; findings come in its order."""

BY_ID: Mapping[str, Rule] = MappingProxyType(
    {rule.id.removeprefix("drawing."): rule for rule in DRAWING_RULES}
)
"""The same rows by their id without its `drawing.`."""
