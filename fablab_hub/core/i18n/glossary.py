"""The words of the trade, explained: one table, shown wherever such a word stands on a page.

A meaning says what the thing is in words that a beginner knows; an example makes it real. Both
are English keys of the catalogues, like every sentence.
"""

from dataclasses import dataclass
from types import MappingProxyType

from fablab_hub.core.i18n.words import N_


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the trade.

    Attributes:
        id: how templates name it.
        name: the word, as pages write it.
        meaning: what it is, in one or two sentences.
        example: one thing that a beginner can picture.
    """

    id: str
    name: str
    meaning: str
    example: str


_MACHINES = (
    Term(
        "laser", N_("Laser"),
        N_("A machine that cuts and engraves flat material with light."),
        N_("For example: it makes a box of thin wood."),
    ),
    Term(
        "printer", N_("3D printer"),
        N_("A machine that builds an object in thin layers of melted plastic."),
        N_("For example: a pot for a plant."),
    ),
    Term(
        "bed", N_("Bed"),
        N_("The flat place where the machine works."),
        N_("For example: on a 3D printer, it is the warm plate."),
    ),
    Term(
        "beam", N_("Beam"),
        N_("The light of the laser. It burns, and the eye cannot see it well."),
        N_("For example: it makes a thin black line on wood."),
    ),
    Term(
        "nozzle", N_("Nozzle"),
        N_("The small metal tip of a 3D printer. Melted plastic comes out of it."),
        N_("For example: like the tip of a glue gun. It is very hot."),
    ),
    Term(
        "zero-point", N_("Zero point"),
        N_("The place from which the machine counts."),
        N_("For example: the front left corner of the bed."),
    ),
    Term(
        "emergency-stop", N_("Emergency stop"),
        N_("The red button on the machine. It stops everything at once."),
        N_("For example: press it when you see smoke."),
    ),
    Term(
        "milling-machine", N_("Milling machine"),
        N_("A machine that cuts with a turning tool."),
        N_("For example: it makes a hollow in a piece of wood."),
    ),
)  # fmt: skip

_FILES = (
    Term(
        "dxf", N_("DXF"),
        N_("A drawing file for the laser. Drawing programs can make it."),
        N_("For example: in Inkscape, save as DXF."),
    ),
    Term(
        "svg", N_("SVG"),
        N_("A drawing file for screens. The laser needs a DXF instead."),
        N_("For example: in Inkscape, open the SVG and save as DXF."),
    ),
    Term(
        "gcode", N_("G-code"),
        N_("A file that tells a machine each move."),
        N_("For example: a slicer makes it for a 3D printer."),
    ),
    Term(
        "model-3d", N_("3D model"),
        N_("An object drawn in space. The file is often STL or 3MF."),
        N_("For example: a slicer turns it into G-code."),
    ),
    Term(
        "slicer", N_("Slicer"),
        N_("A program that cuts a 3D model into layers. It makes the G-code."),
        N_("For example: PrusaSlicer or Cura."),
    ),
    Term(
        "drawing-layer", N_("Layer of a drawing"),
        N_("A sheet on which a part of the drawing lies. A drawing can have several."),
        N_("For example: one for cutting and one for engraving."),
    ),
    Term(
        "layer", N_("Layer of plastic"),
        N_("A thin sheet of plastic. The 3D printer lays one on the other."),
        N_("For example: a layer is as thin as 2 sheets of paper."),
    ),
)  # fmt: skip

_WORK = (
    Term(
        "cut", N_("Cut"),
        N_("The laser goes through the material. The part comes loose."),
        N_("For example: the outline of a key ring."),
    ),
    Term(
        "engrave", N_("Engrave"),
        N_("The laser marks the material and does not go through."),
        N_("For example: your name on a key ring."),
    ),
    Term(
        "kerf", N_("Kerf"),
        N_("The thin line of material that the beam burns away. The part gets a bit smaller."),
        N_("For example: 0.2 mm, so 2 parts fit less tightly."),
    ),
    Term(
        "material", N_("Material"),
        N_("What your object is made of."),
        N_("For example: plywood, cardboard or plastic."),
    ),
    Term(
        "thickness", N_("Thickness"),
        N_("How thick the plate is. The laser must know it."),
        N_("For example: plywood of 3 mm."),
    ),
    Term(
        "pvc", N_("PVC"),
        N_("A plastic that must never go on a laser. Its smoke is poisonous."),
        N_("For example: a water pipe or a fake leather bag."),
    ),
    Term(
        "filament", N_("Filament"),
        N_("The plastic thread that a 3D printer melts."),
        N_("For example: PLA, on a spool."),
    ),
    Term(
        "checklist", N_("Checklist"),
        N_("What you look at before you start the machine."),
        N_("For example: the lid is closed."),
    ),
)  # fmt: skip

_HUB = (
    Term(
        "pin", N_("PIN"),
        N_("A secret number. It says that it is really you."),
        N_("For example: like the number of a bank card."),
    ),
    Term(
        "queue", N_("Waiting queue"),
        N_("The list of those who wait for the machine. The first one goes first."),
        N_("For example: like at the baker's."),
    ),
    Term(
        "job", N_("Job"),
        N_("One file that you want to make on one machine."),
        N_("For example: “Door plate” on the laser."),
    ),
    Term(
        "fabrication", N_("Fabrication"),
        N_("An object that you made, with its photo and its story."),
        N_("For example: your first lamp."),
    ),
    Term(
        "portfolio", N_("Portfolio"),
        N_("The pages that show what you made and learnt."),
        N_("For example: you can show them at a job interview."),
    ),
)  # fmt: skip

GLOSSARY: MappingProxyType[str, Term] = MappingProxyType(
    {term.id: term for term in (*_MACHINES, *_FILES, *_WORK, *_HUB)}
)
"""Every term, by its id; the help page lists them in the order of their names."""
