"""What a machine's finished runs teach about the times that are foretold for it. Pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

NEWEST = 20
"""So many runs are looked at: a machine that was repaired is soon known anew."""
SHORTEST_S = 60.0
"""Shorter runs teach nothing: homing and a person's pace count for more than the program."""

_LEAST = 3
_DOUBT = (1.0, 1.0, 1.0)
"""The estimate itself counts as three runs, so that the first ones do not decide alone."""
_TAIL = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How long a machine's runs take, in multiples of what was estimated for them.

    Attributes:
        ratio: the most likely.
        low, high: eight runs in ten lie between; both are `ratio` while too few are known.
        runs: how many are known.
    """

    ratio: float = 1.0
    low: float = 1.0
    high: float = 1.0
    runs: int = 0

    @property
    def is_known(self) -> bool:
        """Whether enough runs are known to say how much they differ."""
        return self.runs >= _LEAST


def habit_of(runs: Sequence[tuple[float, float]]) -> Habit:
    """Learn from runs that ended well.

    Medians are taken, so that one run that stood on hold over lunch changes nothing.

    Args:
        runs: n pairs of estimated and real seconds.
    """
    ratios = sorted(real_s / estimated_s for estimated_s, real_s in runs if estimated_s > 0)
    if not ratios:
        return Habit()
    ratio = statistics.median([*ratios, *_DOUBT])
    if len(ratios) < _LEAST:
        return Habit(ratio=ratio, low=ratio, high=ratio, runs=len(ratios))
    cut = int(_TAIL * len(ratios))
    return Habit(
        ratio=ratio,
        low=min(ratio, ratios[cut]),
        high=max(ratio, ratios[-1 - cut]),
        runs=len(ratios),
    )
