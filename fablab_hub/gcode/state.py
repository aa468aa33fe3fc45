"""What a firmware remembers from line to line: its modal state, and where it is."""

import math
from dataclasses import dataclass

from fablab_hub.core.geometry import Point3
from fablab_hub.core.units import MM_PER_INCH
from fablab_hub.gcode.commands import Command


@dataclass(slots=True)
class Modal:
    """The state of one firmware between two commands; the one thing here that changes.

    Attributes:
        motion: code of the motion that a line with only axes goes on with.
        scale: millimetres of one unit of the file.
        plane: `G17`, `G18` or `G19`.
        feed_mm_min: 0 as long as the file named none.
        power_s: the S number.
        spindle: `M3`, `M4` or `M5`.
        x_mm, y_mm, z_mm: where it is, machine coordinates.
        shift_x_mm, shift_y_mm, shift_z_mm: machine coordinates of the file's zero (`G92`).
        e_mm: filament position as the file counts it.
        print_accel_mm_s2, travel_accel_mm_s2, retract_accel_mm_s2: acceleration asked for while
            filament is fed or the beam burns, while only moving, and of filament alone.
    """

    print_accel_mm_s2: float = math.inf
    travel_accel_mm_s2: float = math.inf
    retract_accel_mm_s2: float = math.inf
    motion: str = "G0"
    scale: float = 1.0
    is_relative: bool = False
    is_e_relative: bool = False
    plane: str = "G17"
    feed_mm_min: float = 0.0
    power_s: float = 0.0
    spindle: str = "M5"
    x_mm: float = 0.0
    y_mm: float = 0.0
    z_mm: float = 0.0
    shift_x_mm: float = 0.0
    shift_y_mm: float = 0.0
    shift_z_mm: float = 0.0
    e_mm: float = 0.0

    @property
    def at_mm(self) -> Point3:
        """Where it is, machine coordinates."""
        return (self.x_mm, self.y_mm, self.z_mm)

    def use_units(self, code: str) -> None:
        """Obey `G20` (inches) or `G21` (millimetres)."""
        self.scale = MM_PER_INCH if code == "G20" else 1.0

    def use_distance(self, code: str, *, covers_extruder: bool) -> None:
        """Obey `G90` (absolute) or `G91` (relative)."""
        self.is_relative = code == "G91"
        if covers_extruder:
            self.is_e_relative = self.is_relative

    def ask_for_acceleration(
        self,
        printing: float | None,
        travel: float | None,
        retract: float | None,
        all_: float | None,
    ) -> None:
        """Obey `M204 P T R S`; a value of nought or less is not one."""
        if all_ is not None and all_ > 0:
            self.print_accel_mm_s2 = self.travel_accel_mm_s2 = all_
        if printing is not None and printing > 0:
            self.print_accel_mm_s2 = printing
        if travel is not None and travel > 0:
            self.travel_accel_mm_s2 = travel
        if retract is not None and retract > 0:
            self.retract_accel_mm_s2 = retract

    def go(self, x: float | None, y: float | None, z: float | None, e: float | None) -> float:
        """Move to where the words of a motion point; absent words stay as they are.

        Returns:
            Filament that this feeds, in mm; negative when it is drawn back.
        """
        scale = self.scale
        if self.is_relative:
            self.x_mm += (x or 0.0) * scale
            self.y_mm += (y or 0.0) * scale
            self.z_mm += (z or 0.0) * scale
        else:
            if x is not None:
                self.x_mm = x * scale + self.shift_x_mm
            if y is not None:
                self.y_mm = y * scale + self.shift_y_mm
            if z is not None:
                self.z_mm = z * scale + self.shift_z_mm
        if e is None:
            return 0.0
        if self.is_e_relative:
            return e * scale
        fed_mm = e * scale - self.e_mm
        self.e_mm = e * scale
        return fed_mm

    def home(self, axes: str) -> None:
        """Go to machine zero of some axes and forget their shift (`G28`)."""
        if "X" in axes:
            self.x_mm = self.shift_x_mm = 0.0
        if "Y" in axes:
            self.y_mm = self.shift_y_mm = 0.0
        if "Z" in axes:
            self.z_mm = self.shift_z_mm = 0.0

    def rename_position(self, command: Command) -> None:
        """Obey `G92`: the place where it is gets other numbers; nothing moves."""
        if (x := command.value("X")) is not None:
            self.shift_x_mm = self.x_mm - x * self.scale
        if (y := command.value("Y")) is not None:
            self.shift_y_mm = self.y_mm - y * self.scale
        if (z := command.value("Z")) is not None:
            self.shift_z_mm = self.z_mm - z * self.scale
        if (e := command.value("E")) is not None:
            self.e_mm = e * self.scale

    def forget_shift(self) -> None:
        """Count from machine zero again (`G92.1`)."""
        self.shift_x_mm = self.shift_y_mm = self.shift_z_mm = 0.0
