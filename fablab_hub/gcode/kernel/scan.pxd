from fablab_hub.gcode.kernel.survey cimport Survey

cdef enum:
    _MORE = 0
    _ODD = 1
    _FULL = 2
    _LONG = 3
    _LONGEST = 1 << 16
    _ROOM = 1024
    _CODE_CHARS = 480
    # Bits of moves, as in `measured.MoveFlag`; the last one is an arc's.
    _RAPID = 1
    _CONSTANT = 2
    _DYNAMIC = 4
    _FROM_STILL = 16
    _BENT = 128
    # Letters of words that were seen.
    _E = 1 << 4
    _F = 1 << 5
    _I = 1 << 8
    _J = 1 << 9
    _P = 1 << 15
    _Q = 1 << 16
    _R = 1 << 17
    _S = 1 << 18
    _T = 1 << 19
    _X = 1 << 23
    _Y = 1 << 24
    _Z = 1 << 25
    # Bits of `NATIVE`.
    _M204 = 1
    _M73 = 2
    _M106 = 4
    _G92 = 8
    _M4 = 16
    _M5 = 32

cdef class Scan(Survey):
    # How the firmware reads.
    cdef unsigned int native
    cdef Py_ssize_t max_chars
    # What it remembers from line to line.
    cdef public int motion
    cdef public double scale
    cdef public bint is_relative
    cdef public bint is_e_relative
    cdef public bint is_flat
    cdef public double feed
    cdef public double power
    cdef public int spindle
    cdef public double x
    cdef public double y
    cdef public double z
    cdef public double shift_x
    cdef public double shift_y
    cdef public double shift_z
    cdef public double e
    cdef public int flags
    cdef public bint has_ended
    cdef public long long line
    # The words of one line, by letter, and powers of ten.
    cdef double v[26]
    cdef double pow10[20]
    # The canonical program.
    cdef unsigned char[::1] out
    cdef object out_buffer
    cdef bytes saved_last
    cdef Py_ssize_t out_at
    cdef Py_ssize_t out_last
    cdef long long out_before
    cdef public long long program_lines
    # How a run ended.
    cdef bint is_busy
    cdef public int why
    cdef public Py_ssize_t odd_start
    cdef public Py_ssize_t odd_end

    cdef Py_ssize_t _run(self, const unsigned char[::1] data, unsigned char[::1] out,
                         Py_ssize_t at, bint is_last) except -1 nogil
