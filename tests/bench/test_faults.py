"""Faults are where the benchmark says they are, and leave the rest of the program as it was."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from fablab_hub.core.config import read_settings
from jobs.checks.gcode import check_program
from jobs.report import Severity
from tests.bench import faults, rasters
from tests.bench.checking import PRINT
from tests.bench.corpus_prints import SETTINGS
from tests.bench.faults import Fault, Planted, plant
from tests.bench.gcode_check import compare_with_planted
from tests.bench.gcode_data import Program

_SEAM = b";LAYER_CHANGE\n"
_CLEAN = b"G1 X1 Y2 E3\n" + b"".join(
    b";LAYER_CHANGE\nG1 Z0.%d F600\nG1 X1%d Y2%d E%d\n" % (n, n, n, n) for n in range(1, 9)
)


def test_a_fault_is_on_the_line_that_is_told() -> None:
    wrong = (Fault("settings", ("M500",)), Fault("inches", ("G21", "G20", "G21"), guilty=1))

    content, planted = plant(_CLEAN, wrong, _SEAM)

    lines = content.split(b"\n")
    assert [lines[item.line - 1] for item in planted] == [b"M500", b"G20"]
    assert [(item.first_line, item.last_line) for item in planted][1] == (
        planted[1].line - 1,
        planted[1].line + 1,
    )


def test_without_its_faults_the_program_is_what_it_was() -> None:
    content, planted = plant(_CLEAN, (Fault("settings", ("M500",)),) * 3, _SEAM)

    lines = content.splitlines(keepends=True)
    for item in reversed(planted):
        del lines[item.first_line - 1 : item.last_line]
    assert b"".join(lines) == _CLEAN


def test_a_fault_brings_the_head_and_the_filament_back() -> None:
    back = Fault("travel-out-of-bounds", ("G1 X900", "G1 X{x} Y{y} Z{z}", "G92 E{e}"))

    content, planted = plant(_CLEAN, (back,), _SEAM)

    lines = content.decode().split("\n")
    before = lines[planted[0].first_line - 2]
    layer = before.rpartition(" E")[2]
    assert before == f"G1 X1{layer} Y2{layer} E{layer}"
    assert lines[planted[0].line : planted[0].last_line] == [
        f"G1 X1{layer} Y2{layer} Z0.{layer}",
        f"G92 E{layer}",
    ]


def test_a_program_with_too_few_seams_is_not_planted_silently() -> None:
    with pytest.raises(ValueError, match="1 faults need more than 0 seams"):
        plant(b"G1 X1\n", (Fault("settings", ("M500",)),), _SEAM)


@pytest.mark.parametrize("style", ["absolute", "compact"])
def test_the_check_finds_each_fault_of_a_raster_and_nothing_in_the_clean_one(
    style: str, tmp_path: Path
) -> None:
    path = tmp_path / "raster.gcode"
    if style == "absolute":
        rasters.write_absolute(path, replace(rasters.ABSOLUTE, columns=60, rows=40))
        wrong, seam = faults.ABSOLUTE_FAULTS, faults.ROW
    else:
        rasters.write_compact(path, replace(rasters.COMPACT, columns=60, rows=40))
        wrong, seam = faults.COMPACT_FAULTS, faults.COMPACT_ROW
    clean = path.read_bytes()

    content, planted = plant(clean, wrong, seam)

    assert _serious(clean, "laser") == set()
    found = _serious(content, "laser")
    places = {place for item in planted for place in range(item.first_line, item.last_line + 1)}
    assert {(item.rule, item.line) for item in planted} <= found
    assert {line for _, line in found} <= places


@pytest.mark.parametrize("part", range(3))
def test_the_check_finds_each_fault_of_a_print_and_nothing_in_the_clean_one(part: int) -> None:
    clean = PRINT.read_bytes()

    # A third of the faults at a time: the print has too few layers for all of them.
    content, planted = plant(clean, faults.PRINT_FAULTS[part::3], faults.LAYER)

    assert _serious(clean, "printer") == set()
    found = _serious(content, "printer")
    places = {place for item in planted for place in range(item.first_line, item.last_line + 1)}
    assert {(item.rule, item.line) for item in planted} <= found
    assert {line for _, line in found} <= places


def _serious(content: bytes, machine: str) -> set[tuple[str, int | None]]:
    settings = read_settings(SETTINGS)
    checked = check_program(
        content.splitlines(keepends=True),
        settings.machines[machine],
        settings.materials["plywood-3"] if machine == "laser" else None,
        lambda _: None,
    )
    return set(
        itertools.chain.from_iterable(
            ((finding.rule.removeprefix("gcode."), where.line) for where in finding.where)
            for finding in checked.findings
            if finding.severity is not Severity.ADVISE
        )
    )


def test_a_fault_found_one_line_off_is_missed_and_a_remark_elsewhere_is_too_much() -> None:
    planted = (Planted("settings", 7, 7, 7), Planted("pins", 20, 19, 21))
    program = Program(
        name="x", machine="printer", clean=Path("a"), faulty=Path("b"), planted=planted
    )
    report = {
        "findings": [
            {"rule": "gcode.settings", "severity": "refuse", "where": [{"line": 8}]},
            {"rule": "gcode.pins", "severity": "refuse", "where": [{"line": 20}, {"line": 21}]},
            {"rule": "gcode.left-out", "severity": "advise", "where": [{"line": 3}]},
        ]
    }

    missed, strays = compare_with_planted(program, report)

    assert missed == ["settings not found on line 7"]
    assert strays == ["settings found on line 8"]
