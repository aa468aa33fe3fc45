"""Rules about the commands of a program: what it may say to a machine, and how it is written."""

from fablab_hub.core.i18n.words import N_
from jobs.checks.rule import Rule
from jobs.report import Severity

_HARD, _REFUSE, _ASK, _ADVISE = True, Severity.REFUSE, Severity.ASK, Severity.ADVISE

_SAVE_AGAIN = N_("Save the file again from your software, for this machine, and send it once more.")
_TAKE_OUT = N_("Take these lines out of the start and end code. Save the file again.")
_RIGHT_MACHINE = N_("Choose this machine in your software, save the file again and send it.")
_MANAGER_LOOKS = N_("Nothing to do: a manager looks at the file. You can ask them now.")
_NOTHING = N_("Nothing to do.")


def row(
    rule_id: str, severity: Severity, title: str, message: str, remedy: str, is_hard: bool = False
) -> Rule:
    """Make one row of a table; the id comes without its `gcode.`."""
    return Rule(
        id=f"gcode.{rule_id}",
        severity=severity,
        is_hard=is_hard,
        title=title,
        message=message,
        remedy=remedy,
    )


COMMAND_RULES: tuple[Rule, ...] = (
    row(
        "unknown-command", _REFUSE,
        N_("Unknown command"),
        N_("This laser does not know these commands: {names}. The file is for another machine."),
        _RIGHT_MACHINE,
    ),
    row(
        "unfamiliar-command", _ASK,
        N_("Unfamiliar command"),
        N_("We do not know what these commands do on this machine: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "settings", _REFUSE,
        N_("Changes the machine's settings"),
        N_("These commands change how the machine is set, also for the next person: {names}."),
        _TAKE_OUT, _HARD,
    ),
    row(
        "files", _REFUSE,
        N_("Touches the machine's files"),
        N_("These commands read, write or delete files on the machine: {names}."),
        _TAKE_OUT, _HARD,
    ),
    row(
        "firmware", _REFUSE,
        N_("Restarts or stops the machine"),
        N_("These commands restart, stop or replace the machine's own program: {names}."),
        _TAKE_OUT, _HARD,
    ),
    row(
        "protection", _REFUSE,
        N_("Switches a protection off"),
        N_("These commands switch off what protects the machine and you: {names}."),
        _TAKE_OUT, _HARD,
    ),
    row(
        "pins", _REFUSE,
        N_("Switches wires directly"),
        N_("These commands switch wires of the machine directly: {names}."),
        _TAKE_OUT, _HARD,
    ),
    row(
        "calibration", _REFUSE,
        N_("Calibrates the machine"),
        N_("These commands calibrate the machine. That is a job for staff: {names}."),
        _TAKE_OUT,
    ),
    row(
        "origin-stored", _REFUSE,
        N_("Stores a new origin"),
        N_("These commands store a new zero point, also for the next person: {names}."),
        _TAKE_OUT, _HARD,
    ),
    row(
        "machine-position", _REFUSE,
        N_("Uses another zero point"),
        N_("These commands count from another zero point, so we cannot follow them: {names}."),
        _RIGHT_MACHINE, _HARD,
    ),
    row(
        "probe", _REFUSE,
        N_("Looks for the material with a probe"),
        N_("These commands move until something is touched: {names}. This machine must not."),
        _TAKE_OUT, _HARD,
    ),
    row(
        "feed-mode", _REFUSE,
        N_("Another way to count speed"),
        N_("The file counts speed in a way that this machine does not use: {names}."),
        _RIGHT_MACHINE,
    ),
    row(
        "milling", _REFUSE,
        N_("Made for a milling machine"),
        N_("These commands are for a milling machine with tools: {names}."),
        _RIGHT_MACHINE,
    ),
    row(
        "meta-command", _REFUSE,
        N_("A program within the program"),
        N_("These commands decide, repeat or store something while it runs: {names}."),
        _TAKE_OUT, _HARD,
    ),
    row(
        "inches", _REFUSE,
        N_("Inches on a printer"),
        N_("The file counts in inches. This printer counts in millimetres: parts would be wrong."),
        N_("Choose millimetres in your software, save the file again and send it."),
    ),
    row(
        "needs-person", _ASK,
        N_("Waits for a person"),
        N_("The machine will stop and wait for somebody at these commands: {names}."),
        N_("Stay near the machine during the run. A manager looks at the file first."),
    ),
    row(
        "shifted-origin", _ASK,
        N_("Moves the zero point"),
        N_("The file moves the zero point while it runs: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "stored-place", _ASK,
        N_("Goes to a stored place"),
        N_("The head goes to a place that is stored in the machine: {names}. We cannot see where."),
        _MANAGER_LOOKS,
    ),
    row(
        "constant-power", _ASK,
        N_("Beam with constant power"),
        N_("The beam keeps its power when the head slows down or stops: {names}. It can burn."),
        N_("Choose “variable power” (M4) in your software, or let a manager look at the file."),
    ),
    row(
        "mist", _ASK,
        N_("Switches a second air or water line"),
        N_("The file switches an outlet that is not the usual air: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "other-plane", _ASK,
        N_("Arcs that go up and down"),
        N_("The file has arcs that leave the flat of the bed: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "test-print", _ASK,
        N_("Test pattern first"),
        N_("On many printers this command prints a test pattern first: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "spindle-on-printer", _ASK,
        N_("Commands of a laser or a mill"),
        N_("The file switches a laser or a mill: {names}. This machine is a printer."),
        _MANAGER_LOOKS,
    ),
    row(
        "other-tool", _ASK,
        N_("More than one tool"),
        N_("The file asks for another nozzle or filament than the first: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "left-out", _ADVISE,
        N_("Some commands are left out"),
        N_("We left these commands out: {names}. The lab's own settings count."),
        _NOTHING,
    ),
    row(
        "not-ascii", _REFUSE,
        N_("Strange characters"),
        N_("There are characters that do not belong in G-code, such as accents: {names}."),
        _SAVE_AGAIN, _HARD,
    ),
    row(
        "realtime", _REFUSE,
        N_("Characters that steer the machine"),
        N_("A “?”, “!” or “~” acts on the machine at once: {names}."),
        _SAVE_AGAIN, _HARD,
    ),
    row(
        "exponent", _REFUSE,
        N_("Numbers the machine misreads"),
        N_("Numbers written like 1e-5 are misread by machines: {names}."),
        _SAVE_AGAIN, _HARD,
    ),
    row(
        "checksum", _REFUSE,
        N_("Damaged lines"),
        N_("A line and its own check number do not match: {names}. The file is damaged."),
        _SAVE_AGAIN, _HARD,
    ),
    row(
        "unreadable-line", _REFUSE,
        N_("Lines that are not G-code"),
        N_("We cannot read these lines: {names}."),
        _SAVE_AGAIN, _HARD,
    ),
    row(
        "repeated-word", _REFUSE,
        N_("The same word twice"),
        N_("A line gives the same value twice, so nobody knows which one counts: {names}."),
        _SAVE_AGAIN, _HARD,
    ),
    row(
        "conflicting-words", _REFUSE,
        N_("Two orders that exclude each other"),
        N_("A line gives two orders that exclude each other: {names}."),
        _SAVE_AGAIN, _HARD,
    ),
    row(
        "unknown-word", _REFUSE,
        N_("A word without meaning here"),
        N_("A line has a word that means nothing to this machine: {names}."),
        _RIGHT_MACHINE,
    ),
    row(
        "unfamiliar-word", _ASK,
        N_("An unfamiliar word"),
        N_("A command has a value that we do not know: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "absurd-number", _REFUSE,
        N_("A number far too large"),
        N_("No machine needs a number this large: {names}. The file is damaged."),
        _SAVE_AGAIN,
    ),
    row(
        "several-commands", _ASK,
        N_("Two commands on one line"),
        N_("This machine reads one command a line. We wrote these on lines of their own: {names}."),
        _MANAGER_LOOKS,
    ),
    row(
        "missing-value", _REFUSE,
        N_("A value is missing or negative"),
        N_("A command needs a number above zero: {names}."),
        _SAVE_AGAIN,
    ),
    row(
        "line-too-long", _REFUSE,
        N_("A line is too long"),
        N_("A line is longer than the machine can hold. It would cut it and misread it."),
        N_("Choose fewer decimals in your software (three are enough) and save the file again."),
        _HARD,
    ),
    row(
        "after-end", _ADVISE,
        N_("Lines after the end"),
        N_("There are lines after the end of the program. We left them out."),
        _NOTHING,
    ),
)  # fmt: skip
"""What the tables of `gcode.dialects` and the reader of lines can find."""
