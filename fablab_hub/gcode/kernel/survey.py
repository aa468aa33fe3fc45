# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, auto_pickle=False
"""What the moves of the compiled scan do: `moves`, a few hundred at a time.

Which slip has which number is `moves.Slip`; what an arc is made of is `motion.arc_way`. Types are
in `survey.pxd`.
"""

import cython
from cython.cimports.libc.math import INFINITY, atan2, fabs, floor, rint, sqrt


class Survey(Planner):
    """Adds up what moves do, and hands them on to the planner."""

    def __init__(self, pace, is_laser, low, high, max_feed, max_power, max_heat, filament_mm2):
        """Begin with a `Pace` and the machine's reach, in mm, mm/min, S numbers and S by mm/min."""
        k: cython.int
        Planner.__init__(self, pace)
        self.is_laser, self.max_feed, self.max_power = is_laser, max_feed, max_power
        self.max_heat, self.filament_mm2 = max_heat, filament_mm2
        for k in range(3):
            self.low[k], self.high[k] = low[k], high[k]
            self.box[k] = self.work_box[k] = INFINITY
            self.box[k + 3] = self.work_box[k + 3] = -INFINITY
        self.last_layer = self.box_layer = INFINITY

    def set_accels(
        self, printing: cython.double, travel: cython.double, retract: cython.double
    ) -> None:
        """Ask for other accelerations, in mm/s2."""
        if (
            printing != self.accel_print
            or travel != self.accel_travel
            or retract != self.accel_retract
        ):
            self.measure()
            self.accel_print, self.accel_travel, self.accel_retract = printing, travel, retract

    @property
    def accels(self):
        """What is asked for while printing, travelling and for filament alone, in mm/s2."""
        return self.accel_print, self.accel_travel, self.accel_retract

    def drive(
        self,
        at,
        fed: cython.double,
        feed: cython.double,
        power: cython.double,
        flags: cython.int,
        line: cython.longlong,
        arc,
        out: cython.longlong,
        out_line: cython.longlong,
    ) -> None:
        """Take one move that was read elsewhere; its line ends at `out` in the program."""
        k: cython.int
        row: cython.int = self.waiting
        if arc is not None:
            numbers = (arc.length_mm, arc.radius_mm, *arc.entry, *arc.leave)
            for k in range(8):
                self.arc[row][k] = numbers[k]
            for k in range(3):
                self.arc[row][8 + k] = min(arc.low_mm[k], at[k])
                self.arc[row][11 + k] = max(arc.high_mm[k], at[k])
            flags |= _BENT
        self.push(at[0], at[1], at[2], fed, feed, power, flags, line, out, out_line)

    def finish(self) -> cython.double:
        """Settle all moves; gives the time of all of them, in seconds."""
        self.measure()
        if self.count:
            self.plan(0)
        return self.total_s

    def boxes(self):
        """Give the corners of all motion, and of work."""
        self.measure()
        return [self.box[k] for k in range(6)], [self.work_box[k] for k in range(6)]

    def take_layers(self):
        """Give height, left, front, right and back of what was printed since the last call."""
        self.measure()
        found = [tuple([self.layer[k][m] for m in range(5)]) for k in range(self.layers)]
        self.layers = 0
        self.box_layer = INFINITY
        return found

    def slips(self):
        """Give for each slip: how many lines, the first of them, the worst value."""
        self.measure()
        found = []
        for k in range(_SLIPS):
            kept = min(self.slip_count[k], _KEPT)
            lines = [self.slip_lines[_KEPT * k + m] for m in range(kept)]
            found.append((self.slip_count[k], lines, self.slip_worst[k]))
        return found

    def find_arc(self, is_clockwise, x0, y0, z0, x, y, z, by_radius, i, j):
        """Work an arc out for the next move; False when it is not one (`motion.arc_way`).

        `i` and `j` are the way to its centre; with `by_radius`, `i` is its radius.
        """
        k: cython.int = self.waiting
        a: cython.double = x - x0
        b: cython.double = y - y0
        chord: cython.double
        square: cython.double
        side: cython.double
        ahead: cython.double
        outermost: cython.double
        turn: cython.double = -1.0 if is_clockwise else 1.0
        cx: cython.double
        cy: cython.double
        quarter: cython.int
        if by_radius:
            chord = sqrt(a * a + b * b)
            if chord == 0.0:
                return False
            square = i * i - chord * chord / 4
            if square < -1e-9:
                return False
            side = sqrt(max(0.0, square)) / chord
            if is_clockwise != (i < 0):
                side = -side
            cx, cy = x0 + a / 2 - b * side, y0 + b / 2 + a * side
        else:
            cx, cy = x0 + i, y0 + j
        a0: cython.double = x0 - cx
        b0: cython.double = y0 - cy
        a1: cython.double = x - cx
        b1: cython.double = y - cy
        radius: cython.double = sqrt(a0 * a0 + b0 * b0)
        end_radius: cython.double = sqrt(a1 * a1 + b1 * b1)
        error: cython.double = fabs(radius - end_radius)
        if radius == 0.0 or end_radius == 0.0 or error > 0.5:
            return False
        if error > 0.005 and error > 0.001 * radius:
            return False
        start: cython.double = atan2(b0, a0)
        sweep: cython.double = atan2(a0 * b1 - b0 * a1, a0 * a1 + b0 * b1)
        if is_clockwise:
            if sweep >= -5e-7:
                sweep = sweep - 6.283185307179586
        elif sweep <= 5e-7:
            sweep = sweep + 6.283185307179586
        climb: cython.double = z - z0
        bow: cython.double = radius * fabs(sweep)
        length: cython.double = sqrt(bow * bow + climb * climb)
        level: cython.double = turn * bow / length
        self.arc[k][0], self.arc[k][1] = length, radius
        self.arc[k][2], self.arc[k][3] = -b0 / radius * level, a0 / radius * level
        self.arc[k][5], self.arc[k][6] = -b1 / end_radius * level, a1 / end_radius * level
        self.arc[k][4] = self.arc[k][7] = climb / length
        self.arc[k][8], self.arc[k][11] = min(x0, x), max(x0, x)
        self.arc[k][9], self.arc[k][12] = min(y0, y), max(y0, y)
        self.arc[k][10], self.arc[k][13] = min(z0, z), max(z0, z)
        for quarter in range(4):
            ahead = (quarter * 1.5707963267948966 - start) * turn
            ahead -= 6.283185307179586 * floor(ahead / 6.283185307179586)
            if ahead < fabs(sweep):
                outermost = (cy if quarter % 2 else cx) + (radius if quarter < 2 else -radius)
                self.arc[k][8 + quarter % 2] = min(self.arc[k][8 + quarter % 2], outermost)
                self.arc[k][11 + quarter % 2] = max(self.arc[k][11 + quarter % 2], outermost)
        return True

    def push(self, x, y, z, fed, feed, power, flags, line, out, out_line):
        """Let a move wait; its arc, if it is one, was found before."""
        k: cython.int = self.waiting
        self.to_x[k], self.to_y[k], self.to_z[k] = x, y, z
        self.fed[k], self.feed_of[k], self.power_of[k] = fed, feed, power
        self.flags_of[k], self.line_at[k] = flags, line
        self.out_of[k], self.out_line_of[k] = out, out_line
        self.driven += 1
        self.waiting = k + 1
        if self.waiting >= _WAITING:
            self.measure()

    def measure(self):
        """Measure the moves that wait, and hand them to the planner (`moves.MoveTable.add`)."""
        k: cython.int
        row: cython.int
        x: cython.double
        y: cython.double
        z: cython.double
        x0: cython.double
        y0: cython.double
        z0: cython.double
        x1: cython.double
        y1: cython.double
        z1: cython.double
        ex: cython.double
        ey: cython.double
        ez: cython.double
        lx: cython.double
        ly: cython.double
        lz: cython.double
        fed: cython.double
        feed: cython.double
        power: cython.double
        length: cython.double
        radius: cython.double
        over: cython.double
        height: cython.double
        heat: cython.double
        unit: cython.double
        accel: cython.double
        flags: cython.int
        line: cython.longlong
        works: cython.bint
        is_rapid: cython.bint
        sx: cython.double = self.last_x
        sy: cython.double = self.last_y
        sz: cython.double = self.last_z
        low_x: cython.double = self.low[0]
        low_y: cython.double = self.low[1]
        low_z: cython.double = self.low[2]
        high_x: cython.double = self.high[0]
        high_y: cython.double = self.high[1]
        high_z: cython.double = self.high[2]
        left: cython.double = self.box[0]
        front: cython.double = self.box[1]
        bottom: cython.double = self.box[2]
        right: cython.double = self.box[3]
        back: cython.double = self.box[4]
        top: cython.double = self.box[5]
        work_mm: cython.double = self.work_mm
        travel_mm: cython.double = self.travel_mm
        fed_mm: cython.double = self.fed_mm
        most_mm: cython.double = self.filament_mm
        moves: cython.longlong = 0
        for k in range(self.waiting):
            x, y, z = self.to_x[k], self.to_y[k], self.to_z[k]
            fed, feed, power = self.fed[k], self.feed_of[k], self.power_of[k]
            flags, line = self.flags_of[k], self.line_at[k]
            if flags & _BENT:
                length, radius = self.arc[k][0], self.arc[k][1]
                ex, ey, ez = self.arc[k][2], self.arc[k][3], self.arc[k][4]
                lx, ly, lz = self.arc[k][5], self.arc[k][6], self.arc[k][7]
                x0, y0, z0 = self.arc[k][8], self.arc[k][9], self.arc[k][10]
                x1, y1, z1 = self.arc[k][11], self.arc[k][12], self.arc[k][13]
            else:
                ex, ey, ez = x - sx, y - sy, z - sz
                length = sqrt(ex * ex + ey * ey + ez * ez)
                radius = INFINITY
                unit = length if length > 0 else 1.0
                ex, ey, ez = ex / unit, ey / unit, ez / unit
                lx, ly, lz = ex, ey, ez
                x0, y0, z0 = x, y, z
                x1, y1, z1 = x, y, z
            left, right = min(left, x0), max(right, x1)
            front, back = min(front, y0), max(back, y1)
            bottom, top = min(bottom, z0), max(top, z1)
            is_rapid = flags & _RAPID != 0
            if self.is_laser:
                works = length > 0 and power > 0 and not is_rapid and flags & _BEAM != 0
            else:
                works = length > 0 and fed > 0
            over = max(max(low_x - x0, x1 - high_x), max(low_y - y0, y1 - high_y))
            if not self.is_laser and z0 < low_z - 1e-6:
                self._note(2, line, 0.0)
                over = max(over, max(z1 - high_z, 0.0))
            else:
                over = max(over, max(low_z - z0, z1 - high_z))
            if works:
                if (
                    over > 1e-6
                    or low_x - sx > 1e-6
                    or sx - high_x > 1e-6
                    or low_y - sy > 1e-6
                    or sy - high_y > 1e-6
                    or low_z - sz > 1e-6
                    or sz - high_z > 1e-6
                ):
                    self._note(0, line, over)
                self.has_work = True
                self.work_box[0] = min(self.work_box[0], min(x0, sx))
                self.work_box[1] = min(self.work_box[1], min(y0, sy))
                self.work_box[2] = min(self.work_box[2], min(z0, sz))
                self.work_box[3] = max(self.work_box[3], max(x1, sx))
                self.work_box[4] = max(self.work_box[4], max(y1, sy))
                self.work_box[5] = max(self.work_box[5], max(z1, sz))
                work_mm += length
                self.top_feed = max(self.top_feed, feed)
                if self.is_laser:
                    heat = power / max(feed, 1.0)
                    self.top_heat = max(self.top_heat, heat)
                    self.top_power = max(self.top_power, power)
                    if power > self.max_power:
                        self._note(5, line, 0.0)
                    if heat > self.max_heat:
                        self._note(10, line, 0.0)
                if z > sz:
                    self.climbing_mm += length
                    self.top_layer = max(self.top_layer, z)
                elif z == sz and not self.is_laser:
                    height = rint(z * 100) / 100
                    if height != self.box_layer and self.layers < 1024:
                        self.box_layer = height
                        if height != self.last_layer:
                            self.last_layer = height
                            self.layers_begun += 1
                        if height > self.top_layer + 2.0:
                            self._note(13, line, height - self.top_layer)
                        self.top_layer = max(self.top_layer, height)
                        row = self.layers
                        self.layer[row][0] = height
                        self.layer[row][1] = self.layer[row][2] = INFINITY
                        self.layer[row][3] = self.layer[row][4] = -INFINITY
                        self.layers += 1
                    row = self.layers - 1
                    self.layer[row][1] = min(self.layer[row][1], min(x0, sx))
                    self.layer[row][2] = min(self.layer[row][2], min(y0, sy))
                    self.layer[row][3] = max(self.layer[row][3], max(x1, sx))
                    self.layer[row][4] = max(self.layer[row][4], max(y1, sy))
            else:
                travel_mm += length
                if over > 1e-6:
                    self._note(1, line, over)
            if feed <= 0 and not is_rapid and (length > 0 or self.is_laser):
                self._note(3, line, 0.0)
            fed_mm += fed
            most_mm = max(most_mm, fed_mm)
            if length > 0:
                moves += 1
                if not is_rapid:
                    if feed > self.max_feed:
                        self._note(4, line, feed)
                elif flags & _CONSTANT and power > 0 and self.is_laser:
                    self._note(6, line, 0.0)
                accel = self.accel_print if fed != 0 else self.accel_travel
            else:
                accel = self.accel_retract
            if fed > 2.0 and not self.is_laser:
                if z == sz and length > 5.0 and fed * self.filament_mm2 > 4.0 * length:
                    self._note(11, line, fed * self.filament_mm2 / length)
                if fed > 200.0:
                    self._note(12, line, fed)
            if fed > 0 and flags & (_COLD | _RELEASED | _UNHOMED) and not self.is_laser:
                if flags & _COLD:
                    self._note(7, line, 0.0)
                if works and flags & _RELEASED:
                    self._note(8, line, 0.0)
                if works and flags & _UNHOMED:
                    self._note(9, line, 0.0)
            if length > 0 or fed != 0:
                self.queue(
                    fed,
                    feed,
                    accel,
                    is_rapid,
                    flags & _FROM_STILL != 0,
                    length,
                    radius,
                    ex,
                    ey,
                    ez,
                    lx,
                    ly,
                    lz,
                    self.out_of[k],
                    self.out_line_of[k],
                    self.layers_begun,
                )
            sx, sy, sz = x, y, z
        self.last_x, self.last_y, self.last_z = sx, sy, sz
        self.box[0], self.box[1], self.box[2] = left, front, bottom
        self.box[3], self.box[4], self.box[5] = right, back, top
        self.work_mm, self.travel_mm = work_mm, travel_mm
        self.fed_mm, self.filament_mm = fed_mm, most_mm
        self.moves += moves
        self.waiting = 0

    def _note(self, slip, line, worst):
        """Count a line once for a slip, and keep the first lines and the worst value."""
        self.slip_worst[slip] = max(self.slip_worst[slip], worst)
        if line > self.slip_last[slip]:
            self.slip_last[slip] = line
            if self.slip_count[slip] < _KEPT:
                self.slip_lines[_KEPT * slip + self.slip_count[slip]] = line
            self.slip_count[slip] += 1
