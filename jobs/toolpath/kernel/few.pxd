from jobs.toolpath.kernel.places cimport far
from jobs.toolpath.kernel.search cimport Search

cdef class Few:
    # For each set of paths, as bits, the least way to each point at which the last one begins.
    cdef double[:, ::1] way
    cdef int[:, ::1] came_from
    # Where the head is after a path that began at a point.
    cdef double[::1] end_x
    cdef double[::1] end_y
    # For each path those that come before it, as bits.
    cdef int[::1] needs

    cdef void choose(self, Search search) noexcept nogil
    cdef void _prepare(self, Search search) noexcept nogil
    cdef void _reach(self, Search search, int chosen, int last) noexcept nogil
