"""Profiles of machines: each shipped one can be used as it is, and a lab's own words count more."""

import tomllib

import pytest

from drivers.registry import driver_names
from fablab_hub.core.config import read_settings
from fablab_hub.core.error_texts import describe
from fablab_hub.core.errors import ConfigError
from fablab_hub.core.machines import MachineKind, Zero
from fablab_hub.core.profiles import SHIPPED, profile_files, read_profile
from fablab_hub.gcode.dialects.registry import DIALECTS

IDS = sorted(path.stem for path in SHIPPED.glob("*.toml"))


@pytest.fixture
def lab(tmp_path):
    """Settings with one machine, and profiles beside them."""

    def read(machine, **profiles):
        (tmp_path / "profiles").mkdir(exist_ok=True)
        for name, text in profiles.items():
            (tmp_path / "profiles" / f"{name}.toml").write_text(text)
        path = tmp_path / "fablab.toml"
        path.write_text(
            f'[machines.ours]\nname = {{ fr = "A", en = "A" }}\nport = "a"\n{machine}\n'
        )
        return read_settings(path).machines["ours"]

    return read


def test_there_are_a_dozen_printers_and_half_a_dozen_lasers():
    kinds = [tomllib.loads((SHIPPED / f"{id_}.toml").read_text())["kind"] for id_ in IDS]
    assert kinds.count("printer") >= 12
    assert kinds.count("laser") >= 6


@pytest.mark.parametrize("id_", IDS)
def test_a_shipped_profile_is_a_whole_machine_and_says_where_it_is_from(lab, id_):
    machine = lab(f'profile = "{id_}"')
    profile = read_profile(SHIPPED / f"{id_}.toml")
    assert len(profile.source) > 40
    assert machine.profile == id_
    assert machine.driver in driver_names()
    assert DIALECTS[machine.dialect].kind is machine.kind
    assert min(machine.bed_mm[:2]) >= 100 and max(machine.bed_mm) <= 1000
    assert machine.motion is not None
    assert machine.max_feed_mm_min == max(machine.motion.max_feed_mm_min[:2])
    assert machine.max_accel_mm_s2 == max(machine.motion.max_accel_mm_s2[:2])
    if machine.kind is MachineKind.PRINTER:
        assert 200 <= machine.printer.max_nozzle_c <= 320
        assert machine.printer.max_bed_c <= 130
    else:
        assert 2 <= machine.laser.tube_w <= 150
        assert machine.bed_mm[2] == 0


@pytest.mark.parametrize("id_", IDS)
def test_a_profile_is_the_same_as_its_values_written_out(lab, id_):
    text = (SHIPPED / f"{id_}.toml").read_text()
    body = text[text.index("kind = ") :]
    written_out = "\n".join(
        f"[machines.ours.{line[1:]}" if line.startswith("[") else line for line in body.split("\n")
    )
    by_hand, by_profile = lab(written_out), lab(f'profile = "{id_}"')
    for name in by_hand.__dataclass_fields__:
        if name != "profile":
            assert getattr(by_hand, name) == getattr(by_profile, name), name


def test_what_the_lab_says_counts_more_value_by_value(lab):
    machine = lab('profile = "prusa-mk3s"\nmargin_mm = 1\nprinter = { max_nozzle_c = 250 }')
    assert machine.margin_mm == 1
    assert (machine.printer.max_nozzle_c, machine.printer.max_bed_c) == (250, 120)
    assert machine.bed_mm == (250, 210, 210)
    assert machine.name.en == "A"


def test_the_labs_own_profile_wins_over_a_shipped_one(lab, tmp_path):
    own = (SHIPPED / "prusa-mk3s.toml").read_text().replace("250, 210, 210", "250, 210, 180")
    machine = lab('profile = "prusa-mk3s"', **{"prusa-mk3s": own})
    assert machine.bed_mm[2] == 180
    assert profile_files(tmp_path)["prusa-mk3s"].parent == tmp_path / "profiles"
    assert profile_files(None)["prusa-mk3s"].parent == SHIPPED


def test_a_delta_counts_from_the_middle_of_its_bed(lab):
    machine = lab('profile = "anycubic-predator"\nmargin_mm = 0')
    assert machine.zero is Zero.MIDDLE
    assert machine.reach_mm.min_mm[:2] == (-185, -185)
    assert machine.reach_mm.max_mm == (185, 185, 455)


GOOD = 'source = "ours"\nkind = "printer"\ndriver = "marlin"\ndialect = "marlin"\n'


@pytest.mark.parametrize(
    ("machine", "profile", "code", "file", "line", "says"),
    [
        ('profile = "prusa-mk3"', "", "config.unknown-reference", "fablab.toml", 4, "prusa-mk3s"),
        ("profile = 3", "", "config.not-text", "fablab.toml", 4, "profile"),
        ('profile = "own"', GOOD + "bed_mm = [0, 1, 1]\n", "config.not-above", "own.toml", 5, "0"),
        ('profile = "own"', GOOD + "bed_cm = 3\n", "config.unknown-key", "own.toml", 5, "bed_mm"),
        ('profile = "own"', GOOD + "bed_mm = [\n", "config.syntax", "own.toml", 5, ""),
        ('profile = "own"', GOOD[16:], "config.missing-key", "own.toml", 1, "source"),
        ('profile = "own"\nbed_mm = [0, 1, 1]', GOOD, "config.not-above", "fablab.toml", 5, "0"),
    ],
)
def test_a_mistake_is_named_in_the_file_where_it_stands(
    lab, machine, profile, code, file, line, says
):
    with pytest.raises(ConfigError) as mistake:
        lab(machine, **({"own": profile} if profile else {}))
    fields = mistake.value.fields
    assert (mistake.value.code, fields["file"], fields["line"]) == (code, file, line)
    assert says in describe(mistake.value, "en").message
