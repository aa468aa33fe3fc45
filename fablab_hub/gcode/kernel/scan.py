# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True, auto_pickle=False
"""The compiled scan: reads the plain lines of a program at the speed of a checksum.

It knows the moves and the few commands that make up nearly all of a file. Any other line it hands
back untouched, and `words`, `commands` and the handlers judge it; what they did to the modal state
is set again before it goes on. So there is one place that knows what a rare command means, and a
line that this file reads wrong can only be one that it says it knows.

Memory safety: the input and the program are reached through views whose bounds are checked, and
what is copied was reached so before. Numbers of more than 15 digits are never read here. Types are
in `scan.pxd`.
"""

import cython
from cython.cimports.libc.string import memcpy

MORE, ODD, FULL, LONG = 0, 1, 2, 3
"""What `Scan.why` says; in scan.pxd again, with all other numbers."""

_PROGRAM_BYTES = 1 << 18

NATIVE = {"M204": 1, "M73": 2, "M106": 4, "G92": 8, "M4": 16, "M5": 32}
"""Bits of the commands that the scan may take, where a firmware's table allows them."""


class Scan(Survey):
    """Reads lines, keeps the modal state, and writes the canonical program."""

    def __init__(self, pace, *, native, max_chars, **machine):
        """Begin with a `Pace`, how its firmware reads, and the machine's limits for a `Survey`."""
        k: cython.int
        Survey.__init__(self, pace, **machine)
        self.native, self.max_chars = native, max_chars
        self.scale, self.is_flat, self.spindle = 1.0, True, 5
        self.pow10[0] = 1.0
        for k in range(1, 20):
            self.pow10[k] = self.pow10[k - 1] * 10.0
        self.out_buffer = bytearray(_PROGRAM_BYTES)
        self.out = self.out_buffer
        self.saved_last = b""

    def run(self, data, at: cython.Py_ssize_t, is_last: cython.bint) -> cython.Py_ssize_t:
        """Read lines from a place on; gives the place of the first line that was not read.

        `why` says what it waits for: MORE bytes, somebody who knows the ODD line between
        `odd_start` and `odd_end`, that the FULL program buffer is taken, or a line that is too
        LONG to be one.
        """
        view: cython.const[cython.uchar][::1] = data
        out: cython.uchar[::1] = self.out
        if self.is_busy or out is None or at < 0 or at > view.shape[0]:
            raise ValueError("a scan runs once at a time, and from within its data on")
        self.is_busy = True
        try:
            with cython.nogil:
                at = self._run(view, out, at, is_last)
        finally:
            self.is_busy = False
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

    def _run(self, data, out, at, is_last):
        i: cython.size_t = at
        begin: cython.size_t
        gap: cython.size_t
        mark: cython.size_t
        o: cython.size_t
        size: cython.size_t
        run: cython.size_t
        whole: cython.size_t
        part: cython.size_t
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
        limit: cython.size_t = out.shape[0]
        room: cython.Py_ssize_t = out.shape[0] - _ROOM
        while True:
            if self.out_at > room or self.layers > 400:
                self.why = _FULL
                return i
            begin = i
            while i < data.shape[0] and (data[i] == 32 or data[i] == 9):
                i += 1
            o = self.out_at
            run = mark = i
            seen = 0
            cmd = 0
            code = -1
            is_odd = is_modal = False
            is_compact = self.is_laser
            c = 10
            while i < data.shape[0]:
                c = data[i]
                if c == 10 or c == 13 or c == 59:
                    break
                gap = i
                while i < data.shape[0] and (data[i] == 32 or data[i] == 9):
                    i += 1
                if i >= data.shape[0]:
                    break
                c = data[i]
                if c == 10 or c == 13 or c == 59:
                    break
                if c < 65 or c > 90 or i - begin > _CODE_CHARS:
                    is_odd = True
                    break
                letter = c - 65
                # A number: digits, perhaps a point and more of them; no exponent, no leading plus.
                size = i
                i += 1
                is_negative = i < data.shape[0] and data[i] == 45
                if is_negative:
                    i += 1
                number = 0
                whole = i
                while i < data.shape[0]:
                    digit = data[i] - 48
                    if digit > 9:
                        break
                    number = number * 10 + digit
                    i += 1
                whole = i - whole
                part = 0
                if i < data.shape[0] and data[i] == 46:
                    i += 1
                    part = i
                    while i < data.shape[0]:
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
                        if gap < run or o + (gap - run) >= limit:
                            is_odd = True
                            break
                        memcpy(cython.address(out[o]), cython.address(data[run]), gap - run)
                        o += gap - run
                        run = size
                elif size - gap != 1 or data[gap] != 32:
                    if gap < run or o + (gap - run) >= limit:
                        is_odd = True
                        break
                    memcpy(cython.address(out[o]), cython.address(data[run]), gap - run)
                    o += gap - run
                    out[o] = 32
                    o += 1
                    run = size
                mark = i
            if not is_odd and cmd and (mark < run or o + (mark - run) >= limit):
                is_odd = True
            if not is_odd and cmd:
                memcpy(cython.address(out[o]), cython.address(data[run]), mark - run)
                o += mark - run
                if (
                    self.has_ended
                    or cython.cast(cython.Py_ssize_t, o) - self.out_at > self.max_chars
                ):
                    is_odd = True
            # The end of the line: of either kind, or both, or of the file.
            while i < data.shape[0]:
                c = data[i]
                if c == 10 or c == 13:
                    break
                i += 1
            size = i
            if size - begin > _LONGEST:
                self.why = _LONG
                return begin
            if i >= data.shape[0]:
                if not is_last:
                    self.why = _MORE
                    return begin
                if begin >= data.shape[0]:
                    self.why = _MORE
                    return data.shape[0]
            elif c == 13 and i + 1 >= data.shape[0] and not is_last:
                self.why = _MORE
                return begin
            else:
                i += 2 if c == 13 and i + 1 < data.shape[0] and data[i + 1] == 10 else 1
            self.line += 1
            if not is_odd and cmd:
                is_odd = not _obey(self, cmd, code, seen, o, is_modal)
            if is_odd:
                self.odd_start, self.odd_end = begin, size
                self.why = _ODD
                return i


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _keep(
    scan: Scan,
    o: cython.Py_ssize_t,
) -> cython.bint:
    """Let the line that was written up to `o` stay in the program."""
    scan.out_last = scan.out_at
    scan.out[o] = 10
    scan.out_at = o + 1
    scan.program_lines += 1
    return True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _ask(
    scan: Scan,
    seen: cython.uint,
    o: cython.Py_ssize_t,
) -> cython.bint:
    """Obey `M204`; what is not above zero is for whoever says so."""
    printing: cython.double = scan.accel_print
    travel: cython.double = scan.accel_travel
    retract: cython.double = scan.accel_retract
    if (
        (seen & _S and scan.v[18] <= 0)
        or (seen & _P and scan.v[15] <= 0)
        or (seen & _T and scan.v[19] <= 0)
        or (seen & _R and scan.v[17] <= 0)
    ):
        return False
    if seen & _S:
        printing = travel = scan.v[18]
    if seen & _P:
        printing = scan.v[15]
    if seen & _T:
        travel = scan.v[19]
    if seen & _R:
        retract = scan.v[17]
    scan.measure()  # what waits was asked for with the accelerations before
    scan.accel_print, scan.accel_travel, scan.accel_retract = printing, travel, retract
    return _keep(scan, o)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _switch_beam(
    scan: Scan,
    code: cython.int,
    seen: cython.uint,
    o: cython.Py_ssize_t,
) -> cython.bint:
    """Obey `M4` and `M5`; what is so already is not written again."""
    is_new: cython.bint
    if seen & ~_S or (seen & _S and scan.v[18] < 0):
        return False
    is_new = scan.spindle != code or (seen & _S and scan.v[18] != scan.power)
    if seen & _S:
        scan.power = scan.v[18]
    scan.spindle = code
    scan.flags &= ~(_CONSTANT | _DYNAMIC)
    if code == 4:
        scan.flags |= _DYNAMIC
    if is_new:
        scan.flags |= _FROM_STILL
        _keep(scan, o)
    return True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _go(
    scan: Scan,
    code: cython.int,
    seen: cython.uint,
    o: cython.Py_ssize_t,
    is_modal: cython.bint,
) -> cython.bint:
    """Obey `G0` to `G3`."""
    allowed: cython.uint
    flags: cython.int
    x: cython.double = scan.x
    y: cython.double = scan.y
    z: cython.double = scan.z
    e: cython.double = scan.e
    fed: cython.double = 0.0
    scale: cython.double = scan.scale
    axes: cython.uint = seen & (_X | _Y | _Z | _E)
    allowed = _X | _Y | _F | _S if scan.is_laser else _X | _Y | _Z | _E | _F
    if code >= 2:
        allowed |= _I | _J | _R
    if seen & ~allowed or (seen & _F and scan.v[5] < 0) or (seen & _S and scan.v[18] < 0):
        return False
    if not axes and (is_modal or not seen or code >= 2):
        return False
    if scan.is_relative:
        if seen & _X:
            x = x + scan.v[23] * scale
        if seen & _Y:
            y = y + scan.v[24] * scale
        if seen & _Z:
            z = z + scan.v[25] * scale
    else:
        if seen & _X:
            x = scan.v[23] * scale + scan.shift_x
        if seen & _Y:
            y = scan.v[24] * scale + scan.shift_y
        if seen & _Z:
            z = scan.v[25] * scale + scan.shift_z
    if seen & _E:
        if scan.is_e_relative:
            fed = scan.v[4] * scale
        else:
            e = scan.v[4] * scale
            fed = e - scan.e
    flags = scan.flags
    if code == 0 and scan.is_laser:
        flags |= _RAPID
    if code >= 2:
        if not scan.is_flat or (scan.is_laser and not seen & (_X | _Y)):
            return False
        flags |= _BENT
        if seen & _R:
            if seen & (_I | _J) or not scan.find_arc(
                code == 2, scan.x, scan.y, scan.z, x, y, z, True, scan.v[17] * scale, 0.0
            ):
                return False
        elif not seen & (_I | _J) or not scan.find_arc(
            code == 2,
            scan.x,
            scan.y,
            scan.z,
            x,
            y,
            z,
            False,
            scan.v[8] * scale if seen & _I else 0.0,
            scan.v[9] * scale if seen & _J else 0.0,
        ):
            return False
    scan.motion = code
    if seen & _F:
        scan.feed = scan.v[5] * scale
    if seen & _S:
        scan.power = scan.v[18]
    _keep(scan, o)
    if axes:
        scan.push(
            x,
            y,
            z,
            fed,
            scan.feed,
            scan.power,
            flags,
            scan.line,
            scan.out_before + scan.out_at,
            scan.program_lines,
        )
        scan.flags &= ~_FROM_STILL
    scan.x, scan.y, scan.z, scan.e = x, y, z, e
    return True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.inline
def _obey(
    scan: Scan,
    cmd: cython.int,
    code: cython.int,
    seen: cython.uint,
    o: cython.Py_ssize_t,
    is_modal: cython.bint,
) -> cython.bint:
    """Obey a line that was read into `v`; False, and nothing done, when it is not known."""
    if cmd == 6:
        if code <= 3:
            return _go(scan, code, seen, o, is_modal)
        if code == 92 and scan.native & _G92 and seen == _E:
            scan.e = scan.v[4] * scan.scale
            scan.flags |= _FROM_STILL
            return _keep(scan, o)
        return False
    if code == 204 and scan.native & _M204 and not seen & ~(_P | _R | _S | _T):
        return _ask(scan, seen, o)
    if code == 73 and scan.native & _M73 and not seen & ~(_P | _Q | _R | _S):
        return _keep(scan, o)
    if code == 106 and scan.native & _M106 and not seen & ~(_P | _S):
        return not (seen & _S and scan.v[18] < 0) and _keep(scan, o)
    if code == 107 and scan.native & _M106 and not seen & ~_P:
        return _keep(scan, o)
    if (code == 4 and scan.native & _M4) or (code == 5 and scan.native & _M5):
        return _switch_beam(scan, code, seen, o)
    return False
