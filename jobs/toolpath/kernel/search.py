# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, auto_pickle=False
# cython: infer_types=True
"""The search for a shorter way: changes to the chain of paths that shorten it, one at a time.

A stretch is reversed (2-opt), a few paths move elsewhere (Or-opt), a closed path begins at another
vertex. When nothing more helps, two neighbouring stretches change places, what that disturbed is
settled again, and all of it is undone unless the way is shorter (iterated local search). Only the
nearest neighbours of a path are looked at (Johnson and McGeoch, 1997). Types are in `search.pxd`.
"""

import cython
import numpy as np
from cython.cimports.libc.math import INFINITY

_LEAST = 1e-12
"""Gains below are rounding; the drawing is about 1 wide."""


class Search(Chain):
    """A chain of paths that becomes shorter."""

    def __init__(self, points, first, is_closed, shape, holder_first, holders):
        """Begin with checked arrays; the last of the points is the start of the head."""
        Chain.__init__(self, points, first, is_closed, shape, holder_first, holders)
        self.waiting = np.zeros(self.n + 1, np.int32)
        self.is_waiting = np.zeros(self.n + 1, np.uint8)
        self.chance = 0x9E3779B97F4A7C15

    def settle_all(self):
        """Change whatever shortens the way, anywhere, until nothing does."""
        self.reach = _STRICT_REACH if self.is_strict else _REACH
        for position in range(self.n + 1):
            self._push(position)
        self._settle()

    def kick(self, times):
        """Let neighbouring stretches change places by chance, and keep what is shorter at last."""
        if self.n < 2:
            return
        self.is_logging = True
        longest = min(_LONGEST, self.n // 2)
        for _ in range(times):
            one, other = 1 + self._draw(longest), 1 + self._draw(longest)
            i = 1 + self._draw(self.n - one - other + 1)
            if self.may_shift(i, i + one - 1, i + one + other - 1):
                self.logged = self.pooled = 0
                self._swap(i, i + one - 1, i + one + other - 1)
                self._settle()
                if self.gained < 0:
                    self.undo()
        self.logged = self.pooled = 0
        self.is_logging = False

    def _swap(self, i, j, k):
        """Let the stretches from i to j and from there to k change places."""
        self.gained = gap(self, i - 1, i) + gap(self, j, j + 1) + gap(self, k, k + 1)
        self.gained -= gap(self, i - 1, j + 1) + gap(self, k, i) + gap(self, j, k + 1)
        self._push(i - 1)
        self._push(i)
        self._push(j)
        self._push(j + 1)
        self._push(k)
        self._push(k + 1)
        self.shift(i, j, k)

    def _draw(self, below):
        """Draw a number from 0 on (xorshift, Marsaglia 2003); the same ones in every run."""
        self.chance ^= self.chance << 13
        self.chance ^= self.chance >> 7
        self.chance ^= self.chance << 17
        return cython.cast(cython.int, (self.chance >> 33) % below)

    def _push(self, position):
        """Let the path at a position be looked at again."""
        if position > self.n:
            return
        path = self.order[position]
        if self.is_waiting[path]:
            return
        self.is_waiting[path] = 1
        at = self.first_waiting + self.count_waiting
        if at > self.n:
            at -= self.n + 1
        self.waiting[at] = path
        self.count_waiting += 1

    def _settle(self):
        """Change whatever shortens the way around those that wait, until none does."""
        while self.count_waiting:
            path = self.waiting[self.first_waiting]
            self.first_waiting += 1
            if self.first_waiting > self.n:
                self.first_waiting = 0
            self.count_waiting -= 1
            self.is_waiting[path] = 0
            # What could not be undone any more is not done.
            while self.logged < _LOG and self.pooled < _POOL and self._improve(path):
                pass

    def _improve(self, path):
        """Make the best change that begins at a path; False if there is none."""
        p = self.where[path]
        self.gain, self.kind = _LEAST, _NOTHING
        if p > 0:
            if self.is_closed[path]:
                self._turn_here(p)
                self._try_jumps(path, p)
            self._try_reversals(path, p, 0)
            self._try_shifts(path, p, 0)
            self._try_shifts(path, p, 1)
        self._try_reversals(path, p, 1)
        if self.kind == _NOTHING:
            return False
        self._apply()
        return True

    def _row(self, path, side):
        """Say where the neighbours of a path's beginning (0) or end (1) stand."""
        if path == self.n or self.is_closed[path]:
            return 2 * path
        return 2 * path + (side ^ self.begin[path])

    def _turn_here(self, p):
        """Let a closed path begin where the way past it is shortest."""
        path = self.order[p]
        if self.first[path + 1] - self.first[path] == 1:
            return
        a = 4 * self.order[p - 1] + 2
        now = gap(self, p - 1, p) + gap(self, p, p + 1)
        if p < self.n:
            b = 4 * self.order[p + 1]
            to = self.turn(path, self.ends[a], self.ends[a + 1], self.ends[b], self.ends[b + 1])
            gain = now - self.turned
        else:
            to = self.turn(path, self.ends[a], self.ends[a + 1], self.ends[a], self.ends[a + 1])
            gain = now - self.turned / 2
        if gain > _LEAST:
            self.set_begin(p, to)
            self.gained += gain
            self._push(p - 1)
            self._push(p + 1)

    def _try_reversals(self, path, p, side):
        """Look for a stretch from here to a neighbour that is better the other way round."""
        row = self._row(path, side)
        here = gap(self, p, p + 1) if side else gap(self, p - 1, p)
        bound = INFINITY if side and p == self.n else here
        for k in range(self.near_count[row]):
            if self.near_far[row * _NEAR + k] >= bound:
                return
            q = self.where[self.near[row * _NEAR + k]]
            low, high = min(p, q), max(p, q)
            if side:
                gain = here + gap(self, q, q + 1)
                gain -= out_out(self, p, q) + in_in(self, p + 1, q + 1)
                self._weigh_reversal(gain, low + 1, high)
            elif q > 0:
                gain = here + gap(self, q - 1, q)
                gain -= in_in(self, p, q) + out_out(self, p - 1, q - 1)
                self._weigh_reversal(gain, low, high - 1)

    def _weigh_reversal(self, gain, low, high):
        if gain <= self.gain or high - low >= self.reach:
            return
        if self.may_reverse(low, high):
            self.kind, self.low, self.high, self.gain = _REVERSE, low, high, gain
        elif high - low < _MENDED:
            gain = self.weigh_mending(low, high, self.gain)
            if gain > self.gain:
                self.kind, self.low, self.high, self.gain = _MEND, low, high, gain

    def _try_shifts(self, path, p, side):
        """Look for a better place, beside a neighbour, for a few paths from here."""
        row = self._row(path, side)
        for more in range(_SEGMENT):
            i = p - more if side else p
            j = p if side else p + more
            if i < 1 or j > self.n:
                return
            freed = gap(self, i - 1, i) + gap(self, j, j + 1) - gap(self, i - 1, j + 1)
            if freed <= self.gain:
                continue
            for k in range(self.near_count[row]):
                if self.near_far[row * _NEAR + k] >= freed:
                    break
                q = self.where[self.near[row * _NEAR + k]]
                if i <= q <= j:
                    continue
                if q != i - 1:
                    gain = freed + gap(self, q, q + 1)
                    if side:
                        gain -= out_out(self, q, j) + in_in(self, i, q + 1)
                    else:
                        gain -= gap(self, q, i) + gap(self, j, q + 1)
                    self._weigh_shift(gain, i, j, q, side, -1)
                if q > 0 and q != j + 1:
                    gain = freed + gap(self, q - 1, q)
                    if side:
                        gain -= gap(self, q - 1, i) + gap(self, j, q)
                    else:
                        gain -= out_out(self, q - 1, j) + in_in(self, i, q)
                    self._weigh_shift(gain, i, j, q - 1, not side, -1)

    def _try_jumps(self, path, p):
        """Look for a better place for a closed path alone, with its best vertex there."""
        freed = gap(self, p - 1, p) + gap(self, p, p + 1) - gap(self, p - 1, p + 1)
        x, y = self.circle[3 * path], self.circle[3 * path + 1]
        radius = self.circle[3 * path + 2]
        row = 2 * path
        for k in range(self.near_count[row]):
            if self.near_far[row * _NEAR + k] >= freed:
                return
            after = self.where[self.near[row * _NEAR + k]]
            for _ in range(2):
                if after != p and after != p - 1:
                    a = 4 * self.order[after] + 2
                    ax, ay = self.ends[a], self.ends[a + 1]
                    # The way there and on is not shorter than to the circle around the path.
                    least = max(far(ax, ay, x, y) - radius, 0.0)
                    if after < self.n:
                        b = 4 * self.order[after + 1]
                        bx, by = self.ends[b], self.ends[b + 1]
                        least += max(far(bx, by, x, y) - radius, 0.0)
                        if freed + gap(self, after, after + 1) - least > self.gain:
                            to = self.turn(path, ax, ay, bx, by)
                            gain = freed + gap(self, after, after + 1) - self.turned
                            self._weigh_shift(gain, p, p, after, False, to)
                    elif freed - least > self.gain:
                        to = self.turn(path, ax, ay, ax, ay)
                        self._weigh_shift(freed - self.turned / 2, p, p, after, False, to)
                if after == 0:
                    break
                after -= 1

    def _weigh_shift(self, gain, low, high, after, is_over, point):
        if gain <= self.gain or after - high >= self.reach or low - after >= self.reach:
            return
        if is_over and high > low and not self.may_reverse(low, high):
            return
        if self.may_shift(low, high, after):
            self.kind, self.gain, self.point = _SHIFT, gain, point
            self.low, self.high, self.after, self.is_over = low, high, after, is_over

    def _apply(self):
        """Make the change that was found best."""
        low, high = self.low, self.high
        self.gained += self.gain
        self._push(low - 1)
        self._push(low)
        self._push(high)
        self._push(high + 1)
        if self.kind == _REVERSE:
            self.reverse(low, high)
        elif self.kind == _MEND:
            for position in range(low + 1, high):
                self._push(position)
            self.mend(low, high)
        else:
            self._push(self.after)
            self._push(self.after + 1)
            if self.point >= 0:
                self.set_begin(low, self.point)
            if self.is_over:
                self.reverse(low, high)
            self.shift(low, high, self.after)
