"""How much of a run is done: by the time of its moves, not by the number of its lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.programs import MAX_MARKS, Mark, Program, thinned


def program(lines: int, *marks: Mark) -> Program:
    return Program(path=Path("p"), sha256="", lines=lines, duration_s=60.0, marks=marks)


def test_ten_short_lines_and_one_long_one() -> None:
    """Ten engraved dots take a second in all, the cut after them a minute."""
    job = program(11, Mark(10, 100, 1.0), Mark(11, 120, 61.0))

    assert job.fraction_at(0) == 0.0
    assert job.fraction_at(5) == pytest.approx(0.5 / 61)
    assert job.fraction_at(10) == pytest.approx(1 / 61)
    assert job.fraction_at(11) == 1.0


def test_without_marks_every_line_counts_alike() -> None:
    assert program(8).fraction_at(2) == 0.25
    assert program(0).fraction_at(2) == 0.0


marks = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 1000), st.floats(0, 100)), min_size=1, max_size=300
).map(
    lambda steps: [
        Mark(
            sum(step[0] for step in steps[: n + 1]),
            sum(step[1] for step in steps[: n + 1]),
            sum(step[2] for step in steps[: n + 1]),
        )
        for n in range(len(steps))
    ]
)


@given(marks, st.integers(0, 20))
def test_a_run_only_ever_gets_nearer_to_its_end(found: list[Mark], lines_after: int) -> None:
    lines = found[-1].line + lines_after
    job = program(lines, *thinned(found))

    shown = [job.fraction_at(line) for line in range(0, lines + 1, max(1, lines // 50))]

    assert all(0.0 <= part <= 1.0 for part in shown)
    assert shown == sorted(shown)
    assert job.fraction_at(lines) == 1.0 or lines == 0


@given(marks)
def test_few_enough_marks_are_kept_and_the_last_among_them(found: list[Mark]) -> None:
    kept = thinned(found)

    assert len(kept) <= MAX_MARKS
    assert kept[-1] == found[-1]
    assert set(kept) <= set(found)
