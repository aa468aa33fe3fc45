cimport cython
from jobs.toolpath.kernel.places cimport Places, far

cdef enum:
    # What was done to the chain.
    _NOTHING = 0
    _REVERSE = 1
    _SHIFT = 2
    _TURN = 3
    _MEND = 4
    # Paths that are shifted together, at most.
    _LONGEST = 50
    # Changes that can be undone; and paths in stretches that were mended, some more than are used.
    _LOG = 4000
    _LOG_END = 4010
    _POOL = 20000
    _POOL_END = 20200

cdef class Chain(Places):
    # Where each path stands in the chain, and where it begins and ends there: x, y, x, y.
    cdef int[::1] where
    cdef double[::1] ends
    # The first order, while others are tried.
    cdef int[::1] kept_order
    cdef int[::1] kept_begin
    # Whether what lies inside a shape comes before it now; and shapes seen in a look at that.
    cdef bint is_strict
    cdef long long[::1] seen
    cdef long long look
    # Mending a stretch: how many paths inside a shape are to come, and who waits for them.
    cdef int[::1] to_come
    cdef int[::1] first_held
    cdef int[::1] next_held
    cdef int[::1] mended
    # What has been done since the last kick.
    cdef bint is_logging
    cdef int logged
    cdef int log_kind[4010]
    cdef int log_low[4010]
    cdef int log_high[4010]
    cdef int log_after[4010]
    cdef int pooled
    cdef int pool[20200]

    cdef bint prepare(self) noexcept nogil
    cdef double travel(self) noexcept nogil
    cdef void keep(self) noexcept nogil
    cdef void recall(self) noexcept nogil
    cdef void place(self, int position) noexcept nogil
    cdef void set_begin(self, int position, int point) noexcept nogil
    cdef void reverse(self, int low, int high) noexcept nogil
    cdef void shift(self, int low, int high, int after) noexcept nogil
    cdef void mend_all(self) noexcept nogil
    cdef double weigh_mending(self, int low, int high, double least) noexcept nogil
    cdef void mend(self, int low, int high) noexcept nogil
    cdef bint may_reverse(self, int low, int high) noexcept nogil
    cdef bint may_shift(self, int low, int high, int after) noexcept nogil
    cdef void undo(self) noexcept nogil
    cdef void _list(self, int low, int high, bint is_back) noexcept nogil
    cdef void _put(self, int low, int high, bint is_back) noexcept nogil
    cdef void _note(self, int kind, int low, int high, int after) noexcept nogil

# From the end of one position, or from its beginning, to that of another: nothing comes back from
# the last one, so what leads behind it is no way at all.

@cython.wraparound(False)
cdef inline double gap(Chain self, int i, int j) noexcept nogil:
    if j > self.n:
        return 0.0
    i, j = 4 * self.order[i], 4 * self.order[j]
    return far(self.ends[i + 2], self.ends[i + 3], self.ends[j], self.ends[j + 1])

@cython.wraparound(False)
cdef inline double out_out(Chain self, int i, int j) noexcept nogil:
    i, j = 4 * self.order[i], 4 * self.order[j]
    return far(self.ends[i + 2], self.ends[i + 3], self.ends[j + 2], self.ends[j + 3])

@cython.wraparound(False)
cdef inline double in_in(Chain self, int i, int j) noexcept nogil:
    if i > self.n or j > self.n:
        return 0.0
    i, j = 4 * self.order[i], 4 * self.order[j]
    return far(self.ends[i], self.ends[i + 1], self.ends[j], self.ends[j + 1])
