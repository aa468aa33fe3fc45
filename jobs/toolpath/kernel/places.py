# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, auto_pickle=False
# cython: infer_types=True
"""Where paths may begin: which ones are near each other, and the order that goes to the nearest.

A k-d tree and not a grid holds the places, because drawings crowd: text in a corner of a sheet
would fill one cell. Types are in `places.pxd`.
"""

import cython
import numpy as np
from cython.cimports.libc.math import INFINITY, sqrt


class Places:
    """Paths, the places at which they may begin, and what must come before what."""

    def __init__(self, points, first, is_closed, shape, holder_first, holders):
        """Begin with checked arrays; the last of the points is the start of the head."""
        self.n = n = len(is_closed)
        self.x, self.y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
        self.first, self.is_closed = first, is_closed
        self.circle = np.zeros(3 * n)
        self.order, self.begin = np.zeros(n + 2, np.int32), np.zeros(n + 1, np.int32)
        self._hold(shape, holder_first, holders)
        spots = np.minimum(np.diff(first), _SPOTS)
        self.spot_first = np.concatenate(([0], np.cumsum(spots))).astype(np.int32)
        count = int(spots.sum())
        self.spot_x, self.spot_y = np.zeros(count), np.zeros(count)
        self.spot_point, self.spot_path, self.slots, self.slot_of = np.zeros((4, count), np.int32)
        nodes = 1
        while count > _LEAF:
            count, nodes = (count + 1) // 2, 2 * nodes + 1
        self.plane, self.axis = np.zeros(nodes), np.zeros(nodes, np.uint8)
        self.free_below, self.state = np.zeros(nodes, np.int32), np.zeros(n, np.uint8)
        self.near_count = np.zeros(2 * n + 2, np.int32)
        self.near = np.zeros((2 * n + 2) * _NEAR, np.int32)
        self.near_far = np.zeros((2 * n + 2) * _NEAR)

    def _hold(self, shape, holder_first, holders):
        shapes = len(holder_first) - 1
        self.is_nested = len(holders) > 0
        self.shape, self.holder_first, self.holders = shape, holder_first, holders
        if not self.is_nested:
            return
        counts = np.bincount(shape, minlength=shapes)
        self.member_first = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        self.members = np.argsort(shape, kind="stable").astype(np.int32)
        self.paths_left = counts.astype(np.int32)
        # A shape that no path belongs to is never waited for.
        waits = np.repeat(counts > 0, np.diff(holder_first))
        inside = np.bincount(holders[waits], minlength=shapes)
        self.inside_left = inside.astype(np.int32)
        self.has_inside = (inside > 0).astype(np.uint8)

    def plant(self):
        """Choose places all along each path, and put them into the tree."""
        spot = 0
        for path in range(self.n):
            start = self.first[path]
            count = self.first[path + 1] - start
            spots = self.spot_first[path + 1] - self.spot_first[path]
            left = low = INFINITY
            right = high = -INFINITY
            for k in range(count):
                left, right = min(left, self.x[start + k]), max(right, self.x[start + k])
                low, high = min(low, self.y[start + k]), max(high, self.y[start + k])
            self.circle[3 * path] = (left + right) / 2
            self.circle[3 * path + 1] = (low + high) / 2
            self.circle[3 * path + 2] = far(left, low, right, high) / 2
            for k in range(spots):
                point = start + cython.cast(cython.longlong, k) * count // spots
                self.slots[spot] = spot
                self.spot_point[spot], self.spot_path[spot] = point, path
                self.spot_x[spot], self.spot_y[spot] = self.x[point], self.y[point]
                spot += 1
        self._grow(0, 0, spot)
        for slot in range(spot):
            self.slot_of[self.slots[slot]] = slot
        # From here on all that is known of a spot stands at its slot.
        for slot in range(spot):
            self.slots[slot] = self.spot_point[self.slots[slot]]
        for path in range(self.n):
            for k in range(self.spot_first[path], self.spot_first[path + 1]):
                self.spot_path[self.slot_of[k]] = path
        for slot in range(spot):
            point = self.slots[slot]
            self.spot_point[slot] = point
            self.spot_x[slot], self.spot_y[slot] = self.x[point], self.y[point]

    def _grow(self, node, low, high):
        if high - low <= _LEAF:
            return
        left = front = INFINITY
        right = back = -INFINITY
        for k in range(low, high):
            spot = self.slots[k]
            left, right = min(left, self.spot_x[spot]), max(right, self.spot_x[spot])
            front, back = min(front, self.spot_y[spot]), max(back, self.spot_y[spot])
        middle = (low + high) >> 1
        self.axis[node] = 1 if back - front > right - left else 0
        if self.axis[node]:
            self._select(low, middle, high - 1, self.spot_y)
            self.plane[node] = self.spot_y[self.slots[middle]]
        else:
            self._select(low, middle, high - 1, self.spot_x)
            self.plane[node] = self.spot_x[self.slots[middle]]
        self._grow(2 * node + 1, low, middle)
        self._grow(2 * node + 2, middle, high)

    def _select(self, low, middle, high, along):
        """Sort slots just so far that those up to the middle are not greater than the rest."""
        while low < high:
            pivot = along[self.slots[(low + high) >> 1]]
            i, j = low, high
            while i <= j:
                while along[self.slots[i]] < pivot:
                    i += 1
                while along[self.slots[j]] > pivot:
                    j -= 1
                if i <= j:
                    self.slots[i], self.slots[j] = self.slots[j], self.slots[i]
                    i, j = i + 1, j - 1
            if middle <= j:
                high = j
            elif middle >= i:
                low = i
            else:
                return

    def _seek(self, node, low, high):
        """Find the nearest place of a free path."""
        if self.free_below[node] == 0:
            return
        if high - low <= _LEAF:
            for slot in range(low, high):
                if self.state[self.spot_path[slot]] == _FREE:
                    dx, dy = self.spot_x[slot] - self.from_x, self.spot_y[slot] - self.from_y
                    if dx * dx + dy * dy < self.best:
                        self.best, self.best_slot = dx * dx + dy * dy, slot
            return
        middle = (low + high) >> 1
        away = (self.from_y if self.axis[node] else self.from_x) - self.plane[node]
        if away < 0:
            self._seek(2 * node + 1, low, middle)
            if away * away < self.best:
                self._seek(2 * node + 2, middle, high)
        else:
            self._seek(2 * node + 2, middle, high)
            if away * away < self.best:
                self._seek(2 * node + 1, low, middle)

    def _gather(self, node, low, high):
        """Find the nearest paths but the one that asks."""
        if high - low <= _LEAF:
            for slot in range(low, high):
                dx, dy = self.spot_x[slot] - self.from_x, self.spot_y[slot] - self.from_y
                if dx * dx + dy * dy < self.best:
                    self._offer(self.spot_path[slot], dx * dx + dy * dy)
            return
        middle = (low + high) >> 1
        away = (self.from_y if self.axis[node] else self.from_x) - self.plane[node]
        if away < 0:
            self._gather(2 * node + 1, low, middle)
            if away * away < self.best:
                self._gather(2 * node + 2, middle, high)
        else:
            self._gather(2 * node + 2, middle, high)
            if away * away < self.best:
                self._gather(2 * node + 1, low, middle)

    def _offer(self, path, square):
        """Keep a path among the nearest, once, where it belongs by its distance."""
        if path == self.asking:
            return
        at = self.found
        for k in range(self.found):
            if self.found_path[k] == path:
                if self.found_far[k] <= square:
                    return
                at = k
                break
        if at == self.found:
            if self.found < _NEAR:
                self.found += 1
            else:
                at = _NEAR - 1
        while at > 0 and self.found_far[at - 1] > square:
            self.found_far[at] = self.found_far[at - 1]
            self.found_path[at] = self.found_path[at - 1]
            at -= 1
        self.found_far[at], self.found_path[at] = square, path
        if self.found == _NEAR:
            self.best = self.found_far[_NEAR - 1]

    def _keep(self, row):
        self.near_count[row] = self.found
        for k in range(self.found):
            self.near[row * _NEAR + k] = self.found_path[k]
            self.near_far[row * _NEAR + k] = sqrt(self.found_far[k])
        self.found, self.best = 0, INFINITY

    def meet(self):
        """Find the neighbours of every path, and of the head's start."""
        count = self.slots.shape[0]
        self.found, self.best = 0, INFINITY
        for path in range(self.n + 1):
            self.asking = path
            start = self.first[path]
            if path == self.n:
                self.from_x, self.from_y = self.x[start], self.y[start]
                self._gather(0, 0, count)
            elif self.is_closed[path]:
                for k in range(self.spot_first[path], self.spot_first[path + 1]):
                    slot = self.slot_of[k]
                    self.from_x, self.from_y = self.spot_x[slot], self.spot_y[slot]
                    self._gather(0, 0, count)
            else:
                self.from_x, self.from_y = self.x[start], self.y[start]
                self._gather(0, 0, count)
                self._keep(2 * path)
                self.from_x, self.from_y = self.x[start + 1], self.y[start + 1]
                self._gather(0, 0, count)
                self._keep(2 * path + 1)
                continue
            self._keep(2 * path)

    def go_nearest(self):
        """Make the first order: the nearest free path next; False where shapes hold each other."""
        count = self.slots.shape[0]
        if self.is_nested:
            for s in range(self.inside_left.shape[0]):
                if self.inside_left[s] == 0:
                    self._release(s)
        else:
            for path in range(self.n):
                self._count(path, 1)
        self.order[0] = self.n
        x, y = self.x[self.first[self.n]], self.y[self.first[self.n]]
        for position in range(1, self.n + 1):
            self.from_x, self.from_y = x, y
            self.best, self.best_slot = INFINITY, -1
            self._seek(0, 0, count)
            if self.best_slot < 0:
                return False
            path = self.spot_path[self.best_slot]
            start = self.first[path]
            self.order[position] = path
            if self.is_closed[path]:
                self.begin[path] = self.turn(path, x, y, x, y)
                x, y = self.x[start + self.begin[path]], self.y[start + self.begin[path]]
            else:
                self.begin[path] = self.spot_point[self.best_slot] - start
                x, y = self.x[start + 1 - self.begin[path]], self.y[start + 1 - self.begin[path]]
            self._finish(path)
        return True

    def _count(self, path, change):
        """Let a path be free, or done, and tell all of the tree above its places."""
        self.state[path] += 1
        for k in range(self.spot_first[path], self.spot_first[path + 1]):
            slot = self.slot_of[k]
            node, low, high = 0, 0, self.slots.shape[0]
            while True:
                self.free_below[node] += change
                if high - low <= _LEAF:
                    break
                middle = (low + high) >> 1
                if slot < middle:
                    node, high = 2 * node + 1, middle
                else:
                    node, low = 2 * node + 2, middle

    def _release(self, shape):
        for k in range(self.member_first[shape], self.member_first[shape + 1]):
            self._count(self.members[k], 1)

    def _finish(self, path):
        self.state[path] = _FREE
        self._count(path, -1)
        if not self.is_nested:
            return
        shape = self.shape[path]
        self.paths_left[shape] -= 1
        if self.paths_left[shape]:
            return
        for k in range(self.holder_first[shape], self.holder_first[shape + 1]):
            holder = self.holders[k]
            self.inside_left[holder] -= 1
            if self.inside_left[holder] == 0:
                self._release(holder)

    def turn(self, path, ax, ay, bx, by):
        """Find the vertex of a closed path on the shortest way from one point to another.

        Of many vertices some are looked at all around, then those near the best of them.
        """
        start = self.first[path]
        count = self.first[path + 1] - start
        step = (count + _COARSE - 1) // _COARSE
        best = INFINITY
        at = 0
        k = 0
        while k < count:
            x, y = self.x[start + k], self.y[start + k]
            way = far(ax, ay, x, y) + far(x, y, bx, by)
            if way < best:
                best, at = way, k
            k += step
        while step > 1:
            step = (step + 3) // 4
            middle = at
            for turned in range(-3, 4):
                k = (middle + turned * step + count) % count
                x, y = self.x[start + k], self.y[start + k]
                way = far(ax, ay, x, y) + far(x, y, bx, by)
                if way < best:
                    best, at = way, k
        self.turned = best
        return at
