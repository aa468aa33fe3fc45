"""What genuine files get on their own machines is written down, and stays so."""

import csv
from pathlib import Path

import pytest

from jobs.report import Verdict
from tests.bench.corpus_gcode import PAGE, check, page
from tests.bench.corpus_machines import FILES, MACHINES

pytestmark = pytest.mark.corpus


def test_every_program_of_the_corpus_has_its_machine(corpus: Path) -> None:
    with (corpus / "MANIFEST.csv").open(newline="", encoding="utf-8") as stream:
        names = {Path(row["file"]).name for row in csv.DictReader(stream) if row["kind"] == "gcode"}
    assert names == FILES.keys()
    assert {expected.machine for expected in FILES.values()} == MACHINES.keys()


def test_whatever_is_not_accepted_has_a_reason() -> None:
    for name, expected in FILES.items():
        assert bool(expected.why) is (expected.verdict is not Verdict.ACCEPTED), name


@pytest.mark.parametrize("name", FILES)
def test_a_real_program_gets_the_verdict_that_its_reason_calls_for(corpus: Path, name: str) -> None:
    found = check(corpus / "gcode" / name, FILES[name])
    assert found.verdict is FILES[name].verdict, found.said


def test_the_table_of_verdicts_is_up_to_date(corpus: Path) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(corpus), (
        "run `python -m tests.bench.corpus_gcode`"
    )
