from libc.math cimport sqrt

cdef enum:
    # Places in a leaf of the tree.
    _LEAF = 6
    # Places of one path that are in the tree.
    _SPOTS = 8
    # Neighbours that are kept of a path, or of each end of an open one.
    _NEAR = 8
    # Vertices of a closed path that are looked at before its best one is sought among them.
    _COARSE = 24
    # What a path waits for.
    _HELD = 0
    _FREE = 1
    _DONE = 2

cdef inline double far(double x0, double y0, double x1, double y1) noexcept nogil:
    return sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))

cdef class Places:
    # The paths; the start of the head is the last point.
    cdef int n
    cdef double[::1] x
    cdef double[::1] y
    cdef int[::1] first
    cdef unsigned char[::1] is_closed
    # Around each closed path a circle: its centre and radius.
    cdef double[::1] circle
    # Which shape must come before which.
    cdef bint is_nested
    cdef int[::1] shape
    cdef int[::1] holder_first
    cdef int[::1] holders
    cdef int[::1] member_first
    cdef int[::1] members
    cdef int[::1] paths_left
    cdef int[::1] inside_left
    cdef unsigned char[::1] has_inside
    # A k-d tree of places at which paths may begin; slots are in the order of its leaves.
    cdef int[::1] spot_first
    cdef double[::1] spot_x
    cdef double[::1] spot_y
    cdef int[::1] spot_point
    cdef int[::1] spot_path
    cdef int[::1] slots
    cdef int[::1] slot_of
    cdef double[::1] plane
    cdef unsigned char[::1] axis
    cdef int[::1] free_below
    cdef unsigned char[::1] state
    # What is asked of the tree, and its answer.
    cdef double from_x
    cdef double from_y
    cdef double best
    cdef int best_slot
    cdef int asking
    cdef int found
    cdef double found_far[8]
    cdef int found_path[8]
    # The nearest paths: of a closed one at twice its number, of an open one's ends there and after.
    cdef int[::1] near
    cdef double[::1] near_far
    cdef int[::1] near_count
    # The chain of work: the head's start at 0, then paths; at which point each one begins.
    cdef int[::1] order
    cdef int[::1] begin
    cdef double turned

    cdef void plant(self) noexcept nogil
    cdef void meet(self) noexcept nogil
    cdef bint go_nearest(self) noexcept nogil
    cdef int turn(self, int path, double ax, double ay, double bx, double by) noexcept nogil
    cdef void _grow(self, int node, int low, int high) noexcept nogil
    cdef void _select(self, int low, int middle, int high, double[::1] along) noexcept nogil
    cdef void _seek(self, int node, int low, int high) noexcept nogil
    cdef void _gather(self, int node, int low, int high) noexcept nogil
    cdef void _offer(self, int path, double square) noexcept nogil
    cdef void _keep(self, int row) noexcept nogil
    cdef void _count(self, int path, int change) noexcept nogil
    cdef void _release(self, int shape) noexcept nogil
    cdef void _finish(self, int path) noexcept nogil
