"""Plain geometry shared by every room: points and boxes in millimetres."""

from dataclasses import dataclass
from typing import Self

Point = tuple[float, float]
"""X and Y in millimetres."""

Point3 = tuple[float, float, float]
"""X, Y and Z in millimetres."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box, in millimetres; edges belong to it.

    Attributes:
        min_mm: the corner with the smallest X, Y, Z.
        max_mm: the corner with the largest.
    """

    min_mm: Point3
    max_mm: Point3

    @classmethod
    def around(cls, points_mm: list[Point]) -> Self | None:
        """Give the smallest flat box (Z 0) that holds every point; None for no points."""
        if not points_mm:
            return None
        xs, ys = [p[0] for p in points_mm], [p[1] for p in points_mm]
        return cls((min(xs), min(ys), 0.0), (max(xs), max(ys), 0.0))

    def contains(self, other: "Box", tolerance_mm: float = 1e-6) -> bool:
        """Tell whether another box lies inside; touching the edge is inside."""
        return all(
            low - tolerance_mm <= other_low and other_high <= high + tolerance_mm
            for low, high, other_low, other_high in zip(
                self.min_mm, self.max_mm, other.min_mm, other.max_mm, strict=True
            )
        )

    def union(self, other: "Box | None") -> "Box":
        """Give the smallest box that holds both."""
        if other is None:
            return self
        low, high = (
            zip(self.min_mm, other.min_mm, strict=True),
            zip(self.max_mm, other.max_mm, strict=True),
        )
        x, y, z = (min(pair) for pair in low)
        u, v, w = (max(pair) for pair in high)
        return Box((x, y, z), (u, v, w))

    @property
    def size_mm(self) -> Point3:
        """Width, depth and height."""
        (x, y, z), (u, v, w) = self.min_mm, self.max_mm
        return (u - x, v - y, w - z)
