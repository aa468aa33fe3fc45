"""Check every real program on the machine it was made for: docs/corpus-verdicts-gcode.md.

`python -m tests.bench.corpus_gcode` writes the page anew; a test makes it again and compares.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from fablab_hub.core.errors import FileError
from fablab_hub.core.machines import Label
from fablab_hub.core.materials import Material, Preset
from fablab_hub.gcode.dialects.slicers import slicer_of
from fablab_hub.gcode.sniff import HEAD_BYTES
from jobs.checks.gcode import Checker
from jobs.checks.gcode_file import require_gcode
from jobs.report import Finding, Verdict, verdict_of
from tests.bench.corpus_machines import FILES, MACHINES, Expected
from tests.conftest import corpus_folder

PAGE = Path(__file__).parents[2] / "docs" / "corpus-verdicts-gcode.md"

_PLYWOOD = Material(
    id="plywood-3",
    name=Label("Contreplaqué 3 mm", "Plywood 3 mm"),
    thickness_mm=3,
    cut=Preset(power=0.75, feed_mm_min=900),
)
_PLA = Material(id="pla", name=Label("PLA", "PLA"), thickness_mm=1.75)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check said of one file.

    Attributes:
        verdict: None where it is no program.
        said: its findings, or why it was not read.
        slicer: that wrote it, as far as it says so.
    """

    verdict: Verdict | None
    said: str
    slicer: str


def check(path: Path, expected: Expected) -> Checked:
    """Check one file on its own machine."""
    machine = MACHINES[expected.machine]
    content = path.read_bytes()
    head = content[:HEAD_BYTES]
    slicer = slicer_of(head)
    name = slicer.name if slicer else ""
    try:
        require_gcode(head)
    except FileError as error:
        return Checked(None, error.code, name)
    material = _PLYWOOD if machine.laser else _PLA
    checker = Checker(machine, material, lambda _: None, head=head)
    checker.feed(content)
    findings = checker.finish().findings
    return Checked(verdict_of(findings), ", ".join(map(_say, findings)), name)


def page(folder: Path) -> str:
    """Make the page."""
    rows, verdicts = [], Counter[str]()
    for name, expected in FILES.items():
        checked = check(folder / "gcode" / name, expected)
        verdict = checked.verdict.value if checked.verdict else "not read"
        verdicts[verdict] += 1
        rows.append(
            f"| {name} | {checked.slicer} | {expected.machine} | {verdict} | {checked.said} "
            f"| {expected.why} |\n"
        )
    text = "# Real programs on the machines they were made for\n\n"
    text += (
        "Made by `python -m tests.bench.corpus_gcode`; a test makes it again and compares. Where\n"
        "a file names its machine, the machine's figures are those of the file "
        "(`tests/bench/corpus_machines.py`).\nLasers cut plywood here, printers have PLA.\n\n"
    )
    text += "".join(f"- {verdict}: {count}\n" for verdict, count in sorted(verdicts.items()))
    text += "\n| file | written by | machine | verdict | findings | why |\n"
    text += "| --- | --- | --- | --- | --- | --- |\n"
    return text + "".join(rows)


def _say(finding: Finding) -> str:
    return finding.rule + (f" ×{finding.count}" if finding.count > 1 else "")


def main() -> None:
    """Write the page."""
    folder = corpus_folder()
    if folder is None:
        print("The corpus of real files is not here; set FABLAB_CORPUS to its folder.")
        return
    PAGE.write_text(page(folder), encoding="utf-8")


if __name__ == "__main__":
    main()
