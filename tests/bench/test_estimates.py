"""What slicers write about their own programs is read as they mean it."""

import tomllib

import pytest

from tests.bench.estimates import motion_table, slicer_estimate, slicer_limits


@pytest.mark.parametrize(
    ("text", "time_s", "rounding_s"),
    [
        ("; estimated printing time (normal mode) = 1d 2h 3m 4s\n", 93_784, 0.5),
        ("; estimated printing time (normal mode) = 30m 34s\n", 1834, 0.5),
        (";FLAVOR:Marlin\n;TIME:1479\n", 1479, 0.5),
        (";Print Time: 1835\n", 1835, 0.5),
        (";Estimated Print time: 18 minutes\n", 1080, 30),
        (";Print time: 1 hour 9 minutes\n", 4140, 30),
        ("; Estimated Build Time:   113.73 minutes\n", 6823.8, 0.3),
    ],
)
def test_a_slicers_time_is_read_with_how_finely_it_is_written(
    text: str, time_s: float, rounding_s: float
) -> None:
    estimate = slicer_estimate(f"G28\n{text}G1 X1\n")

    assert estimate is not None
    assert estimate.time_s == pytest.approx(time_s)
    assert estimate.rounding_s == pytest.approx(rounding_s)


def test_the_time_of_the_silent_mode_and_of_one_layer_is_not_taken() -> None:
    text = (
        "; estimated printing time (silent mode) = 9h\n;TIME_ELAPSED:12.5\n"
        "; estimated first layer printing time (normal mode) = 31s\n"
    )

    assert slicer_estimate(text) is None


_LIMITS = """\
; machine_max_acceleration_e = 5000,5000
; machine_max_acceleration_extruding = 1250,1250
; machine_max_acceleration_retracting = 1100,1250
; machine_max_acceleration_travel = 0
; machine_max_acceleration_x = 1000,960
; machine_max_acceleration_y = 900,960
; machine_max_acceleration_z = 200,200
; machine_max_feedrate_e = 120,120
; machine_max_feedrate_x = 200,100
; machine_max_feedrate_y = 180,100
; machine_max_feedrate_z = 12,12
; machine_max_jerk_e = 4.5,4.5
; machine_max_jerk_x = 8,8
; machine_max_jerk_y = 7,8
; machine_max_jerk_z = 0.4,0.4
; machine_min_extruding_rate = 2,0
"""


def test_limits_are_those_of_the_normal_mode_in_the_units_of_our_settings() -> None:
    motion = tomllib.loads(motion_table(slicer_limits(_LIMITS)))

    assert motion["max_feed_mm_min"] == [12_000, 10_800, 720, 7200]
    assert motion["max_accel_mm_s2"] == [1000, 900, 200, 5000]
    assert motion["print_accel_mm_s2"] == 1250
    assert motion["retract_accel_mm_s2"] == 1100
    assert motion["jerk_mm_s"] == [8, 7, 0.4, 4.5]
    assert motion["min_feed_mm_s"] == 2


def test_a_slicer_without_a_limit_for_travel_takes_that_of_printing() -> None:
    motion = tomllib.loads(motion_table(slicer_limits(_LIMITS)))

    assert motion["travel_accel_mm_s2"] == 1250


def test_limits_named_by_orca_are_the_same_limits() -> None:
    orca = _LIMITS.replace("machine_max_feedrate", "machine_max_speed")

    assert motion_table(slicer_limits(orca)) == motion_table(slicer_limits(_LIMITS))
