"""Damaged drawings end in a report, soon, whatever is damaged."""

import pytest

from fablab_hub.core.error_texts import TEXTS
from jobs.report import Verdict
from tests.fuzz.drawings import run

pytestmark = pytest.mark.corpus


def test_damaged_drawings_end_in_a_report(corpus):
    outcomes, longest_s = run(corpus, ends=6, changes=6)
    assert sum(outcomes.values()) == 120
    assert set(outcomes) <= {*Verdict, *TEXTS}
    assert longest_s < 30
