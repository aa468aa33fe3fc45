from fablab_hub.gcode.kernel.planner cimport Planner

cdef enum:
    _WAITING = 512
    _KEPT = 20
    _SLIPS = 14
    # Bits of moves, as in `measured.MoveFlag`; the last one is an arc's.
    _RAPID = 1
    _CONSTANT = 2
    _BEAM = 2 | 4
    _COLD = 8
    _FROM_STILL = 16
    _RELEASED = 32
    _UNHOMED = 64
    _BENT = 128

cdef class Survey(Planner):
    # What the machine is.
    cdef bint is_laser
    cdef double low[3]
    cdef double high[3]
    cdef double max_feed
    cdef double max_power
    cdef double max_heat
    cdef double filament_mm2
    # Moves that wait to be measured.
    cdef int waiting
    cdef double to_x[512]
    cdef double to_y[512]
    cdef double to_z[512]
    cdef double fed[512]
    cdef double feed_of[512]
    cdef double power_of[512]
    cdef int flags_of[512]
    cdef long long line_at[512]
    cdef long long out_of[512]
    cdef long long out_line_of[512]
    # The ways of those among them that are arcs: length, radius, entry, leave, low and high.
    cdef double arc[512][14]
    cdef double accel_print
    cdef double accel_travel
    cdef double accel_retract
    # What was measured.
    cdef double last_x
    cdef double last_y
    cdef double last_z
    cdef public long long driven
    cdef public long long moves
    cdef public bint has_work
    cdef public double work_mm
    cdef public double travel_mm
    cdef public double climbing_mm
    cdef public double filament_mm
    cdef public double top_feed
    cdef public double top_power
    cdef public double top_heat
    cdef double fed_mm
    cdef double box[6]
    cdef double work_box[6]
    cdef double last_layer
    cdef int layers
    cdef int layers_begun
    cdef double box_layer
    cdef double top_layer
    # The layers begun since they were last asked for: height, left, front, right, back.
    cdef double layer[1024][5]
    cdef long long slip_count[14]
    cdef long long slip_last[14]
    cdef double slip_worst[14]
    cdef long long slip_lines[280]

    cdef bint find_arc(self, bint is_clockwise, double x0, double y0, double z0, double x, double y,
                       double z, bint by_radius, double i, double j) noexcept nogil
    cdef void push(self, double x, double y, double z, double fed, double feed, double power,
                   int flags, long long line, long long out,
                   long long out_line) noexcept nogil
    cdef void measure(self) noexcept nogil
    cdef void _note(self, int slip, long long line, double worst) noexcept nogil
