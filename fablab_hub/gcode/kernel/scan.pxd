from fablab_hub.gcode.kernel.survey cimport Survey

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
    cdef public int why
    cdef public Py_ssize_t odd_start
    cdef public Py_ssize_t odd_end

    cdef Py_ssize_t _run(self, const unsigned char[::1] data, unsigned char[::1] out, Py_ssize_t i,
                         Py_ssize_t end, bint is_last) except -1 nogil
    cdef bint _obey(self, int cmd, int code, unsigned int seen, Py_ssize_t o,
                    bint is_modal) noexcept nogil
    cdef bint _go(self, int code, unsigned int seen, Py_ssize_t o, bint is_modal) noexcept nogil
    cdef bint _ask(self, unsigned int seen, Py_ssize_t o) noexcept nogil
    cdef bint _switch_beam(self, int code, unsigned int seen, Py_ssize_t o) noexcept nogil
    cdef bint _keep(self, Py_ssize_t o) noexcept nogil
