"""What the chosen material says about a program."""

import math
import re
from types import MappingProxyType

from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.materials import Material
from jobs.checks.gcode_reading import Reading

FILAMENTS_C = MappingProxyType({
    "PLA": (180, 235),
    "PETG": (215, 265),
    "TPU": (195, 255),
    "ABS": (220, 275),
    "ASA": (230, 285),
    "PA": (235, 305),
    "PC": (250, 315),
})  # fmt: skip
"""Usual nozzle temperatures, five degrees wider than the makers' ranges.

Source: nozzle ranges of the system profiles of common slicers, 2026.
"""

_MUCH_HEAT = 1.5


def heat_limit(machine: Machine, material: Material | None) -> float:
    """Give how much heat a line may put into a material, as S for each mm/min.

    That is half as much again as the strongest preset of the lab; endless where there is none.
    """
    if machine.laser is None or material is None:
        return math.inf
    presets = [p for p in (material.cut, material.score, material.engrave) if p is not None]
    if not presets:
        return math.inf
    usual = max(preset.power / preset.feed_mm_min for preset in presets)
    return _MUCH_HEAT * usual * machine.laser.full_power_s


def note_material(reading: Reading, material: Material | None) -> None:
    """Note what speaks against the material, or against this program on it."""
    if reading.machine.kind is MachineKind.LASER:
        _note_laser_material(reading, material)
    elif material is not None and reading.max_nozzle_c:
        _note_filament(reading, material, reading.max_nozzle_c)


def _note_laser_material(reading: Reading, material: Material | None) -> None:
    remarks = reading.remarks
    if material is None:
        remarks.note("material-unknown")
        return
    if material.is_forbidden:
        remarks.note("material-forbidden", material=material.id)
    elif material.needs_staff:
        remarks.note("material-staff", material=material.id)
    if remarks.has("material-power"):
        usual = heat_limit(reading.machine, material) / _MUCH_HEAT
        times = round(reading.measured.max_heat / usual, 1)
        remarks.note("material-power", count=0, times=times, material=material.id)


def _note_filament(reading: Reading, material: Material, target_c: float) -> None:
    said = " ".join((material.id, *material.aliases)).upper()
    for filament, (low_c, high_c) in FILAMENTS_C.items():
        if re.search(rf"\b{filament}\b", said) and not low_c <= target_c <= high_c:
            reading.remarks.note(
                "filament-range", filament=filament, found=target_c, low=low_c, high=high_c
            )
