"""Klipper: the printers' table, its own commands by name, and the macros that a lab permits.

Source: "G-Codes" and "Command templates" of the Klipper documentation. A macro is a program that
only the lab knows: `slicer_macros` of the machine names those that files may call. Templates
(`{...}`, `{% %}`) never come in a finished program: the reader of lines refuses them.

On purpose milder than a plain list of dangers: `SET_VELOCITY_LIMIT` and `SET_PRESSURE_ADVANCE`
pass, as OrcaSlicer writes them by the thousand; limits beyond the machine's are asked about.
Loading a mesh (`BED_MESH_PROFILE LOAD=`) is asked about; saving one is refused (`jobs.checks`).
"""

from dataclasses import replace

from fablab_hub.gcode.dialects.marlin import MARLIN, PRINTER_TABLE
from fablab_hub.gcode.dialects.table import (
    ANY,
    Reason,
    allow,
    ask,
    drop,
    refuse,
    table,
    without,
)

# Klipper gives these to the lab's own macros, or does not know them.
_SHARED = without("M486 M900 M600", *PRINTER_TABLE)

KLIPPER = replace(
    MARLIN,
    name="klipper",
    commands=table(
        _SHARED,
        drop("M486 M900 RESPOND SET_DISPLAY_TEXT SET_DISPLAY_GROUP SET_LED GET_POSITION"),
        ask(Reason.OTHER_TOOL, "ACTIVATE_EXTRUDER SET_DUAL_CARRIAGE", ANY),
        ask(Reason.NEEDS_PERSON, "M600 PAUSE", ANY),
        allow("EXCLUDE_OBJECT EXCLUDE_OBJECT_DEFINE EXCLUDE_OBJECT_START EXCLUDE_OBJECT_END", ANY),
        allow("SET_PRINT_STATS_INFO SAVE_GCODE_STATE TIMELAPSE_TAKE_FRAME STATUS", ANY),
        allow("SET_VELOCITY_LIMIT SET_PRESSURE_ADVANCE TURN_OFF_HEATERS", ANY),
        ask(
            Reason.UNFAMILIAR_COMMAND,
            "SET_GCODE_OFFSET SET_INPUT_SHAPER SET_HEATER_TEMPERATURE SET_FAN_SPEED "
            "RESTORE_GCODE_STATE TEMPERATURE_WAIT BED_MESH_CALIBRATE BED_MESH_CLEAR "
            "BED_MESH_PROFILE Z_TILT_ADJUST QUAD_GANTRY_LEVEL",
            ANY,
        ),
        refuse(
            Reason.SETTINGS,
            "SAVE_CONFIG SAVE_VARIABLE SET_GCODE_VARIABLE SET_EXTRUDER_ROTATION_DISTANCE "
            "SYNC_EXTRUDER_MOTION Z_OFFSET_APPLY_ENDSTOP Z_OFFSET_APPLY_PROBE "
            "SET_TMC_CURRENT SET_TMC_FIELD INIT_TMC DUMP_TMC UPDATE_DELAYED_GCODE",
        ),
        refuse(
            Reason.PROTECTION,
            "FORCE_MOVE SET_KINEMATIC_POSITION SET_STEPPER_ENABLE STEPPER_BUZZ SET_IDLE_TIMEOUT "
            "MANUAL_STEPPER",
        ),
        refuse(
            Reason.CALIBRATION,
            "PID_CALIBRATE MPC_CALIBRATE PROBE_CALIBRATE Z_ENDSTOP_CALIBRATE DELTA_CALIBRATE "
            "SHAPER_CALIBRATE ANGLE_CALIBRATE BED_TILT_CALIBRATE ENDSTOP_PHASE_CALIBRATE "
            "TEMPERATURE_PROBE_CALIBRATE AXIS_TWIST_COMPENSATION_CALIBRATE LOAD_CELL_CALIBRATE "
            "PROBE_EDDY_CURRENT_CALIBRATE LDC_CALIBRATE_DRIVE_CURRENT TEST_RESONANCES "
            "MEASURE_AXES_NOISE MANUAL_PROBE BED_SCREWS_ADJUST",
        ),
        refuse(Reason.PROBE, "PROBE PROBE_ACCURACY"),
        refuse(
            Reason.PINS,
            "SET_PIN SET_SERVO SET_DIGIPOT ACCELEROMETER_DEBUG_WRITE ANGLE_DEBUG_WRITE",
        ),
        refuse(
            Reason.FILES, "SDCARD_PRINT_FILE SDCARD_RESET_FILE SDCARD_LOOP_BEGIN SDCARD_LOOP_END"
        ),
        refuse(Reason.FIRMWARE, "RESTART FIRMWARE_RESTART RUN_SHELL_COMMAND CANCEL_PRINT"),
    ),
    distance_covers_extruder=False,
    max_line_chars=4000,
)
