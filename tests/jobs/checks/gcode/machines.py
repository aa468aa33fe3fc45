"""Machines of a small lab, and its plywood."""

from dataclasses import replace

from fablab_hub.core.machines import Label, LaserLimits, Machine, MachineKind, PrinterLimits
from fablab_hub.core.materials import Material, Preset

LASER = Machine(
    id="laser",
    name=Label("Découpeuse", "Laser cutter"),
    kind=MachineKind.LASER,
    driver="grbl",
    dialect="grbl",
    port="/dev/null",
    bed_mm=(600, 400, 0),
    max_feed_mm_min=12_000,
    laser=LaserLimits(tube_w=60),
)


def _printer(
    name: str, bed_mm: tuple[float, float, float], nozzle_c: float, bed_c: float, **more: object
) -> Machine:
    values: dict[str, object] = {"dialect": "marlin", "max_feed_mm_min": 12_000.0, **more}
    return Machine(
        id=name,
        name=Label(name, name),
        kind=MachineKind.PRINTER,
        driver="marlin",
        port="/dev/null",
        bed_mm=bed_mm,
        margin_mm=5,
        max_accel_mm_s2=1500,
        printer=PrinterLimits(max_nozzle_c=nozzle_c, max_bed_c=bed_c),
        **values,  # type: ignore[arg-type]
    )


PRUSA = _printer("prusa", (250, 210, 210), 300, 120)
ENDER = _printer("ender", (220, 220, 250), 260, 100)
VORON = _printer(
    "voron", (300, 300, 300), 300, 120,
    dialect="klipper", slicer_macros=("START_PRINT", "end_print"),
)  # fmt: skip
_DUET = _printer("duet", (300, 300, 300), 300, 120, dialect="reprapfirmware")
DUET = replace(_DUET, printer=PrinterLimits(max_nozzle_c=300, max_bed_c=120, max_chamber_c=60))
OPEN = replace(LASER, id="open", laser=LaserLimits(tube_w=60, starts_anywhere=True))

PLYWOOD = Material(
    id="plywood-3",
    name=Label("Contreplaqué 3 mm", "Plywood 3 mm"),
    thickness_mm=3,
    cut=Preset(power=0.75, feed_mm_min=900),
)
