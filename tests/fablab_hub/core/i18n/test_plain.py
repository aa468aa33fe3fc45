"""Plain French: every rule finds what it is for, and leaves good sentences alone."""

import re

import pytest
from babel.messages.catalog import Catalog
from hypothesis import example, given
from hypothesis import strategies as st

from fablab_hub.core.i18n.plain import (
    catalogue_findings,
    findings,
    main,
    profile_of,
    sentences_of,
    stale,
    word_count,
)
from fablab_hub.core.i18n.plain_rules import (
    EVERYBODY,
    EXEMPTIONS,
    HARD_WORDS,
    KNOWN_CAPITALS,
    NO_BREAK,
    TERMINAL,
    TRADE_WORDS,
    Exemption,
    Rule,
)

NB = NO_BREAK[0]
WORDS = st.sampled_from(["le", "plateau", "l’eau", "ta", "pièce", "{machine}", "tourne", "G-code"])

GOOD = [
    "Appelle un formateur.",
    f"Va à la machine{NB}: {{machine}}.",
    f"Appuie sur «{NB}Fabriquer{NB}».",
    f"Il reste {{minutes}}{NB}min, soit 3 sur 4.",
    f"Es-tu là{NB}?! Oui{NB}!",
    "Ouvre fablab.toml.",
    "Choisis la plus grande valeur (M4) ici, puis pars.",
    "FabLab Hub attend.",
    "Un fichier DXF ou G-code.",
]
BAD = [
    ("Appelle " + "un " * 15 + "formateur.", Rule.LONG_SENTENCE),
    ("Oui. Non. Oui. Non. Oui.", Rule.MANY_SENTENCES),
    ("Regarde, vide le plateau, recommence.", Rule.MANY_IDEAS),
    ("Regarde (tout près du câble), puis pars.", Rule.MANY_IDEAS),
    ("Mets la clé dans le lieu.", Rule.HARD_WORD),
    ("Le hub attend.", Rule.HARD_WORD),
    ("Veuillez entrer.", Rule.HARD_WORD),
    ("Regarde le firmware.", Rule.HARD_WORD),
    ("Prends deux plaques.", Rule.NUMBER_IN_LETTERS),
    ("Mets ta CLÉ ici.", Rule.CAPITALS),
    ("Il en reste 30 %.", Rule.CHARACTER),
    ("C'est fini.", Rule.CHARACTER),
    ("Un mot *fort*.", Rule.CHARACTER),
    ("Attends...", Rule.CHARACTER),
    ("Prêt ?", Rule.SPACE),
    ("Prêt?", Rule.SPACE),
    ("Appuie sur « Oui ».", Rule.SPACE),
    ("Coupe {size} mm.", Rule.SPACE),
]


@pytest.mark.parametrize("text", GOOD)
def test_a_plain_sentence_passes(text):
    assert findings(text) == ()


@pytest.mark.parametrize(("text", "rule"), BAD)
def test_a_hard_sentence_is_found_by_its_rule(text, rule):
    assert rule in {finding.rule for finding in findings(text)}


HARD = (
    "veuillez hub nous équipe effectuer sélectionne clique téléverse paramètre afin lors lorsque "
    "actuellement préalable ultérieurement notamment dysfonctionnement invalide requis "
    "authentification utilisateur fabmanager matière slicer lab job etc idem procédure "
    "éventuellement concernant du coup défectueux interrompu saisir visualiser supprimer "
    "opération statut firmware agent port octet MQTT homing"
)


def test_every_hard_word_is_found_and_has_something_to_say_instead():
    missed = {**HARD_WORDS, **TRADE_WORDS}
    for finding in findings(HARD):
        missed = {one: advice for one, advice in missed.items() if advice != finding.advice}
    assert not missed


def test_a_word_inside_another_word_is_left_alone():
    assert findings("Le laboratoire a un alors et des réseaux.") == ()


def test_words_of_the_trade_are_only_for_whoever_installs_the_hub():
    assert findings("Regarde le port.", EVERYBODY)
    assert findings("Regarde le port.", TERMINAL) == ()


@pytest.mark.parametrize(
    ("english", "profile"),
    [
        ("Call a trainer.", EVERYBODY),
        ("Press the red button on the machine itself, now.", EVERYBODY),
        ("{file}, line {line}: “{key}” is missing.", TERMINAL),
        ("They can run: fablab-hub doctor.", TERMINAL),
        ("Give its folder with --data.", TERMINAL),
    ],
)
def test_who_reads_an_entry_is_told_by_what_it_names(english, profile):
    assert profile_of(english) is profile


@given(st.lists(WORDS, min_size=1, max_size=40))
@example(["le"] * EVERYBODY.words)
@example(["le"] * (EVERYBODY.words + 1))
def test_a_sentence_is_long_exactly_when_it_has_more_words_than_it_may(words):
    text = " ".join(words) + "."
    is_long = Rule.LONG_SENTENCE in {finding.rule for finding in findings(text)}
    assert word_count(text) == len(words)
    assert is_long == (len(words) > EVERYBODY.words)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=6))
def test_sentences_are_cut_where_they_end(sentences):
    text = " ".join(" ".join(words) + "." for words in sentences)
    assert [word_count(one) for one in sentences_of(text)] == [len(one) for one in sentences]


@given(st.text(max_size=200))
@example("{")
@example("« »")
@example("}{ mm : ; !")
def test_any_text_gets_an_answer(text):
    for finding in findings(text):
        assert finding.advice


@given(st.text(alphabet="abcdefghij ,.;:!?«»’", max_size=60), st.text(max_size=10))
def test_a_longer_name_in_a_placeholder_changes_no_length(text, name):
    short, long = text + "{x}", text + "{" + re.sub(r"[{}]", "", name) + "}"
    assert word_count(short) == word_count(long)


def _catalogue(*entries):
    catalogue = Catalog(locale="fr")
    for line, (english, french) in enumerate(entries, start=1):
        catalogue.add(english, french, lineno=line * 10)
    return catalogue


def test_remarks_name_the_line_and_come_in_its_order():
    catalogue = _catalogue(("Come in.", "Veuillez entrer."), ("Go.", "Va."), ("Two.", "Deux."))
    assert [(one.line, one.finding.rule) for one in catalogue_findings(catalogue)] == [
        (10, Rule.HARD_WORD),
        (30, Rule.NUMBER_IN_LETTERS),
    ]


def test_every_form_of_a_plural_is_read():
    catalogue = _catalogue((("{count} job", "{count} jobs"), ("{count} travail", "{count} jobs")))
    assert [one.finding.found for one in catalogue_findings(catalogue)] == ["jobs"]


def test_a_sentence_that_is_not_translated_and_a_long_english_one_are_found():
    english = "Look " + "at " * EVERYBODY.words + "it."
    rules = [
        one.finding.rule for one in catalogue_findings(_catalogue(("Go.", ""), (english, "Va.")))
    ]
    assert rules == [Rule.MISSING, Rule.LONG_SENTENCE]


def test_an_exemption_silences_one_rule_of_one_entry_and_is_reported_when_unused():
    catalogue = _catalogue(("Two.", "Deux."), ("Three.", "Trois."))
    used = Exemption("Two.", Rule.NUMBER_IN_LETTERS, "an example")
    unused = Exemption("Three.", Rule.CAPITALS, "an example")
    assert [one.english for one in catalogue_findings(catalogue, (used, unused))] == ["Three."]
    assert stale(catalogue, (used, unused)) == (unused,)


def test_the_catalogue_of_the_hub_is_plain():
    assert main([]) == 0


def test_exemptions_are_few_and_say_why():
    assert len(EXEMPTIONS) <= 10
    assert all(len(exempt.reason) > 10 for exempt in EXEMPTIONS)
    assert all(KNOWN_CAPITALS.values())


def test_the_command_prints_places_and_ends_with_one(tmp_path, capsys):
    path = tmp_path / "fr.po"
    path.write_text('msgid "Two."\nmsgstr "Deux."\n', encoding="utf-8")
    assert main([str(path)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}:1: number-in-letters: Deux")
    path.write_text('msgid "Two."\nmsgstr "2."\n', encoding="utf-8")
    assert main([str(path)]) == 0
