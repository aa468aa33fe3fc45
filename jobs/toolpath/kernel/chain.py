# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, auto_pickle=False
# cython: infer_types=True
"""The chain of paths in the order of work: what may be changed in it, and how that is undone.

Position 0 is the start of the head; paths stand at 1 to n. Types are in `chain.pxd`.
"""

import cython
import numpy as np


class Chain(Places):
    """Paths one after the other, where each begins, and what has been done to them."""

    def __init__(self, points, first, is_closed, shape, holder_first, holders):
        """Begin with checked arrays; the last of the points is the start of the head."""
        Places.__init__(self, points, first, is_closed, shape, holder_first, holders)
        n, shapes = self.n, len(holder_first)
        self.where, self.ends = np.zeros(n + 1, np.int32), np.zeros(4 * n + 4)
        self.kept_order, self.kept_begin = np.zeros(n + 2, np.int32), np.zeros(n + 1, np.int32)
        self.seen, self.to_come = np.zeros(shapes, np.int64), np.zeros(shapes, np.int32)
        self.first_held = np.full(shapes, -1, np.int32)
        self.next_held, self.mended = np.zeros(n + 1, np.int32), np.zeros(n + 1, np.int32)

    def prepare(self):
        """Make the first order, and find neighbours; False where shapes hold each other."""
        self.plant()
        if not self.go_nearest():
            return False
        self.meet()
        self.keep()
        self.recall()
        return True

    def keep(self):
        """Keep the present order."""
        self.kept_order[:] = self.order
        self.kept_begin[:] = self.begin

    def recall(self):
        """Go back to the order that was kept."""
        self.order[:] = self.kept_order
        self.begin[:] = self.kept_begin
        for position in range(self.n + 1):
            self.where[self.order[position]] = position
            self.place(position)

    def place(self, position):
        """Note where the path at a position begins and ends."""
        path = self.order[position]
        start = self.first[path]
        to = self.begin[path]
        back = to
        if path < self.n and not self.is_closed[path]:
            back = 1 - to
        self.ends[4 * path], self.ends[4 * path + 1] = self.x[start + to], self.y[start + to]
        self.ends[4 * path + 2] = self.x[start + back]
        self.ends[4 * path + 3] = self.y[start + back]

    def travel(self):
        """Measure the way between the paths."""
        way = 0.0
        for position in range(self.n):
            way += gap(self, position, position + 1)
        return way

    def set_begin(self, position, point):
        """Let the path at a position begin at another of its points."""
        path = self.order[position]
        self._note(_TURN, path, self.begin[path], 0)
        self.begin[path] = point
        self.place(position)

    def reverse(self, low, high):
        """Follow a stretch the other way round, and its open paths backwards."""
        self._note(_REVERSE, low, high, 0)
        i, j = low, high
        while i <= j:
            a, b = self.order[i], self.order[j]
            self.order[i], self.order[j] = b, a
            self.where[a], self.where[b] = j, i
            if not self.is_closed[a]:
                self.begin[a] = 1 - self.begin[a]
                self.place(j)
            if i < j and not self.is_closed[b]:
                self.begin[b] = 1 - self.begin[b]
                self.place(i)
            i, j = i + 1, j - 1

    def shift(self, low, high, after):
        """Put a short stretch behind the path at a position; those in between move up."""
        held: cython.int[_LONGEST]
        count = high - low + 1
        self._note(_SHIFT, low, high, after)
        for k in range(count):
            held[k] = self.order[low + k]
        if after > high:
            for k in range(high + 1, after + 1):
                path = self.order[k]
                self.order[k - count], self.where[path] = path, k - count
            to = after - count + 1
        else:
            for k in range(low - 1, after, -1):
                path = self.order[k]
                self.order[k + count], self.where[path] = path, k + count
            to = after + 1
        for k in range(count):
            self.order[to + k], self.where[held[k]] = held[k], to + k

    def may_reverse(self, low, high):
        """Tell whether nothing in a stretch lies inside something later in it."""
        if not self.is_strict:
            return True
        self.look += 1
        for position in range(low, high + 1):
            shape = self.shape[self.order[position]]
            if self.seen[shape] == self.look:
                return False
            for k in range(self.holder_first[shape], self.holder_first[shape + 1]):
                self.seen[self.holders[k]] = self.look
        return True

    def may_shift(self, low, high, after):
        """Tell whether a stretch may change places with what lies between it and a position."""
        if not self.is_strict:
            return True
        self.look += 1
        is_bound = False
        if after > high:
            for position in range(low, high + 1):
                shape = self.shape[self.order[position]]
                for k in range(self.holder_first[shape], self.holder_first[shape + 1]):
                    self.seen[self.holders[k]] = self.look
                    is_bound = True
            if is_bound:
                for position in range(high + 1, after + 1):
                    if self.seen[self.shape[self.order[position]]] == self.look:
                        return False
            return True
        for position in range(low, high + 1):
            shape = self.shape[self.order[position]]
            if self.has_inside[shape]:
                self.seen[shape] = self.look
                is_bound = True
        if is_bound:
            for position in range(low - 1, after, -1):
                shape = self.shape[self.order[position]]
                for k in range(self.holder_first[shape], self.holder_first[shape + 1]):
                    if self.seen[self.holders[k]] == self.look:
                        return False
        return True

    def mend_all(self):
        """Let every shape wait for what lies inside it, and change nothing else."""
        self._list(1, self.n, False)
        self._put(1, self.n, False)

    def weigh_mending(self, low, high, least):
        """Say what is gained where a stretch is reversed and mended; 0 where not the least."""
        self._list(low, high, True)
        gain = gap(self, low - 1, low)
        for position in range(low, high + 1):
            gain += gap(self, position, position + 1)
        a = 4 * self.order[low - 1]
        x, y = self.ends[a + 2], self.ends[a + 3]
        for k in range(high - low + 1):
            a = 4 * self.mended[k]
            gain -= far(x, y, self.ends[a + 2], self.ends[a + 3])
            if gain <= least:
                return 0.0
            x, y = self.ends[a], self.ends[a + 1]
        if high < self.n:
            a = 4 * self.order[high + 1]
            gain -= far(x, y, self.ends[a], self.ends[a + 1])
        return gain

    def mend(self, low, high):
        """Reverse a stretch, and let its shapes wait for what lies inside them."""
        self._list(low, high, True)
        self._note(_MEND, low, high, self.pooled)
        if self.is_logging:
            for position in range(low, high + 1):
                self.pool[self.pooled] = self.order[position]
                self.pooled += 1
        self._put(low, high, True)

    def _list(self, low, high, is_back):
        """List a stretch, backwards or not, so that no path comes before what lies inside it."""
        for position in range(low, high + 1):
            shape = self.shape[self.order[position]]
            for k in range(self.holder_first[shape], self.holder_first[shape + 1]):
                self.to_come[self.holders[k]] += 1
        done = listed = 0
        for position in range(low, high + 1):
            path = self.order[low + high - position if is_back else position]
            shape = self.shape[path]
            if self.to_come[shape]:
                self.next_held[path], self.first_held[shape] = self.first_held[shape], path
                continue
            self.mended[listed] = path
            listed += 1
            while done < listed:
                shape = self.shape[self.mended[done]]
                done += 1
                for k in range(self.holder_first[shape], self.holder_first[shape + 1]):
                    holder = self.holders[k]
                    self.to_come[holder] -= 1
                    if self.to_come[holder] == 0:
                        path = self.first_held[holder]
                        self.first_held[holder] = -1
                        while path >= 0:
                            self.mended[listed] = path
                            listed += 1
                            path = self.next_held[path]

    def _put(self, low, high, is_back):
        """Let the listed paths be a stretch of the chain, the open ones backwards or not."""
        for position in range(low, high + 1):
            path = self.mended[position - low]
            self.order[position], self.where[path] = path, position
            if is_back and not self.is_closed[path]:
                self.begin[path] = 1 - self.begin[path]
                self.place(position)

    def _note(self, kind, low, high, after):
        if self.is_logging:
            k = self.logged
            self.log_kind[k], self.log_low[k] = kind, low
            self.log_high[k], self.log_after[k] = high, after
            self.logged += 1

    def undo(self):
        """Take back all that was noted, the last first."""
        self.is_logging = False
        while self.logged > 0:
            self.logged -= 1
            k = self.logged
            low, high, after = self.log_low[k], self.log_high[k], self.log_after[k]
            if self.log_kind[k] == _REVERSE:
                self.reverse(low, high)
            elif self.log_kind[k] == _TURN:
                self.begin[low] = high
                self.place(self.where[low])
            elif self.log_kind[k] == _MEND:
                for k in range(high - low + 1):
                    self.mended[k] = self.pool[after + k]
                self._put(low, high, True)
            elif after > high:
                self.shift(after - (high - low), after, low - 1)
            else:
                self.shift(after + 1, after + 1 + high - low, high)
        self.is_logging = True
