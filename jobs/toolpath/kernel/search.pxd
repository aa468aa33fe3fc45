cimport cython
from jobs.toolpath.kernel.places cimport far, _NEAR
from jobs.toolpath.kernel.chain cimport (
    Chain, gap, out_out, in_in, _NOTHING, _REVERSE, _SHIFT, _MEND, _LONGEST, _LOG, _POOL,
)

cdef enum:
    # Paths that move elsewhere together, at most.
    _SEGMENT = 5
    # Paths of a stretch that is mended, at most; it is looked at path by path.
    _MENDED = 100
    # So far may paths be apart in the order that change places; more would take long.
    _REACH = 25000
    _STRICT_REACH = 1000

cdef double _LEAST

@cython.final
cdef class Search(Chain):
    # Paths whose surroundings changed, in a ring.
    cdef int[::1] waiting
    cdef unsigned char[::1] is_waiting
    cdef int first_waiting
    cdef int count_waiting
    # The best change for one path, as far as found.
    cdef int kind
    cdef int low
    cdef int high
    cdef int after
    cdef bint is_over
    cdef int point
    cdef double gain
    # What has been gained since the last kick.
    cdef double gained
    cdef int reach
    cdef unsigned long long chance

    cdef void settle_all(self) noexcept nogil
    cdef void kick(self, long long times) noexcept nogil
    cdef void _settle(self) noexcept nogil
    cdef int _row(self, int path, int side) noexcept nogil
    cdef void _push(self, int position) noexcept nogil
    cdef int _draw(self, int below) noexcept nogil
    cdef bint _improve(self, int path) noexcept nogil
    cdef void _turn_here(self, int p) noexcept nogil
    cdef void _try_reversals(self, int path, int p, int side) noexcept nogil
    cdef void _try_shifts(self, int path, int p, int side) noexcept nogil
    cdef void _try_jumps(self, int path, int p) noexcept nogil
    cdef void _weigh_reversal(self, double gain, int low, int high) noexcept nogil
    cdef void _weigh_shift(self, double gain, int low, int high, int after, bint is_over,
                           int point) noexcept nogil
    cdef void _apply(self) noexcept nogil
    cdef void _swap(self, int i, int j, int k) noexcept nogil
