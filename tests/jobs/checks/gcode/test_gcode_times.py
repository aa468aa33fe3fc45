"""The estimated time of real prints, beside what their slicers say of them."""

import dataclasses
from pathlib import Path

import pytest

from fablab_hub.core.config import read_settings
from fablab_hub.core.machines import MotionLimits
from jobs.checks.gcode import Checker
from tests.bench.corpus_prints import CorpusPrint, corpus_prints, settings_for

WITHIN = 0.05

GUESSED = frozenset({"UAF__SolarPanel_Bracket.gcode", "UAF__4NeedleTestBlock.gcode"})
"""Their slicer leaves the printer's own start and end code out, and names no limits."""


def duration_s(each: CorpusPrint, settings: Path, motion: MotionLimits | None = None) -> float:
    machine = read_settings(settings).machines[each.machine]
    if motion is not None:
        machine = dataclasses.replace(machine, motion=motion)
    checker = Checker(machine, None, lambda _: None)
    checker.feed(each.path.read_bytes())
    facts = checker.finish().facts
    # Slicers do not count how long the heaters take.
    return facts.duration_s - (facts.heating_s or 0.0)


@pytest.fixture(scope="module")
def prints(corpus: Path) -> list[CorpusPrint]:
    return [each for each in corpus_prints(corpus) if not each.unfit]


@pytest.fixture(scope="module")
def settings(prints: list[CorpusPrint], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("times") / "fablab.toml"
    path.write_text(settings_for(prints), encoding="utf-8")
    return path


@pytest.mark.corpus
def test_a_print_takes_as_long_as_its_slicer_says(
    prints: list[CorpusPrint], settings: Path
) -> None:
    known = [each for each in prints if each.limits_from and each.name not in GUESSED]
    assert len(known) >= 7
    off = {
        each.name: duration_s(each, settings) / (each.estimate.time_s + each.own_code_s) - 1
        for each in known
    }
    assert {name: f"{part:+.1%}" for name, part in off.items() if abs(part) > WITHIN} == {}


@pytest.mark.corpus
def test_a_machine_that_speeds_up_more_slowly_takes_longer(
    prints: list[CorpusPrint], settings: Path
) -> None:
    each = next(each for each in prints if each.limits_from == "file")
    limits = read_settings(settings).machines[each.machine].motion_limits
    x, y, z, e = limits.max_accel_mm_s2
    lazy = dataclasses.replace(limits, max_accel_mm_s2=(x / 10, y / 10, z, e))
    assert duration_s(each, settings, lazy) > 1.05 * duration_s(each, settings)
