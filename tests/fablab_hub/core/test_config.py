"""`fablab.toml`: a mistake is named with its line, its bound and the likely spelling."""

from pathlib import Path

import pytest

from fablab_hub.core.config import read_settings
from fablab_hub.core.error_texts import describe
from fablab_hub.core.errors import ConfigError

DEMO = Path(__file__).parents[3] / "fablab_hub" / "cli" / "demo.toml"

GOOD = """\
[lab]
name = "Atelier"

[machines.laser]
name = { fr = "Laser", en = "Laser" }
kind = "laser"
driver = "grbl"
dialect = "grbl"
port = "/dev/ttyUSB0"
bed_mm = [600, 400, 0]
camera = "bench"
laser = { tube_w = 60 }

[cameras.bench]
name = { fr = "Caméra", en = "Camera" }
source = "opencv"
address = "0"

[materials.plywood-3]
name = { fr = "Contreplaqué", en = "Plywood" }
thickness_mm = 3
aliases = ["bouleau"]
cut = { power = 0.7, feed_mm_min = 900 }
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "fablab.toml"
        path.write_text(text)
        return read_settings(path)

    return read


def test_the_demo_lab_is_what_the_readme_promises():
    settings = read_settings(DEMO)
    assert {id_: machine.bed_mm for id_, machine in settings.machines.items()} == {
        "laser": (600, 400, 0),
        "prusa": (250, 210, 210),
        "ender": (220, 220, 250),
    }
    assert {"plywood-3", "acrylic-3", "cardboard-2"} <= set(settings.materials)
    assert settings.materials["pvc-3"].is_forbidden


def test_a_good_file_becomes_frozen_values(read):
    settings = read(GOOD)
    assert settings.machines["laser"].id == "laser"
    assert settings.materials["plywood-3"].cut.feed_mm_min == 900
    assert settings.signin.pin_digits == 6
    with pytest.raises(AttributeError):
        settings.lab.name = "x"


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "says"),
    [
        ("name = \"Atelier\"", "nmae = \"Atelier\"", "config.unknown-key", 2, "“name”"),
        ("bed_mm = [600", "bed_cm = [600", "config.unknown-key", 10, "“bed_mm”"),
        ("thickness_mm = 3", "thickness = 3", "config.unknown-key", 21, "“thickness_mm”"),
        ("[machines.laser]", "[machine.laser]", "config.unknown-key", 4, "“machines”"),
        ("bed_mm = [600", "bed_mm = [0", "config.not-above", 10, "0"),
        ("power = 0.7", "power = 70", "config.too-large", 23, "1"),
        ('kind = "laser"', 'kind = "laserr"', "config.not-a-choice", 6, "laser, printer"),
        ("tube_w = 60", "full_power_s = 255", "config.missing-key", 12, "tube_w"),
        ("laser = { tube_w = 60 }", "", "config.missing-key", 4, "machines.laser.laser"),
        ('camera = "bench"', 'camera = "banch"', "config.unknown-reference", 11, "“bench”"),
        ("[cameras.bench]", "[cameras.bench", "config.syntax", 14, "line 14"),
        ('name = "Atelier"', 'zone = "Europe/Rostrenen"', "config.not-a-zone", 2, "Europe/Paris"),
        ('name = "Atelier"', 'language = "br"', "config.unknown-reference", 2, "br"),
        ("[materials.plywood-3]", "[materials.Ply_3]", "config.not-an-id", 19, "32"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_what_to_do(read, old, new, code, line, says):
    assert old in GOOD
    with pytest.raises(ConfigError) as mistake:
        read(GOOD.replace(old, new))
    assert mistake.value.code == code
    assert mistake.value.fields["line"] == line
    for language in ("en", "fr"):
        assert (
            says
            in describe(mistake.value, language).message + describe(mistake.value, language).remedy
        )


def test_two_machines_on_one_port_are_refused(read):
    second = GOOD[GOOD.index("[machines.laser]") : GOOD.index("[cameras")].replace("laser]", "two]")
    with pytest.raises(ConfigError) as clash:
        read(GOOD + second)
    assert clash.value.code == "config.conflict"
    assert clash.value.fields["other"] == "machines.laser.port"


def test_one_word_for_two_materials_is_refused(read):
    second = GOOD[GOOD.index("[materials") :].replace("plywood-3]", "birch-3]")
    with pytest.raises(ConfigError) as clash:
        read(GOOD + second)
    assert clash.value.code == "config.conflict"
    assert clash.value.fields["found"] == "bouleau"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError) as missing:
        read_settings(tmp_path / "nowhere.toml")
    assert missing.value.code == "config.missing"
