"""A report on a terminal: the verdict first, then what to look at and what to do."""

import pytest

from fablab_hub.cli.report_text import print_report
from jobs.report import (
    CheckedFile,
    Facts,
    FileKind,
    Finding,
    Report,
    Severity,
    Where,
    verdict_of,
)

PROGRAM = b"""G21
G0 X10 Y10
G1 X900 S300 F1200
G1 \x1b[2JX910
G1 X920
G1 X930
G1 X10
"""


def lines(*numbers):
    return tuple(Where(line=number) for number in numbers)


@pytest.fixture
def shown(capsys, monkeypatch, tmp_path):
    """Print a report about `PROGRAM`; gives what a person sees."""
    monkeypatch.setenv("COLUMNS", "60")
    path = tmp_path / "part.gcode"
    path.write_bytes(PROGRAM)

    def shown(*findings, language="en", kind=FileKind.GCODE, file=path):
        monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
        checked = CheckedFile(name="part", sha256="0", bytes=1, kind=kind, dialect="grbl")
        verdict = verdict_of(findings)
        print_report(Report(file=checked, verdict=verdict, findings=findings, facts=Facts()), file)
        return capsys.readouterr().out

    return shown


OUT = Finding(
    rule="gcode.out-of-bounds",
    severity=Severity.REFUSE,
    count=4,
    where=lines(3, 4, 5, 6),
    facts={"over_mm": 330},
)


def test_a_refusal_shows_the_lines_that_caused_it_and_the_way_out(shown):
    assert (
        shown(OUT)
        == """Refused. This file cannot run as it is.

✗ 1. The work leaves the bed by 330 mm. The machine would hit its end.
     Line 3  G1 X900 S300 F1200
     Line 4  G1 ␛[2JX910
     Line 5  G1 X920
     and at 1 more place
   → Move or shrink the drawing in your software so that it lies inside the bed.
     gcode.out-of-bounds

"""
    )


def test_it_is_said_in_french_too(shown):
    text = shown(OUT, language="fr")
    assert text.startswith("Refusé.")
    assert "Ligne\xa03  G1 X900" in text
    assert "et à 1 autre endroit\n" in text


def test_findings_have_the_numbers_of_their_marks_on_the_picture(shown):
    asks = Finding(rule="gcode.too-long", severity=Severity.ASK, facts={"hours": 3, "max": 2})
    text = shown(OUT, asks)
    assert "\n✗ 1. " in text
    assert "\n? 2. " in text


def test_a_file_that_has_gone_still_has_its_line_numbers(shown, tmp_path):
    assert "     Line 3\n" in shown(OUT, file=tmp_path / "gone.gcode")


def test_a_long_line_is_cut_to_the_width_of_the_terminal(shown, tmp_path):
    path = tmp_path / "wide.gcode"
    path.write_bytes(b"\n\nG1 X1 " + b"(" * 500 + b"\n")
    text = shown(OUT, file=path)
    (line,) = [line for line in text.splitlines() if "Line 3" in line]
    assert line.endswith("…")
    assert len(line) <= 60


def test_a_place_on_a_drawing_is_said_by_its_layer_and_its_millimetres(shown):
    spot = Finding(
        rule="drawing.tiny-gap",
        severity=Severity.ASK,
        where=(Where(layer="DÉCOUPE\x1b[31m", at_mm=(12.5, 4.0)), Where(line=7)),
        facts={"gap_mm": 0.2},
    )
    text = shown(spot, kind=FileKind.DXF)
    assert "     DÉCOUPE␛[31m · 12.5 mm from the left, 4 mm from the front\n" in text
    assert "Line 7" not in text, "that line is of the program made from the drawing"
