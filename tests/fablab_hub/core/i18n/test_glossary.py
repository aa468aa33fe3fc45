"""The glossary: every word is explained by other words, in every language."""

import pytest

from fablab_hub.core.i18n.glossary import GLOSSARY
from fablab_hub.core.i18n.plain import sentences_of, word_count
from fablab_hub.core.i18n.plain_rules import EVERYBODY, KNOWN_CAPITALS
from fablab_hub.core.i18n.words import languages, translate


def test_there_are_enough_words_and_each_stands_under_its_own_id():
    assert len(GLOSSARY) >= 15
    assert all(term.id == id_ for id_, term in GLOSSARY.items())


@pytest.mark.parametrize("language", languages())
def test_a_word_is_explained_briefly_with_an_example_and_not_by_itself(language):
    for term in GLOSSARY.values():
        name, meaning, example = (
            translate(text, language) for text in (term.name, term.meaning, term.example)
        )
        assert 1 <= len(sentences_of(meaning)) <= 2, term.id
        assert all(word_count(one) <= EVERYBODY.words for one in sentences_of(meaning)), term.id
        assert name.casefold() not in meaning.casefold().split(), term.id
        assert example, term.id


@pytest.mark.parametrize("language", languages())
def test_names_are_different(language):
    names = [translate(term.name, language) for term in GLOSSARY.values()]
    assert len(names) == len(set(names))


def test_the_capitals_that_the_glossary_is_said_to_explain_are_in_it():
    said = " ".join(f"{term.name} {term.meaning}" for term in GLOSSARY.values()).split()
    words = {word.strip(".,") for word in said}
    promised = {word for word, why in KNOWN_CAPITALS.items() if "glossary explains" in why}
    assert promised
    assert promised <= words
