"""Errors in words: four parts, each said once, in every language."""

import pytest

from fablab_hub.core.error_texts import HARMS, HELPERS, TEXTS, describe
from fablab_hub.core.errors import FablabError, Harm, Helper
from fablab_hub.core.i18n.plain import sentences_of
from fablab_hub.core.i18n.words import languages


def test_every_harm_and_every_helper_has_a_sentence_and_an_error():
    assert set(HARMS) == {text.harm for text in TEXTS.values()} == set(Harm)
    assert set(HELPERS) == {text.helper for text in TEXTS.values()} == set(Helper)


@pytest.mark.parametrize("language", languages())
def test_an_error_says_four_parts_and_no_sentence_twice(language):
    for code in TEXTS:
        problem = describe(FablabError(code), language)
        assert all(problem), code
        said = [sentence for part in problem for sentence in sentences_of(part)]
        assert len(said) == len(set(said)), code


def test_messages_and_remedies_leave_harm_and_helpers_to_their_sets():
    closed = {*HARMS.values(), *HELPERS.values()}
    for code, text in TEXTS.items():
        for sentence in (*sentences_of(text.message), *sentences_of(text.remedy)):
            assert sentence not in closed, code
            assert not sentence.startswith(("Call a ", "Ask a trainer", "Tell a manager")), code


def test_nothing_is_called_whole_where_a_machine_is_in_doubt():
    for code in ("driver.beam-unknown", "marlin.thermal", "agent.line-broke", "driver.port-lost"):
        assert TEXTS[code].harm in {Harm.BEAM_UNKNOWN, Harm.MACHINE_FAULTY, Harm.MACHINE_UNKNOWN}
        assert TEXTS[code].helper is Helper.TRAINER_NOW


def test_an_unknown_code_is_told_as_an_error_of_the_hub():
    assert describe(FablabError("no-such.code"), "en") == describe(FablabError("internal"), "en")


def test_facts_are_filled_in():
    problem = describe(FablabError("signin.wait", wait_s=30), "en")
    assert problem.remedy == "Wait 30 seconds, then try again."
