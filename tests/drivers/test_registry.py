"""The registry: our own drivers, outside ones, and broken ones."""

import sys
from pathlib import Path

import pytest

from drivers.grbl.driver import GrblDriver
from drivers.marlin.driver import MarlinDriver
from drivers.registry import broken_drivers, driver_names, make_driver
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.errors import ConfigError, DriverError
from fablab_hub.core.machines import Label, Machine, MachineKind

OUTSIDE = """
def make(machine, clock):
    return ("outside", machine.id)
"""


def machine_with(driver: str) -> Machine:
    return Machine(
        id="m1",
        name=Label("M", "M"),
        kind=MachineKind.PRINTER,
        driver=driver,
        dialect="marlin",
        port="/dev/null",
        bed_mm=(200, 200, 200),
    )


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package with one good driver, two broken ones, and one that takes our name."""
    (tmp_path / "outside_good.py").write_text(OUTSIDE)
    (tmp_path / "outside_broken.py").write_text("raise RuntimeError('no such library')\n")
    info = tmp_path / "outside_drivers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: outside-drivers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[fablab_hub.drivers]\n"
        "good = outside_good:make\n"
        "broken = outside_broken:make\n"
        "gone = outside_good:nothing\n"
        "marlin = outside_good:make\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    for name in ("outside_good", "outside_broken"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(("name", "kind"), [("grbl", GrblDriver), ("marlin", MarlinDriver)])
def test_our_own_drivers_are_made_by_name(name, kind):
    assert isinstance(make_driver(machine_with(name), SystemClock()), kind)


def test_a_driver_that_nobody_brings_is_named_with_those_that_are_there():
    with pytest.raises(ConfigError) as caught:
        make_driver(machine_with("lathe"), SystemClock())
    assert caught.value.code == "config.no-such-driver"
    assert caught.value.fields == {"driver": "lathe", "known": ", ".join(driver_names())}


@pytest.mark.usefixtures("outside")
def test_an_outside_driver_is_found_and_made():
    assert {"good", "broken", "gone", "grbl", "marlin"} <= set(driver_names())
    assert make_driver(machine_with("good"), SystemClock()) == ("outside", "m1")


@pytest.mark.usefixtures("outside")
def test_a_broken_driver_is_listed_as_broken_and_the_others_go_on():
    assert set(broken_drivers()) == {"broken", "gone"}
    assert "no such library" in broken_drivers()["broken"]
    with pytest.raises(DriverError) as caught:
        make_driver(machine_with("broken"), SystemClock())
    assert caught.value.code == "driver.broken"
    assert make_driver(machine_with("grbl"), SystemClock())


@pytest.mark.usefixtures("outside")
def test_an_outside_driver_cannot_take_the_name_of_one_of_ours():
    assert isinstance(make_driver(machine_with("marlin"), SystemClock()), MarlinDriver)
