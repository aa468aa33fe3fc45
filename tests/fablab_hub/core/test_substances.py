"""Which materials a laser may burn: what is not known is asked, what is dangerous is refused."""

import pytest

from fablab_hub.core.config import read_settings
from fablab_hub.core.errors import ConfigError
from fablab_hub.core.substances import SUBSTANCES, Burning, substance_of

LAB = """
[materials.{id}]
name = {{ fr = "{name}", en = "{name}" }}
thickness_mm = 3
{more}
"""


@pytest.mark.parametrize(
    ("name", "burning"),
    [
        ("Vinyle adhésif", Burning.NEVER), ("PVC 3 mm", Burning.NEVER), ("Skaï", Burning.NEVER),
        ("Lexan", Burning.NEVER), ("Téflon", Burning.NEVER), ("Plaque de carbone", Burning.NEVER),
        ("Polystyrène extrudé", Burning.NEVER), ("Cuir chromé au chrome", Burning.NEVER),
        ("Bois traité", Burning.NEVER), ("MDF 6 mm", Burning.ASK), ("Feutre de laine", Burning.ASK),
        ("Delrin", Burning.ASK), ("Contreplaqué de peuplier", Burning.ALLOWED),
        ("Plexiglas coulé", Burning.ALLOWED), ("Cartons", Burning.ALLOWED),
        ("Cuir végétal", Burning.ALLOWED), ("Verre", Burning.ALLOWED),
    ],
)  # fmt: skip
def test_a_material_is_recognised_by_the_words_that_people_use(name, burning):
    assert substance_of([name]).burning is burning


def test_what_nobody_knows_is_not_guessed():
    assert substance_of(["Plastique bleu", "trouvé-01"]) is None


def test_every_substance_is_recognised_by_each_of_its_names():
    for substance in SUBSTANCES:
        for words in substance.names:
            found = substance_of([" ".join(words)])
            assert found is not None
            assert SUBSTANCES.index(found) <= SUBSTANCES.index(substance)


def _read(tmp_path, **fields):
    path = tmp_path / "fablab.toml"
    path.write_text(LAB.format(**{"more": "", **fields}), encoding="utf-8")
    return read_settings(path).materials[fields["id"]]


def test_a_dangerous_material_can_only_be_forbidden(tmp_path):
    with pytest.raises(ConfigError) as raised:
        _read(
            tmp_path, id="sheet-3", name="Simili", more="cut = { power = 0.5, feed_mm_min = 900 }"
        )
    assert raised.value.code == "config.dangerous-material"
    assert raised.value.fields["found"] == "pvc"
    assert _read(tmp_path, id="sheet-3", name="Simili", more="is_forbidden = true").is_forbidden


@pytest.mark.parametrize(
    ("name", "needs_staff"),
    [("Plaque mystère", True), ("MDF", True), ("Contreplaqué", False), ("Carton", False)],
)
def test_staff_looks_at_what_is_doubtful_or_unknown(tmp_path, name, needs_staff):
    assert _read(tmp_path, id="sheet-3", name=name).needs_staff is needs_staff
