"""Check every real drawing for the demo's laser: docs/corpus-verdicts-drawings.md.

`python -m tests.bench.corpus_drawings` writes the page anew; a test makes it again and compares.
What is offered with one tap is taken: the repairs, and the unit that was guessed.
"""

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fablab_hub.core.config import read_settings
from fablab_hub.core.errors import FileError
from fablab_hub.core.settings import CheckSettings
from jobs.check import check_file
from jobs.report import Finding, Report, Verdict
from tests.conftest import corpus_folder

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "corpus-verdicts-drawings.md"
_LAB = read_settings(ROOT / "fablab_hub/cli/demo.toml")
LASER, PLYWOOD = _LAB.machines["laser"], _LAB.materials["plywood-3"]

AS_IS, AFTER_TAPS, ASKED, REFUSED, UNREADABLE = (
    "accepted as it is",
    "accepted after one-tap repairs",
    "asked",
    "refused",
    "not read",
)


OUTCOMES = (AS_IS, AFTER_TAPS, ASKED, REFUSED, UNREADABLE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one file.

    Attributes:
        outcome: one of the five.
        said: findings of the first check.
        taps: what was pressed.
        left: rules that ask or refuse after the taps.
        made: metres cut, engraved and travelled, and minutes; empty where nothing is made.
    """

    outcome: str
    said: str
    taps: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    made: str = ""


def check(path: Path) -> Checked:
    """Check one file, press what is offered, and check again."""
    try:
        report = _report(path, {})
    except FileError as error:
        return Checked(UNREADABLE, error.code)
    said = ", ".join(map(_say, report.findings))
    if report.verdict is Verdict.ACCEPTED:
        return Checked(AS_IS, said, made=_made(report))
    options: dict[str, Any] = {}
    repairs = [each.id for each in report.drawing.repairs] if report.drawing else []
    if repairs:
        options["repairs"] = repairs
    if report.drawing and any(_is_about_unit(finding) for finding in report.findings):
        options["unit"] = report.drawing.unit
    taps = (*repairs, *((f"unit {options['unit']}",) if "unit" in options else ()))
    again = _report(path, options) if taps else report
    left = tuple(finding.rule for finding in again.findings if finding.severity != "advise")
    if again.verdict is Verdict.ACCEPTED:
        return Checked(AFTER_TAPS, said, taps, made=_made(again))
    outcome = ASKED if again.verdict is Verdict.NEEDS_APPROVAL else REFUSED
    return Checked(outcome, said, taps, left, _made(again))


def _made(report: Report) -> str:
    """Say what the program does, as coarsely as every computer agrees on."""
    if report.program_sha256 is None:
        return ""
    facts = report.facts
    lengths = (facts.cut_mm or 0, facts.engrave_mm or 0, facts.travel_mm)
    cut, engraved, travel = (f"{length / 1000:.1f}" for length in lengths)
    return f"{cut}, {engraved}, {travel} m, {facts.duration_s / 60:.0f} min"


def _report(path: Path, options: dict[str, Any]) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        done = check_file(path, path.name, LASER, PLYWOOD, Path(folder), CheckSettings(), options)
        if done.report.verdict is not Verdict.REFUSED and done.program is None:
            raise AssertionError(f"{path.name} has no program")
        doubts = [f for f in done.report.findings if f.rule.startswith("gcode.")]
        if any(finding.severity != "advise" for finding in doubts):
            raise AssertionError(f"the guard doubts our own program of {path.name}: {doubts}")
        return done.report


def _is_about_unit(finding: Finding) -> bool:
    return finding.rule.startswith("drawing.unit-") and finding.severity != "advise"


def files(folder: Path) -> list[Path]:
    """List the drawings."""
    return [*sorted((folder / "dxf").iterdir()), *sorted((folder / "svg").iterdir())]


def page(folder: Path) -> str:
    """Make the page."""
    rows, outcomes = [], Counter[str]()
    why = Counter[str]()
    for path in files(folder):
        checked = check(path)
        outcomes[checked.outcome] += 1
        why.update(checked.left)
        if checked.outcome == UNREADABLE:
            why[checked.said] += 1
        rows.append(row_of(path, checked))
    total = sum(outcomes.values())
    text = "# Real drawings on the laser of the demo\n\n"
    text += (
        "Made by `python -m tests.bench.corpus_drawings`; a test makes it again and compares. The\n"
        "bed has 600 × 400 mm, the material is plywood of 3 mm. Pressed is what is offered with\n"
        "one tap: repairs, and the unit that was guessed.\n\n"
    )
    for outcome in OUTCOMES:
        count = outcomes[outcome]
        text += f"- {outcome}: {count} of {total} ({count / total:.0%})\n"
    text += "\nWhat still asks or refuses: "
    text += ", ".join(f"{rule} ({count})" for rule, count in why.most_common()) + ".\n"
    text += "\nMade: metres cut, engraved and travelled, and minutes at the machine.\n"
    text += "\n| file | outcome | made | findings | pressed |\n| --- | --- | --- | --- | --- |\n"
    return text + "".join(rows)


def row_of(path: Path, checked: Checked) -> str:
    """Write one file's row."""
    taps = ", ".join(checked.taps)
    return f"| {path.name} | {checked.outcome} | {checked.made} | {checked.said} | {taps} |\n"


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
