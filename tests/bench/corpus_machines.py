"""For each real program of the corpus: the machine it was made for, and what a check should say.

The figures of a machine are those that the file's own head or tail gives (bed, limits, firmware);
where it gives none, those that the machine's maker publishes. Programs that name no machine are
checked on a plain laser or printer of the right kind. Where a profile comes with the hub, it is
used.
"""

from dataclasses import dataclass, replace

from fablab_hub.core.fitting import fitted
from fablab_hub.core.machines import (
    Label,
    LaserLimits,
    Machine,
    MachineKind,
    MotionLimits,
    PrinterLimits,
    Zero,
)
from fablab_hub.core.profiles import profile_files, read_profile
from jobs.report import Verdict


def _printer(
    name: str,
    bed_mm: tuple[float, float, float],
    *,
    nozzle_c: float,
    bed_c: float,
    feeds_mm_s: tuple[float, float, float, float],
    accels_mm_s2: tuple[float, float, float, float],
    print_accel_mm_s2: float,
    dialect: str = "marlin",
    margin_mm: float = 5,
    macros: tuple[str, ...] = (),
) -> Machine:
    x, y, z, e = (feed * 60 for feed in feeds_mm_s)
    return Machine(
        id=name,
        name=Label(name, name),
        kind=MachineKind.PRINTER,
        driver="marlin",
        dialect=dialect,
        port="none",
        bed_mm=bed_mm,
        margin_mm=margin_mm,
        max_feed_mm_min=max(x, y),
        max_accel_mm_s2=max(accels_mm_s2[:2]),
        slicer_macros=macros,
        printer=PrinterLimits(max_nozzle_c=nozzle_c, max_bed_c=bed_c),
        motion=MotionLimits(
            max_feed_mm_min=(x, y, z, e),
            max_accel_mm_s2=accels_mm_s2,
            print_accel_mm_s2=print_accel_mm_s2,
            travel_accel_mm_s2=print_accel_mm_s2,
            retract_accel_mm_s2=print_accel_mm_s2,
        ),
    )


def _laser(
    name: str, bed_mm: tuple[float, float, float], full_power_s: float, max_power: float = 0.9
) -> Machine:
    return Machine(
        id=name,
        name=Label(name, name),
        kind=MachineKind.LASER,
        driver="grbl",
        dialect="grbl",
        port="none",
        bed_mm=bed_mm,
        max_feed_mm_min=12_000,
        max_accel_mm_s2=1000,
        laser=LaserLimits(tube_w=60, full_power_s=full_power_s, max_power=max_power),
    )


def _shipped(id_: str) -> Machine:
    """Give the machine of a profile that comes with the hub."""
    table = read_profile(profile_files(None)[id_]).table
    named = {"id": id_, "port": "none", "slicer_macros": _MACROS.get(id_, [])}
    return fitted(Machine, {**table, **named})


_MACROS = {"creality-k1-max": ["START_PRINT", "END_PRINT"]}

MACHINES = {
    machine.id: machine
    for machine in (
        _shipped("prusa-mk3s"),
        _shipped("ender-3-v2"),
        _shipped("creality-k1-max"),
        _shipped("lulzbot-taz-6"),
        _shipped("co2-60w-600x400"),
        # ";Dimension:", ";Printer Type:" and ";Firmware:" of the file's head; the rest from Raise3D
        _printer("raise3d-pro3", (300, 300, 300), nozzle_c=300, bed_c=120,
                 feeds_mm_s=(150, 150, 15, 60), accels_mm_s2=(3000, 3000, 100, 3000),
                 print_accel_mm_s2=1500, dialect="reprapfirmware"),
        # ";bed_size_x_mm" and its kin of the file's head; a delta
        replace(
            _printer("atom-delta", (220, 220, 320), nozzle_c=250, bed_c=0,
                     feeds_mm_s=(200, 200, 200, 60), accels_mm_s2=(3000, 3000, 3000, 3000),
                     print_accel_mm_s2=3000),
            zero=Zero.MIDDLE,
        ),
        # no machine is named in its files, but they count from the middle of a bed of this size
        replace(_shipped("ender-3-v2"), id="counts-from-the-middle", zero=Zero.MIDDLE),
        # its files ask for S255 and no more, which is full power; their jobs need 292 x 203 mm
        _laser("laser-s255", (300, 210, 0), 255, 1.0),
        # "GRBL device profile", S900 for 90 %, "Current Position"
        replace(
            _laser("laser-from-here", (600, 400, 0), 1000),
            laser=LaserLimits(tube_w=60, starts_anywhere=True),
        ),
        # tools of a mill move up and down
        _laser("mill-like", (200, 200, 50), 1000),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """What a check should say of one file.

    Attributes:
        machine: in `MACHINES`.
        verdict: None where the file is no program at all, and is not even checked.
        why: why it is not simply accepted.
    """

    machine: str
    verdict: Verdict | None = Verdict.ACCEPTED
    why: str = ""


_ASKED, _REFUSED = Verdict.NEEDS_APPROVAL, Verdict.REFUSED
_CONVERTED = "made for a converter: no start code, never homes, never heats"
_SETTINGS = "writes settings into the board"
_ARM = "for a robot arm: commands that GRBL answers with an error"
_HERE = "begins wherever the head happens to be, and works to the left of it: a person places it"
_NO_BEAM = "draws without a beam: made for a pen or a mill"
_MILL = "made for a mill: tools, or depths below the surface"

FILES = {
    "3d-printer__idea_maker.gcode": Expected("raise3d-pro3", _ASKED, "homes a second head (U)"),
    "3d-printer__orca_slicer.gcode": Expected(
        "creality-k1-max", _ASKED, "prints from the second filament, and waits for a warm chamber"
    ),
    "3d-printer__prusa_slicer.bgcode": Expected("prusa-mk3s", None, "Prusa's binary form"),
    "LaserGcodeEditor__test.nc": Expected("co2-60w-600x400", None, "no G-code"),
    "Sablik-kolejova-deska__IO_master_nano.bot.etch.nc": Expected("mill-like", _REFUSED, _MILL),
    "Sablik-kolejova-deska__RPi_SPI_inputs_v03.top.mill.nc": Expected("mill-like", _REFUSED, _MILL),
    "Sablik-kolejova-deska__inputs_v04_drill_mill.nc": Expected("mill-like", _REFUSED, _MILL),
    "Sablik-kolejova-deska__out.nc": Expected("mill-like", _REFUSED, _MILL),
    "SofleKeyboard__Sofle_pico_OLED_circle_window_v3.4_0.3mm_PLA_MK3S_31m.gcode": Expected(
        "prusa-mk3s"
    ),
    "UAF__4NeedleTestBlock.gcode": Expected(
        "lulzbot-taz-6", _ASKED, "G26 clears an error there, and prints a pattern elsewhere"
    ),
    "UAF__SolarPanel_Bracket.gcode": Expected(
        "lulzbot-taz-6", _ASKED, "G26 clears an error there, and prints a pattern elsewhere"
    ),
    "cncjs__Circle_Diamond_Square_Calibration.gcode": Expected("mill-like", _REFUSED, _MILL),
    "cncjs__arc-ijk.gcode": Expected("co2-60w-600x400", _ASKED, _NO_BEAM),
    "cncjs__arc-xz-plane.gcode": Expected("mill-like", _REFUSED, _MILL),
    "cncjs__circle-inch.gcode": Expected("mill-like", _REFUSED, "leaves the bed to the left"),
    "cncjs__circle.gcode": Expected("mill-like", _REFUSED, "leaves the bed to the left"),
    "cncjs__full-circle-without-xyz.gcode": Expected(
        "mill-like", _REFUSED, "arcs without an end, which GRBL answers with error 26"
    ),
    "cncjs__g2-arc.gcode": Expected("mill-like", _ASKED, _NO_BEAM),
    "cncjs__helical-thread-milling.gcode": Expected("mill-like", _REFUSED, _MILL),
    "cncjs__jsdc-laser.gcode": Expected(
        "laser-s255", _REFUSED, "burns a hole: waits half a second with the beam on"
    ),
    "cncjs__sample.gcode": Expected("atom-delta"),
    "cncjs__tball-engrave-laser.gcode": Expected("co2-60w-600x400", _REFUSED, "leaves the bed"),
    "cura-g-code-converter__Kreistest.gcode": Expected(
        "counts-from-the-middle", _ASKED, _CONVERTED
    ),
    "cura-g-code-converter__hex.gcode": Expected("counts-from-the-middle", _ASKED, _CONVERTED),
    "cura-g-code-converter__hex2.gcode": Expected("counts-from-the-middle", _ASKED, _CONVERTED),
    "dexarmcontroller__NAU_logo.gcode": Expected("mill-like", _REFUSED, _ARM),
    "dexarmcontroller__Quote.gcode": Expected("mill-like", _REFUSED, _ARM),
    "dexarmcontroller__go_jacks.gcode": Expected("mill-like", _REFUSED, _ARM),
    "dexarmcontroller__vitruvianMan.gcode": Expected("mill-like", _REFUSED, _ARM),
    "fdm-spot-welded-layers__test.gcode": Expected("ender-3-v2", _ASKED, "never heats the nozzle"),
    "gcode-preview__mach3.gcode": Expected("mill-like", _REFUSED, "for Mach3: commands of its own"),
    "gcode-preview__plant-sign.gcode": Expected("ender-3-v2"),
    "gcode-preview__screw.gcode": Expected("ender-3-v2"),
    "gcode-preview__vase.gcode": Expected("ender-3-v2"),
    "gcode-viewer__15mm_cube.gcode": Expected(
        "prusa-mk3s", _ASKED, "no start code: never homes, never heats"
    ),
    "gcode-viewer__nist_canned_cycle_test.ngc": Expected("mill-like", _REFUSED, _MILL),
    "gcode-viewer__nist_expression_test.ngc": Expected("mill-like", None, "for LinuxCNC: formulas"),
    "gcode-viewer__nist_hello_world.ngc": Expected("mill-like", _REFUSED, _MILL),
    "gcodehs__sample.gcode": Expected("mill-like", _REFUSED, _MILL),
    "grblController__sampleFile1.nc": Expected("prusa-mk3s"),
    "grblController__sampleFile2.nc": Expected("mill-like", _REFUSED, _MILL),
    "laser-cutting-and-engr__1400MMs_LINE_AND_FILL.nc": Expected("laser-from-here", _ASKED, _HERE),
    "laser-cutting-and-engr__500MMs_LINE_AND_FILL.nc": Expected("laser-from-here", _ASKED, _HERE),
    "laser-cutting-and-engr__700MMs_LINE_AND_FILL.nc": Expected("laser-from-here", _ASKED, _HERE),
    "laser-cutting-and-engr__LaserAccelerationTest-1000.nc": Expected(
        "co2-60w-600x400", _REFUSED, _SETTINGS
    ),
    "laser-cutting-and-engr__LaserDrawBoxes.nc": Expected("co2-60w-600x400", _REFUSED, _SETTINGS),
    "laser-cutting-and-engr__LaserDrawLines.nc": Expected("co2-60w-600x400", _REFUSED, _SETTINGS),
    "laser-cutting-and-engr__SpindleAccelerationTest-1000.nc": Expected(
        "mill-like", _REFUSED, _SETTINGS
    ),
    "lego-xy-plotter__draw-rectangle.gcode": Expected("mill-like", _REFUSED, "leaves the bed"),
    "lw-guesstimate__escaleras_300-02.gcode": Expected(
        "laser-s255", _ASKED, "constant power (M3), and longer than two hours"
    ),
    "lw-guesstimate__test.gcode": Expected("co2-60w-600x400", _ASKED, _NO_BEAM),
    "musicutility__lid.gcode": Expected("atom-delta"),
    "power-v4-hw__sr_pbv4_prototype_1.plated-drill.cnc": Expected(
        "mill-like", None, "a drill file for circuit boards"
    ),
    "svg2gcode__circular_interpolation.gcode": Expected("co2-60w-600x400", _ASKED, _NO_BEAM),
    "svg2gcode__shapes.gcode": Expected("co2-60w-600x400", _ASKED, _NO_BEAM),
    "svg2gcode__smooth_curves_circular_interpolation.gcode": Expected(
        "co2-60w-600x400", _REFUSED, "an arc whose radius is shorter than half its length"
    ),
    "svg2gcode__square.gcode": Expected("co2-60w-600x400", _ASKED, _NO_BEAM),
    "svg2gcode__use_defs.gcode": Expected("co2-60w-600x400", _ASKED, _NO_BEAM),
}
