"""What pages say of times: one figure while a machine is new, a range once it is known."""

import pytest

from jobs.run_times import Habit
from web.pages.views import expected_time

KNOWN = Habit(ratio=1.1, low=0.9, high=1.25, runs=12)


@pytest.mark.parametrize(
    ("estimated_s", "habit", "language", "expected"),
    [
        (2700, Habit(), "en", "45 mins"),
        (2700, Habit(ratio=1.2, low=1.2, high=1.2, runs=2), "en", "54 mins"),
        (2700, KNOWN, "en", "40 mins to 56 mins"),
        (2700, KNOWN, "fr", "de 40 min à 56 min"),
        (3600, KNOWN, "fr", "de 54 min à 1 h 15 min"),
        (20, KNOWN, "fr", "de 18 s à 25 s"),
        (63, Habit(ratio=1.0, low=0.97, high=1.02, runs=5), "fr", "1 min"),
    ],
)
def test_a_time_is_as_sure_as_the_machine_is_known(estimated_s, habit, language, expected):
    said = expected_time(estimated_s, habit, language)
    assert said.replace("\u00a0", " ") == expected
