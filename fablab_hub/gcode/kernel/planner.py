# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, auto_pickle=False
"""The planner of the compiled scan: `duration`, one move after the other.

The formulas stand in `fablab_hub.gcode.duration`, in the same order of operations; there they have
their sources and their reasons. Types are in `planner.pxd`.
"""

import cython
from cython.cimports.libc.math import INFINITY, fabs, sqrt


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _slowed(speed: cython.double, share: cython.double, jerk: cython.double) -> cython.double:
    return jerk / share if share * speed > jerk else speed


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _jerked(
    factor: cython.double,
    slower: cython.double,
    out: cython.double,
    speed: cython.double,
    into: cython.double,
    allowed: cython.double,
) -> cython.double:
    leaves: cython.double = slower * out * factor
    enters: cython.double = speed * into * factor
    change: cython.double
    if leaves * enters < 0:
        change = max(fabs(leaves), fabs(enters))
    else:
        change = fabs(leaves - enters)
    return factor * (allowed / change) if change > allowed else factor


class Planner:
    """Adds up the time of moves, and marks where the program stands after how long."""

    def __init__(self, pace):
        """Begin with the numbers of a `Pace`; the corner rule is 0, 1 or 2 as in `Cornering`."""
        k: cython.int
        for k in range(4):
            self.fastest[k] = pace.max_speed_mm_s[k]
            self.hardest[k] = pace.max_accel_mm_s2[k]
            self.jerk[k] = pace.jerk_mm_s[k]
        self.cornering = ("junction-deviation", "jerk", "square-corner").index(pace.cornering)
        self.deviation = pace.junction_deviation_mm
        self.corner_speed = pace.square_corner_mm_s
        self.arc_ease, self.min_speed = pace.arc_ease, pace.min_speed_mm_s
        self.arc_tolerance = pace.arc_tolerance_mm
        self.turning_accel = pace.turning_accel_mm_s2
        self.ahead = min(max(pace.planned_moves, 2), 1024)
        self.is_asked_endless = min(pace.print_accel_mm_s2, pace.travel_accel_mm_s2) == INFINITY
        self.stride = 1

    def index(self):
        """Give where the program stands after how long: its lines, bytes, seconds and layers."""
        return [
            (self.mark_line[k], self.mark_out[k], self.mark_s[k], self.mark_layer[k])
            for k in range(self.marks)
        ]

    def queue(
        self,
        fed,
        feed,
        accel,
        is_rapid,
        is_still,
        length,
        radius,
        ex,
        ey,
        ez,
        lx,
        ly,
        lz,
        out,
        line,
        layer,
    ):
        """Take a move: how fast it may go, and how fast it may be entered."""
        k: cython.int = self.count
        way: cython.double = length if length > 0 else fabs(fed)
        filament: cython.double = fed / way
        speed: cython.double
        still: cython.double = 0.0
        corner: cython.double
        share: cython.double
        seen: cython.double
        moves: cython.bint = length > 0
        speed = INFINITY if is_rapid or feed <= 0 else feed / 60.0
        if fed != 0 and speed < self.min_speed:
            speed = self.min_speed
        share = max(fabs(ex), fabs(lx))
        if share > 0:
            if speed * share > self.fastest[0]:
                speed = self.fastest[0] / share
            if accel * share > self.hardest[0]:
                accel = self.hardest[0] / share
        share = max(fabs(ey), fabs(ly))
        if share > 0:
            if speed * share > self.fastest[1]:
                speed = self.fastest[1] / share
            if accel * share > self.hardest[1]:
                accel = self.hardest[1] / share
        share = max(fabs(ez), fabs(lz))
        if share > 0:
            if speed * share > self.fastest[2]:
                speed = self.fastest[2] / share
            if accel * share > self.hardest[2]:
                accel = self.hardest[2] / share
        share = fabs(filament)
        if share > 0:
            if speed * share > self.fastest[3]:
                speed = self.fastest[3] / share
            if accel * share > self.hardest[3]:
                accel = self.hardest[3] / share
        if radius < INFINITY:
            if (
                self.arc_tolerance > 0
                and ez == 0
                and lz == 0
                and length > 1.5707963267948966 * radius
            ):
                accel = self.turning_accel
            speed = min(speed, sqrt(accel * radius * self.arc_ease))
            if self.arc_tolerance > 0:
                seen = max(2 * radius - self.arc_tolerance, self.arc_tolerance)
                seen = self.ahead * 2 * sqrt(self.arc_tolerance * seen)
                if length > seen:
                    speed = min(speed, sqrt(2 * accel * seen))
        if speed < 1e-3:
            speed = 1e-3
        if self.cornering == _JERK:
            still = speed
            still = _slowed(still, fabs(ex), self.jerk[0])
            still = _slowed(still, fabs(ey), self.jerk[1])
            still = _slowed(still, fabs(ez), self.jerk[2])
            still = _slowed(still, fabs(filament), self.jerk[3])
            still = still * still
        if is_still or not self.has_before:
            corner = still
            if self.has_before and self.b_still < still:
                corner = self.b_still
        elif self.cornering == _JERK:
            corner = _jerk_square(self, speed, still, ex, ey, ez, filament)
        elif not moves or not self.b_moves:
            corner = 0.0
        else:
            corner = _deviation_square(self, speed, accel, way, ex, ey, ez)
        self.way[k], self.speed[k], self.accel[k] = way, speed, accel
        self.still[k], self.limit[k] = still, corner
        self.out_end[k], self.line_of[k], self.layer_of[k] = out, line, layer
        self.b_x, self.b_y, self.b_z = lx, ly, lz
        self.b_filament, self.b_speed, self.b_accel, self.b_way = filament, speed, accel, way
        self.b_still, self.b_moves, self.has_before = still, moves, True
        self.count = k + 1
        if self.count >= _CAP:
            self.plan(self.ahead)

    def plan(self, keep):
        """Settle all queued moves but the last few (`duration.Planner._plan`)."""
        n: cython.int = self.count
        settled: cython.int = n - keep
        i: cython.int
        reach: cython.double = 0.0
        least: cython.double
        top: cython.double
        ramps: cython.double
        cruise: cython.double
        for i in range(n):
            self.reach[i] = reach
            self.seen[i] = self.limit[i] + reach
            reach = reach + 2 * self.accel[i] * self.way[i]
        self.reach[n] = reach
        self._see(n)
        self.square[n] = self.still[n - 1]
        if self.has_planned:
            self.square[0] = self.entry_square
        elif self.still[0] < self.square[0]:
            self.square[0] = self.still[0]
        least = INFINITY
        for i in range(settled + 1):
            least = min(least, self.square[i] - self.reach[i])
            self.square[i] = max(0.0, least + self.reach[i])
        for i in range(settled + 1):
            self.root[i] = sqrt(self.square[i])
        for i in range(settled):
            top = (self.square[i] + self.square[i + 1]) / 2 + self.accel[i] * self.way[i]
            top = max(sqrt(min(self.speed[i] * self.speed[i], top)), 1e-6)
            ramps = (2 * top - self.root[i] - self.root[i + 1]) / self.accel[i]
            cruise = 2 * top * top - self.square[i] - self.square[i + 1]
            cruise = self.way[i] - cruise / (2 * self.accel[i])
            self.seen[i] = max(0.0, ramps) + max(0.0, cruise) / top
        for i in range(settled):
            self.total_s += self.seen[i]
            self.unmarked -= 1
            if self.unmarked <= 0:
                self._mark(i)
        self.entry_square = self.square[settled]
        self.has_planned = True
        for i in range(keep):
            self.way[i], self.speed[i] = self.way[settled + i], self.speed[settled + i]
            self.accel[i], self.still[i] = self.accel[settled + i], self.still[settled + i]
            self.limit[i] = self.limit[settled + i]
            self.out_end[i], self.line_of[i] = self.out_end[settled + i], self.line_of[settled + i]
            self.layer_of[i] = self.layer_of[settled + i]
        self.count = keep

    def _see(self, n):
        """Find for each move the least of what stands in `seen` for it and those it sees ahead.

        Blocks as long as the view: a view is the rest of one block and the beginning of the next,
        whose least values two walks have found (van Herk 1992).
        """
        ahead: cython.int = max(1, self.ahead)
        i: cython.int
        first: cython.int = 0
        end: cython.int
        least: cython.double
        while first < n:
            end = min(first + ahead, n)
            least = INFINITY
            for i in range(first, end):
                least = min(least, self.seen[i])
                self.root[i] = least
            least = INFINITY
            for i in range(end - 1, first - 1, -1):
                least = min(least, self.seen[i])
                self.square[i] = least
            first = end
        first = n - ahead if n > ahead else 0
        for i in range(first):
            least = min(self.square[i], self.root[i + ahead - 1])
            least = min(least, self.still[i + ahead - 1] + self.reach[i + ahead])
            self.square[i] = least - self.reach[i]
        end = (n - 1) // ahead * ahead
        for i in range(first, n):
            least = self.square[i]
            if i < end:
                least = min(least, self.root[n - 1])
            least = min(least, self.still[n - 1] + self.reach[n])
            self.square[i] = least - self.reach[i]

    def _mark(self, k):
        """Remember where the program stands; every second mark goes when there is no room."""
        i: cython.int
        if self.marks >= _MARKS:
            for i in range(_MARKS // 2):
                self.mark_out[i] = self.mark_out[2 * i + 1]
                self.mark_line[i] = self.mark_line[2 * i + 1]
                self.mark_layer[i] = self.mark_layer[2 * i + 1]
                self.mark_s[i] = self.mark_s[2 * i + 1]
            self.marks = _MARKS // 2
            self.stride *= 2
        self.unmarked = self.stride
        self.mark_out[self.marks], self.mark_line[self.marks] = self.out_end[k], self.line_of[k]
        self.mark_layer[self.marks], self.mark_s[self.marks] = self.layer_of[k], self.total_s
        self.marks += 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _deviation_square(
    self: Planner,
    speed: cython.double,
    accel: cython.double,
    way: cython.double,
    ex: cython.double,
    ey: cython.double,
    ez: cython.double,
) -> cython.double:
    """`duration._deviation_square`."""
    turn: cython.double = self.b_x * ex + self.b_y * ey + self.b_z * ez
    slower: cython.double = min(self.b_speed, speed)
    half: cython.double
    quarter: cython.double
    corner: cython.double
    if turn > 0.999999:
        return slower * slower
    if turn < -0.999999:
        return 0.0
    half = sqrt(0.5 * (1 + turn))
    if self.cornering == _SQUARE_CORNER:
        corner = self.corner_speed * self.corner_speed * 0.41421356237309503 * half / (1 - half)
        quarter = 0.5 * half / sqrt(0.5 * (1 - turn))
        corner = min(corner, way * accel * quarter)
        corner = min(corner, self.b_way * self.b_accel * quarter)
    else:
        corner = _corner_accel(self, accel, ex, ey, ez) * self.deviation * half / (1 - half)
    return min(corner, slower * slower)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _corner_accel(
    self: Planner,
    accel: cython.double,
    ex: cython.double,
    ey: cython.double,
    ez: cython.double,
) -> cython.double:
    """`duration._corner_accel`."""
    dx: cython.double = ex - self.b_x
    dy: cython.double = ey - self.b_y
    dz: cython.double = ez - self.b_z
    length: cython.double = sqrt(dx * dx + dy * dy + dz * dz)
    share: cython.double
    if self.is_asked_endless:
        accel = INFINITY
    if length <= 0:
        length = 1.0
    share = fabs(dx) / length
    if share > 0 and accel * share > self.hardest[0]:
        accel = self.hardest[0] / share
    share = fabs(dy) / length
    if share > 0 and accel * share > self.hardest[1]:
        accel = self.hardest[1] / share
    share = fabs(dz) / length
    if share > 0 and accel * share > self.hardest[2]:
        accel = self.hardest[2] / share
    return 0.0 if accel == INFINITY else accel


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _jerk_square(
    self: Planner,
    speed: cython.double,
    still: cython.double,
    ex: cython.double,
    ey: cython.double,
    ez: cython.double,
    filament: cython.double,
) -> cython.double:
    """`duration._jerk_square`."""
    slower: cython.double = min(self.b_speed, speed)
    factor: cython.double = 1.0
    top: cython.double
    factor = _jerked(factor, slower, self.b_x, speed, ex, self.jerk[0])
    factor = _jerked(factor, slower, self.b_y, speed, ey, self.jerk[1])
    factor = _jerked(factor, slower, self.b_z, speed, ez, self.jerk[2])
    factor = _jerked(factor, slower, self.b_filament, speed, filament, self.jerk[3])
    top = slower * factor
    still = sqrt(still)
    if sqrt(self.b_still) > 0.99 * top and still > 0.99 * top:
        top = min(still, slower)
    return top * top
