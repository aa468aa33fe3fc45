"""Klipper: the printers' table, its own commands by name, and the macros that a lab permits.

Source: "G-Codes" and "Command templates" of the Klipper documentation. A macro is a program that
only the lab knows: `slicer_macros` of the machine names those that files may call.
"""

from dataclasses import replace

from fablab_hub.gcode.dialects.marlin import MARLIN, PRINTER_TABLE
from fablab_hub.gcode.dialects.table import ANY, Reason, allow, ask, drop, refuse, table

_SHARED = [
    # Klipper gives these to the lab's own macros, or does not know them.
    [(code, row) for code, row in entries if code not in {"M486", "M900", "M600"}]
    for entries in PRINTER_TABLE
]

KLIPPER = replace(
    MARLIN,
    name="klipper",
    commands=table(
        *_SHARED,
        drop("M486 M900"),
        ask(Reason.NEEDS_PERSON, "M600 PAUSE", ANY),
        allow("EXCLUDE_OBJECT EXCLUDE_OBJECT_DEFINE EXCLUDE_OBJECT_START EXCLUDE_OBJECT_END", ANY),
        allow("SET_PRINT_STATS_INFO SAVE_GCODE_STATE TIMELAPSE_TAKE_FRAME STATUS", ANY),
        allow("SET_VELOCITY_LIMIT SET_PRESSURE_ADVANCE TURN_OFF_HEATERS", ANY),
        ask(
            Reason.UNFAMILIAR_COMMAND,
            "SET_GCODE_OFFSET SET_INPUT_SHAPER SET_HEATER_TEMPERATURE SET_FAN_SPEED "
            "RESTORE_GCODE_STATE TEMPERATURE_WAIT BED_MESH_CALIBRATE BED_MESH_CLEAR",
            ANY,
        ),
        refuse(
            Reason.SETTINGS,
            "SAVE_CONFIG SAVE_VARIABLE SET_GCODE_VARIABLE SET_EXTRUDER_ROTATION_DISTANCE "
            "SYNC_EXTRUDER_MOTION BED_MESH_PROFILE Z_OFFSET_APPLY_ENDSTOP Z_OFFSET_APPLY_PROBE "
            "SET_TMC_CURRENT SET_TMC_FIELD INIT_TMC DUMP_TMC UPDATE_DELAYED_GCODE",
        ),
        refuse(
            Reason.PROTECTION,
            "FORCE_MOVE SET_KINEMATIC_POSITION SET_STEPPER_ENABLE STEPPER_BUZZ SET_IDLE_TIMEOUT "
            "MANUAL_STEPPER",
        ),
        refuse(
            Reason.CALIBRATION, "PID_CALIBRATE PROBE_CALIBRATE DELTA_CALIBRATE SHAPER_CALIBRATE"
        ),
        refuse(Reason.PINS, "SET_PIN SET_SERVO SET_DIGIPOT ACCELEROMETER_DEBUG_WRITE"),
        refuse(
            Reason.FILES, "SDCARD_PRINT_FILE SDCARD_RESET_FILE SDCARD_LOOP_BEGIN SDCARD_LOOP_END"
        ),
        refuse(Reason.FIRMWARE, "RESTART FIRMWARE_RESTART RUN_SHELL_COMMAND CANCEL_PRINT"),
    ),
    distance_covers_extruder=False,
    max_line_chars=4000,
)
