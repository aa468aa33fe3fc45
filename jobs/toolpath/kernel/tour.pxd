from jobs.toolpath.kernel.few cimport Few
from jobs.toolpath.kernel.places cimport far
from jobs.toolpath.kernel.search cimport Search

cdef enum:
    # Places of a path among which the exact choice is made.
    _CHOICES = 24
    # So often are the beginnings chosen anew, before a share of the kicks.
    _LAPS = 3

cdef class Choice:
    cdef int[:, ::1] came_from
    cdef int[:, ::1] offered
    cdef double in_x[2][24]
    cdef double in_y[2][24]
    cdef double out_x[2][24]
    cdef double out_y[2][24]
    cdef double way[2][24]

    cdef void choose(self, Search search) noexcept nogil
    cdef int _offer(self, Search search, int position, int side) noexcept nogil

cdef void _shorten(Search search, Choice choice, long long kicks) noexcept nogil
cdef void _work(Search search, Choice choice, long long kicks) noexcept nogil
