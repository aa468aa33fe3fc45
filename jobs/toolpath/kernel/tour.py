# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, auto_pickle=False
# cython: infer_types=True
"""The order of paths in which the head travels little, and where each of them begins.

The steps: go to the nearest path next (`places`), shorten that (`search`), choose where paths
begin, all at once, and kick. A few paths are put in the very shortest order (`few`). The same paths
always give the same order. Types are in `tour.pxd`.
"""

import cython
import numpy as np
from cython.cimports.libc.math import INFINITY

from jobs.toolpath.kernel.few import is_few


def best_order(points, first, is_closed, shape, holder_first, holders, start_x, start_y, kicks):
    """Order paths so that the way between them is short; it does not return at the end.

    Every path of a shape comes before all paths of the shapes that hold it.

    Args:
        points: float64, P by 2, in mm: where paths may begin. An open path has its start and its
            end, a closed one any of its vertices.
        first: int32, n + 1: path i has the points from first[i] up to first[i + 1].
        is_closed: uint8, n.
        shape: int32, n: to which shape a path belongs.
        holder_first: int32, one more than shapes: where the holders of each shape begin.
        holders: int32: shape s lies inside those from holders[holder_first[s]] up to
            holders[holder_first[s + 1]]; with no holders at all there is no rule.
        start_x: where the head is at first, in mm.
        start_y: the same.
        kicks: how often a shorter way is sought by chance; all that bounds the time.

    Returns:
        The numbers of the paths in the order of work, and for each of those the number of its
        point at which it begins: of an open path 1 is backwards. Both int32.

    Raises:
        ValueError: the arrays do not fit together, or shapes hold each other.
    """
    count: cython.longlong = kicks
    search = Search(
        *_checked(points, first, is_closed, shape, holder_first, holders, (start_x, start_y))
    )
    if count < 0:
        raise ValueError("kicks")
    n = search.n
    choice = Choice(n)
    are_few: cython.bint = is_few(n, len(points))
    few = Few(n if are_few else 0, len(points) if are_few else 0)
    with cython.nogil:
        is_ordered = search.prepare()
        if is_ordered and are_few:
            few.choose(search)
        elif is_ordered:
            _work(search, choice, count)
    if not is_ordered:
        raise ValueError("shapes hold each other")
    order = np.asarray(search.order)[1 : n + 1]
    return order.copy(), np.asarray(search.begin)[order]


def _checked(points, first, is_closed, shape, holder_first, holders, start):
    """Copy the arrays, checked, with the start as last point and the drawing about 1 wide."""
    points = _table("points", points, np.float64, 2)
    first = _table("first", first, np.int32)
    is_closed = _table("is_closed", is_closed, np.uint8)
    shape = _table("shape", shape, np.int32)
    holder_first = _table("holder_first", holder_first, np.int32)
    holders = _table("holders", holders, np.int32)
    sizes = np.diff(first)
    _require("points", points.shape[1] == 2)
    _require("first", len(first) == len(is_closed) + 1)
    _require("first", first[0] == 0 and first[len(sizes)] == len(points) and (sizes > 0).all())
    _require("is_closed", (sizes[is_closed == 0] == 2).all())
    _require("shape", len(shape) == len(is_closed))
    shapes = len(holder_first) - 1
    _require("holder_first", shapes >= 0 and holder_first[0] == 0)
    _require("holder_first", holder_first[shapes] == len(holders))
    _require("holder_first", (np.diff(holder_first) >= 0).all())
    if len(holders):
        _require("shape", ((shape >= 0) & (shape < shapes)).all())
        _require("holders", ((holders >= 0) & (holders < shapes)).all())
    points = np.concatenate((points, np.array([start], dtype=np.float64)))
    _require("points", np.isfinite(points).all())
    # Halves first: the difference of two huge numbers may be none.
    low, high = points.min(axis=0) / 2, points.max(axis=0) / 2
    half = (high - low).max()
    points = (points - (low + high)) / half if half > 0 else np.zeros_like(points)
    return points, first, is_closed, shape, holder_first, holders


def _table(name, values, kind, dimensions=1):
    table = np.array(values)
    _require(name, table.dtype == kind and table.ndim == dimensions)
    return table


def _require(name, is_right):
    if not is_right:
        raise ValueError(name)


def _work(search, choice, kicks):
    """Shorten the first order; with what lies inside what, at first as if nothing did.

    While nothing must come before anything else, long stretches can be reversed, and the whole
    comes out in a better shape than by careful changes alone; then every shape is made to wait.
    """
    first = search.travel()
    loose = 0
    if search.is_nested:
        loose = kicks // 2
        search.settle_all()
        choice.choose(search)
        search.settle_all()
        search.kick(loose)
        search.mend_all()
        search.is_strict = True
    _shorten(search, choice, kicks - loose)
    if search.travel() > first:
        search.recall()
        _shorten(search, choice, kicks - loose)


def _shorten(search, choice, kicks):
    search.settle_all()
    for lap in range(_LAPS):
        choice.choose(search)
        search.settle_all()
        search.kick(kicks // (_LAPS - lap))
        kicks -= kicks // (_LAPS - lap)
    choice.choose(search)


class Choice:
    """Where the paths of a chain begin, and which way round open ones go, chosen all at once."""

    def __init__(self, n):
        """Make room for the places of n paths."""
        self.came_from = np.zeros((n + 1, _CHOICES), np.int32)
        self.offered = np.zeros((n + 1, _CHOICES), np.int32)

    def choose(self, search):
        """Find the shortest way along the chain through some places of each path.

        Of each the present one is among them, so the way never becomes longer. The shortest way
        to each place of a path is known from those to the places of the path before (Bellman).
        """
        at: cython.int
        before: cython.int
        was = search.travel()
        n = search.n
        start = search.first[n]
        self.out_x[0][0], self.out_y[0][0] = search.x[start], search.y[start]
        self.way[0][0] = 0.0
        before = 1
        for position in range(1, n + 1):
            side = position & 1
            count = self._offer(search, position, side)
            for k in range(count):
                least = INFINITY
                at = 0
                x, y = self.in_x[side][k], self.in_y[side][k]
                for b in range(before):
                    way = far(self.out_x[1 - side][b], self.out_y[1 - side][b], x, y)
                    way += self.way[1 - side][b]
                    if way < least:
                        least, at = way, b
                self.way[side][k], self.came_from[position, k] = least, at
            before = count
        at = 0
        for k in range(1, before):
            if self.way[n & 1][k] < self.way[n & 1][at]:
                at = k
        if self.way[n & 1][at] >= was:
            return
        for position in range(n, 0, -1):
            search.begin[search.order[position]] = self.offered[position, at]
            search.place(position)
            at = self.came_from[position, at]

    def _offer(self, search, position, side):
        """List the places of a path: those around the present one, and others all along it."""
        path = search.order[position]
        start = search.first[path]
        count = search.first[path + 1] - start
        many = min(count, _CHOICES)
        beside = many // 3 if many < count else 0
        for k in range(many):
            at = search.begin[path]
            if k < beside:
                at = (at + k - beside // 2 + count) % count
            else:
                ahead = cython.cast(cython.longlong, k - beside) * count // (many - beside)
                at = cython.cast(cython.int, (at + ahead) % count)
            self.offered[position, k] = at
            self.in_x[side][k], self.in_y[side][k] = search.x[start + at], search.y[start + at]
            if not search.is_closed[path]:
                at = 1 - at
            self.out_x[side][k], self.out_y[side][k] = search.x[start + at], search.y[start + at]
        return many
