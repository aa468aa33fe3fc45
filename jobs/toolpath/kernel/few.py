# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, auto_pickle=False
# cython: infer_types=True
"""The shortest order of a few paths, found by looking at all (Held and Karp, 1962).

The shortest way through a set of paths to a place is known from those through the sets with one
path less. Types are in `few.pxd`.
"""

import cython
import numpy as np

_MOST_PATHS, _MOST_POINTS = 8, 400


def is_few(paths, points):
    """Tell whether all orders can be looked at in a moment."""
    return 0 < paths <= _MOST_PATHS and points <= _MOST_POINTS


class Few:
    """The ways through all sets of some paths."""

    def __init__(self, paths, points):
        """Make room; nothing is known yet."""
        self.way = np.full((1 << paths, points), np.inf)
        self.came_from = np.zeros((1 << paths, points), np.int32)
        self.end_x, self.end_y = np.zeros(points), np.zeros(points)
        self.needs = np.zeros(paths, np.int32)

    def choose(self, search):
        """Put a chain into its shortest order."""
        chosen: cython.int
        at: cython.int
        path: cython.int
        self._prepare(search)
        n = search.n
        for chosen in range(1, 1 << n):
            for last in range(n):
                if chosen >> last & 1 and self.needs[last] & ~chosen == 0:
                    self._reach(search, chosen, last)
        chosen = (1 << n) - 1
        at = 0
        for point in range(search.first[n]):
            if self.way[chosen, point] < self.way[chosen, at]:
                at = point
        for position in range(n, 0, -1):
            path = 0
            while search.first[path + 1] <= at:
                path += 1
            search.kept_order[position], search.kept_begin[path] = path, at - search.first[path]
            at = self.came_from[chosen, at]
            chosen ^= 1 << path
        search.recall()

    def _prepare(self, search):
        for path in range(search.n):
            start = search.first[path]
            for point in range(start, search.first[path + 1]):
                end = point if search.is_closed[path] else 2 * start + 1 - point
                self.end_x[point], self.end_y[point] = search.x[end], search.y[end]
            if search.is_nested:
                shape = search.shape[path]
                for k in range(search.holder_first[shape], search.holder_first[shape + 1]):
                    for other in range(search.n):
                        if search.shape[other] == search.holders[k]:
                            self.needs[other] |= 1 << path

    def _reach(self, search, chosen, last):
        """Find the least way through chosen paths to each point of the last of them."""
        start = search.first[search.n]
        before = chosen ^ (1 << last)
        for point in range(search.first[last], search.first[last + 1]):
            x, y = search.x[point], search.y[point]
            if before == 0:
                self.way[chosen, point] = far(search.x[start], search.y[start], x, y)
            for path in range(search.n):
                if before >> path & 1:
                    for k in range(search.first[path], search.first[path + 1]):
                        way = self.way[before, k] + far(self.end_x[k], self.end_y[k], x, y)
                        if way < self.way[chosen, point]:
                            self.way[chosen, point], self.came_from[chosen, point] = way, k
