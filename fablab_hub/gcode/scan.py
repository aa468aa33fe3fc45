# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, embedsignature=False
"""The compiled scan: reads the plain lines of a program at the speed of a checksum.

It knows the moves and the few commands that make up nearly all of a file. Any other line it hands
back untouched, and `words`, `commands` and the handlers judge it; what they did to the modal state
goes back in with `load`. So there is one place that knows what a rare command means, and a line
that this file reads wrong can only be one that it says it knows.

Moves are measured by the formulas of `moves` and `duration`, in the same order of operations: the
tests hold both against each other on every file. One file of some length, because Cython inlines
only within one. Never imported where it is not compiled: `reading` asks `kernel` for it.

Memory safety: the input and the program are reached through views whose bounds are checked; copies
check both ends themselves. Numbers of more than 15 digits are never read here.
"""

import cython
from cython.cimports.libc.math import INFINITY, atan2, fabs, floor, rint, sqrt
from cython.cimports.libc.string import memcpy

COMPILED = cython.compiled

MORE, ODD, FULL, LONG = 0, 1, 2, 3
_LONG = cython.declare(cython.int, 3)
_LONGEST = cython.declare(cython.Py_ssize_t, 1 << 16)
_MORE = cython.declare(cython.int, 0)
_ODD = cython.declare(cython.int, 1)
_FULL = cython.declare(cython.int, 2)

_CAP = cython.declare(cython.int, 2048)
_ROOM = cython.declare(cython.Py_ssize_t, 1024)

_RAPID = cython.declare(cython.int, 1)
_CONSTANT = cython.declare(cython.int, 2)
_DYNAMIC = cython.declare(cython.int, 4)
_COLD = cython.declare(cython.int, 8)
_FROM_STILL = cython.declare(cython.int, 16)
_RELEASED = cython.declare(cython.int, 32)
_UNHOMED = cython.declare(cython.int, 64)

_X = cython.declare(cython.uint, 1 << 23)
_Y = cython.declare(cython.uint, 1 << 24)
_Z = cython.declare(cython.uint, 1 << 25)
_E = cython.declare(cython.uint, 1 << 4)
_F = cython.declare(cython.uint, 1 << 5)
_I = cython.declare(cython.uint, 1 << 8)
_J = cython.declare(cython.uint, 1 << 9)
_R = cython.declare(cython.uint, 1 << 17)
_S = cython.declare(cython.uint, 1 << 18)

_PI = cython.declare(cython.double, 3.141592653589793)
_STRAIGHT = cython.declare(cython.double, 0.999999)
_SQUARE_CORNER = cython.declare(cython.double, 0.41421356237309503)
_EDGE = cython.declare(cython.double, 1e-6)

_BY_JERK = cython.declare(cython.int, 1)
_BY_SQUARE_CORNER = cython.declare(cython.int, 2)

_NATIVE_M204 = cython.declare(cython.uint, 1)
_NATIVE_M73 = cython.declare(cython.uint, 2)
_NATIVE_FAN = cython.declare(cython.uint, 4)
_NATIVE_G92 = cython.declare(cython.uint, 8)
_NATIVE_M4 = cython.declare(cython.uint, 16)
_NATIVE_M5 = cython.declare(cython.uint, 32)


@cython.final
@cython.cclass
class Scan:
    """The state of a scan. Attributes that Python reads and writes are public."""

    # --- what the machine is -------------------------------------------------------------------
    is_laser: cython.bint
    native: cython.uint
    max_chars: cython.Py_ssize_t
    low: cython.double[3]
    high: cython.double[3]
    max_feed: cython.double
    max_power: cython.double
    fastest: cython.double[4]
    hardest: cython.double[4]
    jerk: cython.double[4]
    cornering: cython.int
    deviation: cython.double
    corner_speed: cython.double
    arc_ease: cython.double
    min_speed: cython.double
    ahead: cython.int
    is_asked_endless: cython.bint

    # --- what the firmware remembers -----------------------------------------------------------
    motion = cython.declare(cython.int, visibility="public")
    scale = cython.declare(cython.double, visibility="public")
    is_relative = cython.declare(cython.bint, visibility="public")
    is_e_relative = cython.declare(cython.bint, visibility="public")
    is_flat = cython.declare(cython.bint, visibility="public")
    feed = cython.declare(cython.double, visibility="public")
    power = cython.declare(cython.double, visibility="public")
    spindle = cython.declare(cython.int, visibility="public")
    x = cython.declare(cython.double, visibility="public")
    y = cython.declare(cython.double, visibility="public")
    z = cython.declare(cython.double, visibility="public")
    shift_x = cython.declare(cython.double, visibility="public")
    shift_y = cython.declare(cython.double, visibility="public")
    shift_z = cython.declare(cython.double, visibility="public")
    e = cython.declare(cython.double, visibility="public")
    accel_print = cython.declare(cython.double, visibility="public")
    accel_travel = cython.declare(cython.double, visibility="public")
    accel_retract = cython.declare(cython.double, visibility="public")
    flags = cython.declare(cython.int, visibility="public")
    has_ended = cython.declare(cython.bint, visibility="public")
    line = cython.declare(cython.longlong, visibility="public")

    # --- what was measured ---------------------------------------------------------------------
    driven = cython.declare(cython.longlong, visibility="public")
    moves = cython.declare(cython.longlong, visibility="public")
    has_work = cython.declare(cython.bint, visibility="public")
    work_mm = cython.declare(cython.double, visibility="public")
    travel_mm = cython.declare(cython.double, visibility="public")
    climbing_mm = cython.declare(cython.double, visibility="public")
    filament_mm = cython.declare(cython.double, visibility="public")
    top_feed = cython.declare(cython.double, visibility="public")
    top_power = cython.declare(cython.double, visibility="public")
    top_heat = cython.declare(cython.double, visibility="public")
    total_s = cython.declare(cython.double, visibility="public")
    fed_mm: cython.double
    last_x: cython.double
    last_y: cython.double
    last_z: cython.double
    line_now = cython.declare(cython.longlong, visibility="public")
    a_length: cython.double
    a_radius: cython.double
    a_in: cython.double[3]
    a_out: cython.double[3]
    a_box: cython.double[6]
    box: cython.double[6]
    work_box: cython.double[6]
    layer_z: cython.double[256]
    layers: cython.int
    last_layer: cython.double
    slip_count: cython.longlong[10]
    slip_last: cython.longlong[10]
    slip_worst: cython.double[10]
    slip_lines: cython.longlong[200]

    # --- the planner ---------------------------------------------------------------------------
    count: cython.int
    has_before: cython.bint
    has_planned: cython.bint
    entry_square: cython.double
    b_leave: cython.double[3]
    b_filament: cython.double
    b_speed: cython.double
    b_accel: cython.double
    b_way: cython.double
    b_still: cython.double
    b_moves: cython.bint
    way: cython.double[2048]
    speed: cython.double[2048]
    accel: cython.double[2048]
    still: cython.double[2048]
    limit: cython.double[2048]
    reach: cython.double[2049]
    square: cython.double[2049]
    queue: cython.int[2048]
    out_end: cython.longlong[2048]
    line_of: cython.longlong[2048]

    # --- the index -----------------------------------------------------------------------------
    marks: cython.int
    stride: cython.longlong
    settled: cython.longlong
    mark_out: cython.longlong[4096]
    mark_line: cython.longlong[4096]
    mark_s: cython.double[4096]

    # --- the canonical program -----------------------------------------------------------------
    out: cython.uchar[::1]
    out_buffer: object
    out_at: cython.Py_ssize_t
    out_last: cython.Py_ssize_t
    out_before: cython.longlong
    program_lines = cython.declare(cython.longlong, visibility="public")
    saved_last: object
    v: cython.double[26]
    pow10: cython.double[20]

    # --- how a run ended -----------------------------------------------------------------------
    why = cython.declare(cython.int, visibility="public")
    odd_start = cython.declare(cython.Py_ssize_t, visibility="public")
    odd_end = cython.declare(cython.Py_ssize_t, visibility="public")

    def __init__(
        self, *, is_laser, native, max_chars, low, high, max_feed, max_power, fastest, hardest,
        jerk, cornering, deviation, corner_speed, arc_ease, min_speed, ahead, accels, flags,
    ):  # fmt: skip
        """Begin; the values are those of `Pace` and of the machine, in mm and s."""
        k: cython.int
        self.is_laser, self.native, self.max_chars = is_laser, native, max_chars
        self.max_feed, self.max_power = max_feed, max_power
        for k in range(3):
            self.low[k], self.high[k] = low[k], high[k]
        for k in range(4):
            self.fastest[k], self.hardest[k] = fastest[k], hardest[k]
            self.jerk[k] = jerk[k]
        self.cornering, self.deviation, self.corner_speed = cornering, deviation, corner_speed
        self.arc_ease, self.min_speed = arc_ease, min_speed
        self.ahead = min(max(ahead, 2), 1024)
        self.accel_print, self.accel_travel, self.accel_retract = accels
        self.is_asked_endless = min(self.accel_print, self.accel_travel) == INFINITY
        self.scale, self.is_flat, self.flags = 1.0, True, flags
        self.spindle, self.stride = 5, 1
        self.last_layer = INFINITY
        for k in range(3):
            self.box[k] = self.work_box[k] = INFINITY
            self.box[k + 3] = self.work_box[k + 3] = -INFINITY
        self.pow10[0] = 1.0
        for k in range(1, 20):
            self.pow10[k] = self.pow10[k - 1] * 10.0
        self.out_buffer = bytearray(1 << 20)
        self.out = self.out_buffer
        self.saved_last = b""

    # --- what Python asks for ------------------------------------------------------------------

    def run(self, data, at: cython.Py_ssize_t, is_last: cython.bint) -> cython.Py_ssize_t:
        """Read lines from a place on; gives the place of the first line that was not read.

        `why` says what it waits for: MORE bytes, somebody who knows the ODD line between
        `odd_start` and `odd_end`, that the FULL program buffer is taken, or a line that is too
        LONG to be one.
        """
        view: cython.const[cython.uchar][::1] = data
        end: cython.Py_ssize_t = view.shape[0]
        if at < 0 or at > end:
            raise IndexError(at)
        with cython.nogil:
            at = self._run(view, self.out, at, end, is_last)
        return at

    def take(self) -> bytes:
        """Take what the program has grown by."""
        taken = bytes(self.out_buffer[: self.out_at])
        if self.out_at:
            self.saved_last = taken[self.out_last : self.out_at - 1]
        self.out_before += self.out_at
        self.out_at = self.out_last = 0
        return taken

    @property
    def last(self) -> bytes:
        """The last line of the program, without its end."""
        if self.out_at:
            return bytes(self.out_buffer[self.out_last : self.out_at - 1])
        return self.saved_last

    @property
    def program_bytes(self):
        """How long the program is."""
        return self.out_before + self.out_at

    def write(self, text: bytes):
        """Add one line to the program; gives what had to be taken to make room, or nothing."""
        taken = b""
        size: cython.Py_ssize_t = len(text)
        if self.out_at + size + 1 > self.out.shape[0]:
            taken = self.take()
            if size + 1 > self.out.shape[0]:
                raise ValueError("a line longer than the buffer")
        self.out_last = self.out_at
        self.out_buffer[self.out_at : self.out_at + size] = text
        self.out[self.out_at + size] = 10
        self.out_at += size + 1
        self.program_lines += 1
        return taken

    def drive(
        self, x: cython.double, y: cython.double, z: cython.double, fed: cython.double,
        flags: cython.int, arc,
    ):  # fmt: skip
        """Measure one move that was read elsewhere; the modal state is loaded afterwards."""
        if arc is None:
            self._straight(x, y, z, fed, flags)
            return
        ex, ey, ez = arc.entry
        lx, ly, lz = arc.leave
        bx, by, bz = arc.low_mm
        hx, hy, hz = arc.high_mm
        self._measure(
            x, y, z, fed, flags, arc.length_mm, arc.radius_mm, ex, ey, ez, lx, ly, lz,
            min(bx, x), min(by, y), min(bz, z), max(hx, x), max(hy, y), max(hz, z),
        )  # fmt: skip

    def finish(self) -> cython.double:
        """Settle all moves; gives the time of all of them."""
        if self.count:
            self._plan(0)
        return self.total_s

    def boxes(self):
        """Give the corners of all motion, and of work."""
        return [self.box[k] for k in range(6)], [self.work_box[k] for k in range(6)]

    def take_layers(self):
        """Give the heights that were begun since the last call."""
        found = [self.layer_z[k] for k in range(self.layers)]
        self.layers = 0
        return found

    def slips(self):
        """Give for each slip: how many lines, the first of them, the worst value."""
        k: cython.int
        found = []
        for k in range(10):
            n = min(self.slip_count[k], 20)
            lines = [self.slip_lines[20 * k + m] for m in range(n)]
            found.append((self.slip_count[k], lines, self.slip_worst[k]))
        return found

    def index(self):
        """Give where the program stands after how long: bytes, line of the file, seconds."""
        return [(self.mark_out[k], self.mark_line[k], self.mark_s[k]) for k in range(self.marks)]

    # --- lines ---------------------------------------------------------------------------------

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def _run(
        self, data: cython.const[cython.uchar][::1], out: cython.uchar[::1],
        i: cython.Py_ssize_t, end: cython.Py_ssize_t, is_last: cython.bint,
    ) -> cython.Py_ssize_t:  # fmt: skip
        begin: cython.Py_ssize_t
        gap: cython.Py_ssize_t
        mark: cython.Py_ssize_t
        o: cython.Py_ssize_t
        size: cython.Py_ssize_t
        run: cython.Py_ssize_t
        whole: cython.Py_ssize_t
        part: cython.Py_ssize_t
        c: cython.uint = 0
        digit: cython.uint
        letter: cython.int
        seen: cython.uint
        bit: cython.uint
        cmd: cython.int
        code: cython.int
        is_negative: cython.bint
        is_odd: cython.bint
        is_modal: cython.bint
        is_compact: cython.bint
        value: cython.double
        number: cython.ulonglong
        room: cython.Py_ssize_t = out.shape[0] - _ROOM
        while True:
            if self.out_at > room or self.layers >= 200:
                self.why = _FULL
                return i
            begin = i
            while i < end and (data[i] == 32 or data[i] == 9):
                i += 1
            o = self.out_at
            run = mark = i
            seen = 0
            cmd = 0
            code = -1
            is_odd = is_modal = False
            is_compact = self.is_laser
            c = 10
            while i < end:
                c = data[i]
                if c == 10 or c == 13 or c == 59:
                    break
                gap = i
                while i < end and (data[i] == 32 or data[i] == 9):
                    i += 1
                if i >= end:
                    break
                c = data[i]
                if c == 10 or c == 13 or c == 59:
                    break
                if c < 65 or c > 90 or i - begin > 480:
                    is_odd = True
                    break
                letter = c - 65
                # A number: digits, perhaps a point and more of them; no exponent, no leading plus.
                size = i
                i += 1
                is_negative = i < end and data[i] == 45
                if is_negative:
                    i += 1
                number = 0
                whole = i
                while i < end:
                    digit = data[i] - 48
                    if digit > 9:
                        break
                    number = number * 10 + digit
                    i += 1
                whole = i - whole
                part = 0
                if i < end and data[i] == 46:
                    i += 1
                    part = i
                    while i < end:
                        digit = data[i] - 48
                        if digit > 9:
                            break
                        number = number * 10 + digit
                        i += 1
                    part = i - part
                    if part == 0 and whole == 0:
                        is_odd = True
                        break
                elif whole == 0:
                    is_odd = True
                    break
                if whole > 9 or whole + part > 15:
                    is_odd = True
                    break
                if cmd == 0:
                    if letter == 6 or letter == 12:  # G, M
                        if part or is_negative or whole > 3 or data[i - 1] == 46:
                            is_odd = True
                            break
                        cmd = letter
                        code = cython.cast(cython.int, number)
                        is_compact = self.is_laser and cmd == 6
                        out[o] = cython.cast(cython.uchar, c)
                        o += 1
                        run = size + 1
                        while data[run] == 48 and run < i - 1:
                            run += 1
                        mark = i
                        continue
                    if not self.is_laser or self.motion > 3:
                        is_odd = True
                        break
                    cmd = 6
                    code = self.motion
                    is_modal = True
                    out[o] = 71
                    out[o + 1] = cython.cast(cython.uchar, 48 + code)
                    o += 2
                    run = mark = gap = size
                bit = cython.cast(cython.uint, 1) << letter
                if seen & bit:
                    is_odd = True
                    break
                seen |= bit
                value = cython.cast(cython.double, number)
                if part:
                    value = value / self.pow10[part]
                self.v[letter] = -value if is_negative else value
                # Words are kept as they are; what stands between them is made one space, or none.
                if is_compact:
                    if size != gap:
                        memcpy(cython.address(out[o]), cython.address(data[run]), gap - run)
                        o += gap - run
                        run = size
                elif size - gap != 1 or data[gap] != 32:
                    memcpy(cython.address(out[o]), cython.address(data[run]), gap - run)
                    o += gap - run
                    out[o] = 32
                    o += 1
                    run = size
                mark = i
            if not is_odd and cmd:
                memcpy(cython.address(out[o]), cython.address(data[run]), mark - run)
                o += mark - run
                if self.has_ended or o - self.out_at > self.max_chars:
                    is_odd = True
            # The end of the line: of either kind, or both, or of the file.
            while i < end:
                c = data[i]
                if c == 10 or c == 13:
                    break
                i += 1
            size = i
            if size - begin > _LONGEST:
                self.why = _LONG
                return begin
            if i >= end:
                if not is_last:
                    self.why = _MORE
                    return begin
                if begin >= end:
                    self.why = _MORE
                    return end
            elif c == 13 and i + 1 >= end and not is_last:
                self.why = _MORE
                return begin
            else:
                i += 2 if c == 13 and i + 1 < end and data[i + 1] == 10 else 1
            if not is_odd and cmd:
                self.line_now = self.line + 1
                is_odd = not self._obey(cmd, code, seen, o, is_modal)
            self.line += 1
            if is_odd:
                self.odd_start, self.odd_end = begin, size
                self.why = _ODD
                return i

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _obey(
        self, cmd: cython.int, code: cython.int, seen: cython.uint, o: cython.Py_ssize_t,
        is_modal: cython.bint,
    ) -> cython.bint:  # fmt: skip
        """Obey a line that was read into `v`; False, and nothing done, when it is not known."""
        allowed: cython.uint
        is_new: cython.bint
        if cmd == 6:
            if code <= 3:
                return self._go(code, seen, o, is_modal)
            if code == 92 and self.native & _NATIVE_G92 and seen == _E:
                self.e = self.v[4] * self.scale
                self.flags |= _FROM_STILL
                self._keep(o)
                return True
            return False
        if code == 204 and self.native & _NATIVE_M204:
            allowed = (1 << 15) | (1 << 17) | _S | (1 << 19)
            if seen & ~allowed:
                return False
            if seen & _S and self.v[18] > 0:
                self.accel_print = self.accel_travel = self.v[18]
            if seen & (1 << 15) and self.v[15] > 0:
                self.accel_print = self.v[15]
            if seen & (1 << 19) and self.v[19] > 0:
                self.accel_travel = self.v[19]
            if seen & (1 << 17) and self.v[17] > 0:
                self.accel_retract = self.v[17]
            self._keep(o)
            return True
        if code == 73 and self.native & _NATIVE_M73:
            allowed = (1 << 15) | (1 << 17) | (1 << 16) | _S
            if seen & ~allowed:
                return False
            self._keep(o)
            return True
        if (code == 106 or code == 107) and self.native & _NATIVE_FAN:
            allowed = (1 << 15) | (_S if code == 106 else 0)
            if seen & ~allowed:
                return False
            self._keep(o)
            return True
        if (code == 4 and self.native & _NATIVE_M4) or (code == 5 and self.native & _NATIVE_M5):
            if seen & ~_S or (seen & _S and self.v[18] < 0):
                return False
            is_new = self.spindle != code or (seen & _S and self.v[18] != self.power)
            if seen & _S:
                self.power = self.v[18]
            self.spindle = code
            self.flags &= ~(_CONSTANT | _DYNAMIC)
            if code == 4:
                self.flags |= _DYNAMIC
            if is_new:
                self.flags |= _FROM_STILL
                self._keep(o)
            return True
        return False

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _keep(self, o: cython.Py_ssize_t) -> cython.void:
        """Let the line that was written up to `o` stay in the program."""
        self.out_last = self.out_at
        self.out[o] = 10
        self.out_at = o + 1
        self.program_lines += 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _go(
        self, code: cython.int, seen: cython.uint, o: cython.Py_ssize_t, is_modal: cython.bint
    ) -> cython.bint:
        """Obey `G0` to `G3`."""
        allowed: cython.uint
        flags: cython.int
        x: cython.double = self.x
        y: cython.double = self.y
        z: cython.double = self.z
        e: cython.double = self.e
        fed: cython.double = 0.0
        scale: cython.double = self.scale
        axes: cython.uint = seen & (_X | _Y | _Z | _E)
        allowed = _X | _Y | _F | _S if self.is_laser else _X | _Y | _Z | _E | _F
        if code >= 2:
            allowed |= _I | _J | _R
        if seen & ~allowed or (seen & _F and self.v[5] < 0) or (seen & _S and self.v[18] < 0):
            return False
        if not axes and (is_modal or not seen or code >= 2):
            return False
        if self.is_relative:
            if seen & _X:
                x = x + self.v[23] * scale
            if seen & _Y:
                y = y + self.v[24] * scale
            if seen & _Z:
                z = z + self.v[25] * scale
        else:
            if seen & _X:
                x = self.v[23] * scale + self.shift_x
            if seen & _Y:
                y = self.v[24] * scale + self.shift_y
            if seen & _Z:
                z = self.v[25] * scale + self.shift_z
        if seen & _E:
            if self.is_e_relative:
                fed = self.v[4] * scale
            else:
                e = self.v[4] * scale
                fed = e - self.e
        flags = self.flags
        if code == 0 and self.is_laser:
            flags |= _RAPID
        if code >= 2 and not self._arc(code, seen, x, y, z, fed, flags):
            return False
        self.motion = code
        if seen & _F:
            self.feed = self.v[5] * scale
        if seen & _S:
            self.power = self.v[18]
        self._keep(o)
        if code >= 2:
            self._drive_arc(x, y, z, fed, flags)
        elif axes:
            self._straight(x, y, z, fed, flags)
        self.x, self.y, self.z, self.e = x, y, z, e
        return True

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _arc(
        self, code: cython.int, seen: cython.uint, x: cython.double, y: cython.double,
        z: cython.double, fed: cython.double, flags: cython.int,
    ) -> cython.bint:  # fmt: skip
        """Work an arc out into `a_`; False when it is not one (`motion.arc_way`)."""
        a: cython.double
        b: cython.double
        chord: cython.double
        square: cython.double
        side: cython.double
        radius: cython.double
        end_radius: cython.double
        error: cython.double
        sweep: cython.double
        ahead: cython.double
        start: cython.double
        outermost: cython.double
        turn: cython.double = -1.0 if code == 2 else 1.0
        cx: cython.double
        cy: cython.double
        level: cython.double
        bow: cython.double
        climb: cython.double
        a0: cython.double
        b0: cython.double
        a1: cython.double
        b1: cython.double
        quarter: cython.int
        if not self.is_flat or not seen & (_X | _Y | _I | _J):
            return False
        if self.is_laser and not seen & (_X | _Y):
            return False
        if seen & _R:
            if seen & (_I | _J):
                return False
            radius = self.v[17] * self.scale
            a, b = x - self.x, y - self.y
            chord = sqrt(a * a + b * b)
            if chord == 0.0:
                return False
            square = radius * radius - chord * chord / 4
            if square < -1e-9:
                return False
            side = sqrt(square if square > 0.0 else 0.0) / chord
            if (code == 2) != (radius < 0):
                side = -side
            cx, cy = self.x + a / 2 - b * side, self.y + b / 2 + a * side
        else:
            if not seen & (_I | _J):
                return False
            cx = self.x + (self.v[8] if seen & _I else 0.0) * self.scale
            cy = self.y + (self.v[9] if seen & _J else 0.0) * self.scale
        a0, b0, a1, b1 = self.x - cx, self.y - cy, x - cx, y - cy
        radius, end_radius = sqrt(a0 * a0 + b0 * b0), sqrt(a1 * a1 + b1 * b1)
        error = fabs(radius - end_radius)
        if radius == 0.0 or end_radius == 0.0 or error > 0.5:
            return False
        if error > 0.005 and error > 0.001 * radius:
            return False
        start = atan2(b0, a0)
        sweep = atan2(a0 * b1 - b0 * a1, a0 * a1 + b0 * b1)
        if code == 2:
            if sweep >= -5e-7:
                sweep = sweep - 2 * _PI
        elif sweep <= 5e-7:
            sweep = sweep + 2 * _PI
        climb = z - self.z
        bow = radius * fabs(sweep)
        self.a_length = sqrt(bow * bow + climb * climb)
        self.a_radius = radius
        level = turn * bow / self.a_length
        self.a_in[0], self.a_in[1] = -b0 / radius * level, a0 / radius * level
        self.a_out[0], self.a_out[1] = -b1 / end_radius * level, a1 / end_radius * level
        self.a_in[2] = self.a_out[2] = climb / self.a_length
        self.a_box[0], self.a_box[3] = min(self.x, x), max(self.x, x)
        self.a_box[1], self.a_box[4] = min(self.y, y), max(self.y, y)
        self.a_box[2], self.a_box[5] = min(self.z, z), max(self.z, z)
        for quarter in range(4):
            ahead = (quarter * (_PI / 2) - start) * turn
            ahead -= 2 * _PI * floor(ahead / (2 * _PI))
            if ahead < fabs(sweep):
                outermost = (cy if quarter % 2 else cx) + (radius if quarter < 2 else -radius)
                if outermost < self.a_box[quarter % 2]:
                    self.a_box[quarter % 2] = outermost
                if outermost > self.a_box[quarter % 2 + 3]:
                    self.a_box[quarter % 2 + 3] = outermost
        return True

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _drive_arc(
        self, x: cython.double, y: cython.double, z: cython.double, fed: cython.double,
        flags: cython.int,
    ) -> cython.void:  # fmt: skip
        self._measure(
            x, y, z, fed, flags, self.a_length, self.a_radius,
            self.a_in[0], self.a_in[1], self.a_in[2],
            self.a_out[0], self.a_out[1], self.a_out[2],
            self.a_box[0], self.a_box[1], self.a_box[2],
            self.a_box[3], self.a_box[4], self.a_box[5],
        )  # fmt: skip

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _straight(
        self, x: cython.double, y: cython.double, z: cython.double, fed: cython.double,
        flags: cython.int,
    ) -> cython.void:  # fmt: skip
        dx: cython.double = x - self.last_x
        dy: cython.double = y - self.last_y
        dz: cython.double = z - self.last_z
        length: cython.double = sqrt(dx * dx + dy * dy + dz * dz)
        unit: cython.double = length if length > 0 else 1.0
        dx, dy, dz = dx / unit, dy / unit, dz / unit
        self._measure(
            x, y, z, fed, flags, length, INFINITY, dx, dy, dz, dx, dy, dz, x, y, z, x, y, z
        )

    # --- what a move does ----------------------------------------------------------------------

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _note(self, slip: cython.int, worst: cython.double) -> cython.void:
        if worst > self.slip_worst[slip]:
            self.slip_worst[slip] = worst
        if self.line_now > self.slip_last[slip]:
            self.slip_last[slip] = self.line_now
            if self.slip_count[slip] < 20:
                self.slip_lines[20 * slip + self.slip_count[slip]] = self.line_now
            self.slip_count[slip] += 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.inline
    def _measure(
        self, x: cython.double, y: cython.double, z: cython.double, fed: cython.double,
        flags: cython.int, length: cython.double, radius: cython.double,
        ex: cython.double, ey: cython.double, ez: cython.double,
        lx: cython.double, ly: cython.double, lz: cython.double,
        x0: cython.double, y0: cython.double, z0: cython.double,
        x1: cython.double, y1: cython.double, z1: cython.double,
    ) -> cython.void:  # fmt: skip
        over: cython.double
        height: cython.double
        feed: cython.double = self.feed
        works: cython.bint
        is_out: cython.bint
        is_rapid: cython.bint = flags & _RAPID != 0
        sx: cython.double = self.last_x
        sy: cython.double = self.last_y
        sz: cython.double = self.last_z
        if self.is_laser:
            works = (
                length > 0 and self.power > 0 and not is_rapid and flags & (_CONSTANT | _DYNAMIC)
            )
        else:
            works = length > 0 and fed > 0
        self.box[0], self.box[3] = min(self.box[0], x0), max(self.box[3], x1)
        self.box[1], self.box[4] = min(self.box[1], y0), max(self.box[4], y1)
        self.box[2], self.box[5] = min(self.box[2], z0), max(self.box[5], z1)
        over = max(self.low[0] - x0, x1 - self.high[0])
        over = max(over, max(self.low[1] - y0, y1 - self.high[1]))
        if not self.is_laser and z0 < self.low[2] - _EDGE:
            self._note(2, 0.0)
            over = max(over, max(z1 - self.high[2], 0.0))
        else:
            over = max(over, max(self.low[2] - z0, z1 - self.high[2]))
        is_out = over > _EDGE
        if works:
            if (
                is_out
                or self.low[0] - sx > _EDGE or sx - self.high[0] > _EDGE
                or self.low[1] - sy > _EDGE or sy - self.high[1] > _EDGE
                or self.low[2] - sz > _EDGE or sz - self.high[2] > _EDGE
            ):  # fmt: skip
                self._note(0, over)
            x0, x1 = min(x0, sx), max(x1, sx)
            y0, y1 = min(y0, sy), max(y1, sy)
            z0, z1 = min(z0, sz), max(z1, sz)
            self.has_work = True
            self.work_box[0], self.work_box[3] = (
                min(self.work_box[0], x0),
                max(self.work_box[3], x1),
            )
            self.work_box[1], self.work_box[4] = (
                min(self.work_box[1], y0),
                max(self.work_box[4], y1),
            )
            self.work_box[2], self.work_box[5] = (
                min(self.work_box[2], z0),
                max(self.work_box[5], z1),
            )
            self.work_mm += length
            if feed > self.top_feed:
                self.top_feed = feed
            if self.power > self.top_heat * (feed if feed > 1.0 else 1.0):
                self.top_heat = self.power / (feed if feed > 1.0 else 1.0)
            if z > sz:
                self.climbing_mm += length
            elif z == sz and not self.is_laser:
                height = rint(z * 100) / 100
                if height != self.last_layer and self.layers < 256:
                    self.last_layer = height
                    self.layer_z[self.layers] = height
                    self.layers += 1
        else:
            self.travel_mm += length
            if is_out:
                self._note(1, over)
        self.fed_mm += fed
        if self.fed_mm > self.filament_mm:
            self.filament_mm = self.fed_mm
        if length > 0:
            self.moves += 1
            if not is_rapid:
                if feed <= 0:
                    self._note(3, 0.0)
                elif feed > self.max_feed:
                    self._note(4, feed)
        if self.is_laser:
            if works:
                if self.power > self.top_power:
                    self.top_power = self.power
                if self.power > self.max_power:
                    self._note(5, 0.0)
            elif is_rapid and flags & _CONSTANT and self.power > 0 and length > 0:
                self._note(6, 0.0)
        elif fed > 0 and flags & (_COLD | _RELEASED | _UNHOMED):
            if flags & _COLD:
                self._note(7, 0.0)
            if works and flags & _RELEASED:
                self._note(8, 0.0)
            if works and flags & _UNHOMED:
                self._note(9, 0.0)
        self.driven += 1
        self.last_x, self.last_y, self.last_z = x, y, z
        self.flags &= ~_FROM_STILL
        if length > 0 or fed != 0:
            self._queue(fed, flags, is_rapid, length, radius, ex, ey, ez, lx, ly, lz)

    # --- time ----------------------------------------------------------------------------------

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.inline
    def _queue(
        self, fed: cython.double, flags: cython.int, is_rapid: cython.bint,
        length: cython.double, radius: cython.double,
        ex: cython.double, ey: cython.double, ez: cython.double,
        lx: cython.double, ly: cython.double, lz: cython.double,
    ) -> cython.void:  # fmt: skip
        """Hand a move to the planner: how fast it may go, and how fast it may be entered."""
        k: cython.int = self.count
        way: cython.double = length if length > 0 else fabs(fed)
        filament: cython.double = fed / way
        speed: cython.double
        accel: cython.double
        still: cython.double = 0.0
        corner: cython.double
        share: cython.double
        moves: cython.bint = length > 0
        is_stop: cython.bint = flags & _FROM_STILL != 0 or not self.has_before
        if moves:
            accel = self.accel_print if fed != 0 else self.accel_travel
        else:
            accel = self.accel_retract
        speed = INFINITY if is_rapid or self.feed <= 0 else self.feed / 60.0
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
            speed = min(speed, sqrt(accel * radius * self.arc_ease))
        if speed < 1e-3:
            speed = 1e-3
        if self.cornering == _BY_JERK:
            still = speed
            still = _slowed(still, fabs(ex), self.jerk[0])
            still = _slowed(still, fabs(ey), self.jerk[1])
            still = _slowed(still, fabs(ez), self.jerk[2])
            still = _slowed(still, fabs(filament), self.jerk[3])
            still = still * still
        if is_stop:
            corner = still
            if self.has_before and self.b_still < still:
                corner = self.b_still
        elif self.cornering == _BY_JERK:
            corner = self._jerk_square(speed, still, ex, ey, ez, filament)
        elif not moves or not self.b_moves:
            corner = 0.0
        else:
            corner = self._deviation_square(speed, accel, way, ex, ey, ez)
        self.way[k], self.speed[k], self.accel[k] = way, speed, accel
        self.still[k], self.limit[k] = still, corner
        self.out_end[k] = self.out_before + self.out_at
        self.line_of[k] = self.line_now
        self.b_leave[0], self.b_leave[1], self.b_leave[2] = lx, ly, lz
        self.b_filament, self.b_speed, self.b_accel, self.b_way = filament, speed, accel, way
        self.b_still, self.b_moves, self.has_before = still, moves, True
        self.count = k + 1
        if self.count == _CAP:
            self._plan(self.ahead)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _deviation_square(
        self, speed: cython.double, accel: cython.double, way: cython.double,
        ex: cython.double, ey: cython.double, ez: cython.double,
    ) -> cython.double:  # fmt: skip
        """`duration._deviation_square`."""
        turn: cython.double = self.b_leave[0] * ex + self.b_leave[1] * ey + self.b_leave[2] * ez
        slower: cython.double = min(self.b_speed, speed)
        half: cython.double
        quarter: cython.double
        corner: cython.double
        if turn > _STRAIGHT:
            return slower * slower
        if turn < -_STRAIGHT:
            return 0.0
        half = sqrt(0.5 * (1 + turn))
        if self.cornering == _BY_SQUARE_CORNER:
            corner = self.corner_speed * self.corner_speed * _SQUARE_CORNER * half / (1 - half)
            quarter = 0.5 * half / sqrt(0.5 * (1 - turn))
            corner = min(corner, way * accel * quarter)
            corner = min(corner, self.b_way * self.b_accel * quarter)
        else:
            corner = self._corner_accel(accel, ex, ey, ez) * self.deviation * half / (1 - half)
        return min(corner, slower * slower)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _corner_accel(
        self, accel: cython.double, ex: cython.double, ey: cython.double, ez: cython.double
    ) -> cython.double:
        """`duration._corner_accel`."""
        dx: cython.double = ex - self.b_leave[0]
        dy: cython.double = ey - self.b_leave[1]
        dz: cython.double = ez - self.b_leave[2]
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
    def _jerk_square(
        self, speed: cython.double, still: cython.double, ex: cython.double, ey: cython.double,
        ez: cython.double, filament: cython.double,
    ) -> cython.double:  # fmt: skip
        """`duration._jerk_square`."""
        slower: cython.double = min(self.b_speed, speed)
        factor: cython.double = 1.0
        top: cython.double
        factor = _jerked(factor, slower, self.b_leave[0], speed, ex, self.jerk[0])
        factor = _jerked(factor, slower, self.b_leave[1], speed, ey, self.jerk[1])
        factor = _jerked(factor, slower, self.b_leave[2], speed, ez, self.jerk[2])
        factor = _jerked(factor, slower, self.b_filament, speed, filament, self.jerk[3])
        top = slower * factor
        still = sqrt(still)
        if sqrt(self.b_still) > 0.99 * top and still > 0.99 * top:
            top = min(still, slower)
        return top * top

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _plan(self, keep: cython.int) -> cython.void:
        """Settle all queued moves but the last few (`duration.Planner._plan`)."""
        n: cython.int = self.count
        settled: cython.int = n - keep
        ahead: cython.int = self.ahead
        i: cython.int
        first: cython.int = 0
        size: cython.int = 0
        end: cython.int
        least: cython.double
        value: cython.double
        entry: cython.double
        leave: cython.double
        root: cython.double
        root_before: cython.double
        top: cython.double
        ramps: cython.double
        cruise: cython.double
        self.reach[0] = 0.0
        for i in range(n):
            self.reach[i + 1] = self.reach[i] + 2 * self.accel[i] * self.way[i]
        # Smallest of each value and those that the planner sees after it: a queue of the indexes
        # that still can be smallest, walked from the end.
        for i in range(n - 1, -1, -1):
            value = self.limit[i] + self.reach[i]
            while (
                size
                and self.limit[self.queue[(first + size - 1) & 2047]]
                + self.reach[self.queue[(first + size - 1) & 2047]]
                >= value
            ):
                size -= 1
            self.queue[(first + size) & 2047] = i
            size += 1
            if self.queue[first] >= i + ahead:
                first = (first + 1) & 2047
                size -= 1
            end = min(i + ahead, n)
            least = self.limit[self.queue[first]] + self.reach[self.queue[first]]
            least = min(least, self.still[end - 1] + self.reach[end])
            self.square[i] = least - self.reach[i]
        self.square[n] = self.still[n - 1]
        if self.has_planned:
            self.square[0] = self.entry_square
        elif self.still[0] < self.square[0]:
            self.square[0] = self.still[0]
        least = self.square[0]
        entry = max(0.0, least)
        root_before = sqrt(entry)
        for i in range(settled):
            value = self.square[i + 1] - self.reach[i + 1]
            if value < least:
                least = value
            leave = max(0.0, least + self.reach[i + 1])
            root = sqrt(leave)
            top = sqrt(
                min(
                    self.speed[i] * self.speed[i], (entry + leave) / 2 + self.accel[i] * self.way[i]
                )
            )
            if top < 1e-6:
                top = 1e-6
            ramps = (2 * top - root_before - root) / self.accel[i]
            cruise = self.way[i] - (2 * top * top - entry - leave) / (2 * self.accel[i])
            self.total_s += max(0.0, ramps) + max(0.0, cruise) / top
            entry, root_before = leave, root
            self.settled += 1
            if self.settled % self.stride == 0:
                self._mark(self.out_end[i], self.line_of[i])
        self.entry_square = entry
        self.has_planned = True
        for i in range(keep):
            self.way[i], self.speed[i] = self.way[settled + i], self.speed[settled + i]
            self.accel[i], self.still[i] = self.accel[settled + i], self.still[settled + i]
            self.limit[i] = self.limit[settled + i]
            self.out_end[i], self.line_of[i] = self.out_end[settled + i], self.line_of[settled + i]
        self.count = keep

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _mark(self, out: cython.longlong, line: cython.longlong) -> cython.void:
        """Remember where the program stands; every second mark goes when there is no room."""
        k: cython.int
        if self.marks == 4096:
            for k in range(2048):
                self.mark_out[k] = self.mark_out[2 * k + 1]
                self.mark_line[k] = self.mark_line[2 * k + 1]
                self.mark_s[k] = self.mark_s[2 * k + 1]
            self.marks = 2048
            self.stride *= 2
            if self.settled % self.stride:
                return
        self.mark_out[self.marks], self.mark_line[self.marks] = out, line
        self.mark_s[self.marks] = self.total_s
        self.marks += 1


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
    factor: cython.double, slower: cython.double, out: cython.double, speed: cython.double,
    into: cython.double, allowed: cython.double,
) -> cython.double:  # fmt: skip
    leaves: cython.double = slower * out * factor
    enters: cython.double = speed * into * factor
    change: cython.double
    if leaves * enters < 0:
        change = max(fabs(leaves), fabs(enters))
    else:
        change = fabs(leaves - enters)
    return factor * (allowed / change) if change > allowed else factor
