"""Rules about what a program does: where it goes, how fast, how hot, and with how much power."""

from fablab_hub.core.i18n.words import N_
from jobs.checks.gcode_command_rules import row
from jobs.checks.rule import Rule
from jobs.report import Severity

_HARD, _REFUSE, _ASK, _ADVISE = True, Severity.REFUSE, Severity.ASK, Severity.ADVISE

_MOVE_DRAWING = N_("Move or shrink the drawing in your software so that it lies inside the bed.")
_MANAGER_LOOKS = N_("Nothing to do: a manager looks at the file. You can ask them now.")
_NOTHING = N_("Nothing to do.")
_SAVE_AGAIN = N_("Save the file again from your software, for this machine, and send it once more.")

MOTION_RULES: tuple[Rule, ...] = (
    row(
        "out-of-bounds", _REFUSE,
        N_("Leaves the bed"),
        N_("The work leaves the bed by {over_mm} mm. The machine would hit its end."),
        _MOVE_DRAWING, _HARD,
    ),
    row(
        "travel-out-of-bounds", _REFUSE,
        N_("Travels outside the bed"),
        N_("Between two pieces of work the head leaves the bed by {over_mm} mm."),
        N_("Check that this machine is chosen in your software. Then save the file again."), _HARD,
    ),
    row(
        "below-bed", _REFUSE,
        N_("Dips into the bed"),
        N_("The nozzle goes below the surface of the bed. It would scratch it."),
        N_("Check the Z offset and the start code in your software. Then save the file again."),
        _HARD,
    ),
    row(
        "power-over-max", _REFUSE,
        N_("Too much power"),
        N_("The file asks for more power than {max_percent} out of 100. That wears the laser out."),
        N_("Choose less power and less speed in your software, then save the file again."),
    ),
    row(
        "power-scale", _ADVISE,
        N_("Weak beam?"),
        N_("Full power seems to be S255 in this file. Here it is S{full_s}. The beam stays weak."),
        N_("Set the largest S value to {full_s} in your software, and save the file again."),
    ),
    row(
        "feed-over-max", _ADVISE,
        N_("Faster than the machine"),
        N_("The file asks for {found} mm/min. This machine goes {max} mm/min at most, and will."),
        N_("Nothing to do. For a better time estimate, choose less speed in your software."),
    ),
    row(
        "no-feed", _REFUSE,
        N_("Works before it has a speed"),
        N_("The file works before it says how fast. The machine would stop there with an error."),
        N_("Set a speed in your software, and save the file again."),
    ),
    row(
        "no-feed-printer", _ADVISE,
        N_("Moves before it has a speed"),
        N_("The file moves before it says how fast. The printer takes a speed of its own."),
        _NOTHING,
    ),
    row(
        "no-units", _ADVISE,
        N_("Millimetres or inches?"),
        N_("The file does not say whether it counts in millimetres. We take millimetres."),
        N_("Look at the size in the picture. If it is wrong, save the file again in millimetres."),
    ),
    row(
        "bad-arc", _REFUSE,
        N_("An arc that cannot be drawn"),
        N_("An arc does not fit its own start, end and centre."),
        N_("Save the file again with more decimals, or without arcs."), _HARD,
    ),
    row(
        "beam-on-rapid", _ASK,
        N_("Beam on between cuts"),
        N_("The beam is not switched off before the head jumps to the next place."),
        N_("Choose “variable power” (M4) in your software, or let a manager look at the file."),
    ),
    row(
        "beam-while-still", _REFUSE,
        N_("Beam on while nothing moves"),
        N_("The beam stays on while the head waits. That can start a fire."),
        N_("Take the pause out of your software's start code, or choose “variable power” (M4)."),
        _HARD,
    ),
    row(
        "ends-with-beam-on", _ADVISE,
        N_("No “beam off” at the end"),
        N_("The file does not switch the beam off at its end. We added that."),
        _NOTHING,
    ),
    row(
        "ends-hot", _ADVISE,
        N_("No “heaters off” at the end"),
        N_("The file leaves the nozzle or the bed hot at its end. We added “heaters off”."),
        _NOTHING,
    ),
    row(
        "ends-relative", _ADVISE,
        N_("Ends in relative mode"),
        N_("The file ends in relative mode. We set it back before each run."),
        _NOTHING,
    ),
    row(
        "nozzle-too-hot", _REFUSE,
        N_("Nozzle too hot"),
        N_("The file heats the nozzle to {found} °C. This printer can take {max} °C."),
        N_("Choose this printer and the right filament in your software, then save again."), _HARD,
    ),
    row(
        "bed-too-hot", _REFUSE,
        N_("Bed too hot"),
        N_("The file heats the bed to {found} °C. This printer can take {max} °C."),
        N_("Choose this printer and the right filament in your software, then save again."), _HARD,
    ),
    row(
        "chamber-heater", _ASK,
        N_("Heats the chamber"),
        N_("The file heats the space around the print: {names}. Not every printer can."),
        _MANAGER_LOOKS,
    ),
    row(
        "chamber-too-hot", _REFUSE,
        N_("Chamber too hot"),
        N_("The file heats the chamber to {found} °C. This printer takes {max} °C at most."),
        N_("Choose this printer in your software, and save the file again."), _HARD,
    ),
    row(
        "place-it", _ASK,
        N_("Put the head where the job begins"),
        N_("The job counts from where the head stands. It needs {left} mm on its left."),
        N_("Move the head there and frame the job before you start. A manager can help."),
    ),
    row(
        "hot-standstill", _ASK,
        N_("Hot nozzle that stands still"),
        N_("The nozzle stands still and hot for {found} minutes. Filament burns and clogs it."),
        N_("Take the long pause out of your software. Or let a manager look at the file."),
    ),
    row(
        "not-waited", _ASK,
        N_("Does not wait for the heat"),
        N_("The file heats the nozzle but never waits until it is hot (M109)."),
        N_("Choose this printer in your software, and save the file again."),
    ),
    row(
        "heat-changes", _ADVISE,
        N_("Heats up and down very often"),
        N_("The nozzle gets another temperature {found} times. More than {max} is unusual."),
        _NOTHING,
    ),
    row(
        "motors-stay-on", _ADVISE,
        N_("Motors stay on at the end"),
        N_("The file does not switch the motors off at its end (M84). They stay warm."),
        _NOTHING,
    ),
    row(
        "cold-extrusion", _ASK,
        N_("Pushes cold filament"),
        N_("The file pushes filament before it has heated the nozzle to {min} °C."),
        N_("Check that a printer and a filament are chosen in your software."),
    ),
    row(
        "thick-line", _ASK,
        N_("Far too much plastic"),
        N_("The file pushes so much plastic that a line would be {found} mm² thick. 1 is usual."),
        N_("Choose the right filament diameter in your software. Then save the file again."),
    ),
    row(
        "thin-lines", _ASK,
        N_("Far too little plastic"),
        N_("The file pushes nearly no plastic. Its lines would be {found} mm² thick."),
        N_("Choose this printer and the right filament in your software. Then save again."),
    ),
    row(
        "long-feed", _ASK,
        N_("Too much filament at once"),
        N_("The file pushes {found} mm of filament in one go. Most printers refuse that."),
        N_("Choose this printer in your software, and save the file again."),
    ),
    row(
        "in-the-air", _ASK,
        N_("Prints in the air"),
        N_("A layer begins {found} mm above everything below it. Nothing would hold it."),
        N_("Put the part down on the bed in your software. Then save the file again."),
    ),
    row(
        "filament-range", _ADVISE,
        N_("Unusual temperature"),
        N_("{found} °C is unusual for {filament}: {low} to {high} °C is usual."),
        N_("Compare with the label of the spool. Choose the right filament in your software."),
    ),
    row(
        "not-homed", _ASK,
        N_("Does not find its zero point"),
        N_("The file prints without looking for the printer's zero point first (G28)."),
        _MANAGER_LOOKS,
    ),
    row(
        "motors-off", _ASK,
        N_("Prints after “motors off”"),
        N_("The file goes on printing after the motors were switched off. Parts would be shifted."),
        _MANAGER_LOOKS,
    ),
    row(
        "override", _ASK,
        N_("Changes all speeds or flow"),
        N_("The file sets speed or flow to {found} out of 100. Usual is 50 to 150."),
        _MANAGER_LOOKS,
    ),
    row(
        "motion-limits", _ASK,
        N_("Changes how hard the machine may push"),
        N_("The file sets a larger limit for speed or acceleration than the lab does: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "negative-dwell", _REFUSE,
        N_("A pause below zero"),
        N_("The file asks for a pause that is shorter than nothing."),
        _SAVE_AGAIN,
    ),
    row(
        "long-dwell", _ASK,
        N_("A long pause"),
        N_("The file asks for a pause of {found} s."),
        _MANAGER_LOOKS,
    ),
    row(
        "no-motion", _REFUSE,
        N_("Nothing moves"),
        N_("There is no movement in this file."),
        N_("Is it the right file? Save it again from your software, and send it once more."),
    ),
    row(
        "no-work", _ASK,
        N_("Nothing is made"),
        N_("The machine would move, but nothing is cut or printed."),
        N_("Check in your software that the beam or the filament is used, then save again."),
    ),
    row(
        "too-long", _ASK,
        N_("Takes very long"),
        N_("This takes about {hours} hours. The limit without asking is {max} hours."),
        _MANAGER_LOOKS,
    ),
    row(
        "material-forbidden", _REFUSE,
        N_("Never on a laser"),
        N_("This material must never go on a laser. Its smoke is poisonous, or it catches fire."),
        N_("Choose another material. A trainer can show you what the lab has."), _HARD,
    ),
    row(
        "material-unknown", _ASK,
        N_("Which material?"),
        N_("No material was chosen. Some materials are poisonous when a laser cuts them."),
        N_("Choose the material. If you do not know it, ask a trainer."),
    ),
    row(
        "material-staff", _ASK,
        N_("A manager looks at this material"),
        N_("A manager looks at each job on this material."),
        _NOTHING,
    ),
    row(
        "material-power", _ADVISE,
        N_("More heat than usual"),
        N_("The beam puts about {times} times the usual heat into this material. It may burn."),
        N_("Compare power and speed with the lab's settings for this material."),
    ),
)  # fmt: skip
"""What `gcode_moves` and the readers of commands can find."""
