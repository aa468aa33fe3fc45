"""The page of results keeps what was not measured again."""

from pathlib import Path

import pytest

from tests.bench import table
from tests.bench.table import Row, write_results


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "benchmarks.md"
    monkeypatch.setattr(table, "RESULTS", path)
    return path


def test_one_benchmark_measured_again_leaves_the_others_as_they_were(page: Path) -> None:
    notes = {"pages": "On a slow network."}
    write_results({"start": [Row(name="demo", median=2, unit="s")]}, notes)
    write_results({"pages": [Row(name="submit", median=70, unit="kB")]}, notes)

    write_results({"start": [Row(name="demo", median=1, unit="s")]}, notes)

    text = page.read_text(encoding="utf-8")
    assert "| demo | 1 s |" in text
    assert "| demo | 2 s |" not in text
    assert "| submit | 70 kB |" in text
    assert text.endswith("On a slow network.\n")


def test_a_benchmark_that_was_not_run_keeps_its_last_figures(page: Path) -> None:
    write_results({"corpus": [Row(name="one file", median=3, unit="s")]}, {})

    write_results({"corpus": []}, {})

    assert "| one file | 3 s |" in page.read_text(encoding="utf-8")


def test_a_missed_goal_is_shown_as_missed(page: Path) -> None:
    write_results(
        {"x": [Row(name="check", median=3, unit="s", ratio=0.0133, goal="≤ 1/80", is_met=False)]},
        {},
    )

    assert "| 0.0133 | ≤ 1/80 | **missed** |" in page.read_text(encoding="utf-8")
