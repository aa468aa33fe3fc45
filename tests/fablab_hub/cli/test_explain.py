"""`fablab-hub check --explain RULE`: a person asks what a rule wants of them."""

import pytest
from click.testing import CliRunner

from fablab_hub.cli.check import check
from fablab_hub.cli.explain import near_names
from fablab_hub.core.i18n.words import translate
from jobs.checks.rules import RULES


@pytest.fixture
def ask(monkeypatch):
    def ask(*arguments, language="en"):
        monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
        return CliRunner().invoke(check, arguments)

    return ask


def test_a_rule_is_explained_without_a_file_or_a_machine(ask):
    done = ask("--explain", "gcode.settings")
    assert done.exit_code == 0
    assert done.stdout.startswith(
        """gcode.settings · Changes the machine's settings

What it finds
  These commands change how the machine is set, also for the next person: ….

What happens then
  The file is refused. No fablab can lower this rule.

What to do
  Take these lines out of the start and end code. Save the file again.
"""
    )


@pytest.mark.parametrize("name", ["cold-extrusion", "GCODE.Cold-Extrusion "])
def test_a_rule_is_found_without_its_beginning_and_in_capitals(ask, name):
    assert ask("--explain", name).stdout.startswith("gcode.cold-extrusion · ")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_rule_is_explained_by_the_words_of_the_table(ask, language):
    for rule in RULES.values():
        done = ask("--explain", rule.id, language=language)
        assert translate(rule.title, language) in done.stdout
        assert translate(rule.message, language).partition("{")[0] in done.stdout
        assert translate(rule.remedy, language).partition("{")[0] in done.stdout
        assert "{" not in done.stdout


def test_the_error_of_a_file_that_cannot_be_read_is_explained_too(ask):
    done = ask("--explain", "check.too-large", language="fr")
    assert "trop gros" in done.stdout
    assert ask("--explain", "internal").exit_code == 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gcode.cold-extrusin", "gcode.cold-extrusion"),
        ("out-of-bound", "gcode.out-of-bounds"),
        ("gap", "drawing.tiny-gap"),
        ("drawing.cold-extrusion", "gcode.cold-extrusion"),
    ],
)
def test_a_name_that_does_not_exist_brings_near_ones(ask, typed, meant):
    done = ask("--explain", typed)
    assert done.exit_code == 2
    assert f"no rule {typed}" in done.stderr
    assert meant in near_names(typed)
    assert meant in done.stderr


def test_a_name_like_no_other_brings_the_way_to_the_list(ask):
    done = ask("--explain", "zzz", language="fr")
    assert done.exit_code == 2
    assert near_names("zzz") == []
    assert "check --rules" in done.stderr


def test_the_list_names_every_rule_and_marks_the_hard_ones(ask):
    lines = ask("--rules").stdout.splitlines()
    for rule in RULES.values():
        (line,) = [line for line in lines if f" {rule.id} " in line]
        assert line.endswith(rule.title)
        assert line.startswith({"refuse": "✗", "ask": "?", "advise": "·"}[rule.severity])
        assert (line[1] == "!") is rule.is_hard
