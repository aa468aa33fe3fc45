cdef enum:
    _CAP = 2048
    _MARKS = 4096
    # How corners are taken, in the order of `machines.Cornering`.
    _JERK = 1
    _SQUARE_CORNER = 2

cdef class Planner:
    # What the machine can do; X, Y, Z and E wherever there are four.
    cdef double fastest[4]
    cdef double hardest[4]
    cdef double jerk[4]
    cdef int cornering
    cdef int ahead
    cdef double deviation
    cdef double corner_speed
    cdef double arc_ease
    cdef double arc_tolerance
    cdef double turning_accel
    cdef double min_speed
    cdef bint is_asked_endless
    # The move before.
    cdef bint has_before
    cdef bint b_moves
    cdef double b_x
    cdef double b_y
    cdef double b_z
    cdef double b_filament
    cdef double b_speed
    cdef double b_accel
    cdef double b_way
    cdef double b_still
    # Moves whose speeds are not settled.
    cdef int count
    cdef bint has_planned
    cdef double entry_square
    cdef double way[2048]
    cdef double speed[2048]
    cdef double accel[2048]
    cdef double still[2048]
    cdef double limit[2048]
    cdef double reach[2049]
    cdef double square[2049]
    cdef double root[2049]
    cdef double seen[2048]
    cdef long long out_end[2048]
    cdef long long line_of[2048]
    cdef int layer_of[2048]
    # What has come of it.
    cdef double total_s
    cdef long long unmarked
    cdef long long stride
    cdef int marks
    cdef long long mark_out[4096]
    cdef long long mark_line[4096]
    cdef double mark_s[4096]
    cdef int mark_layer[4096]

    cdef void queue(self, double fed, double feed, double accel, bint is_rapid, bint is_still,
                    double length, double radius, double ex, double ey, double ez,
                    double lx, double ly, double lz, long long out, long long line,
                    int layer) noexcept nogil
    cdef void plan(self, int keep) noexcept nogil
    cdef void _see(self, int n) noexcept nogil
    cdef void _mark(self, int k) noexcept nogil
