"""Draw the demo's own files: three DXF drawings and three models for the slicer.

    python docs/demo-files/draw.py FOLDER
    prusa-slicer --export-gcode --load docs/demo-files/prusa.ini FOLDER/hook.stl ...

The drawings are laid out as a beginner would: what is cut in red, what is scored in blue, on
layers that say so. Everything is in millimetres.
"""

import math
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import ezdxf
from ezdxf.document import Drawing
from ezdxf.layouts import Modelspace

Vertex = tuple[float, float, float]
Triangle = tuple[Vertex, Vertex, Vertex]

RED, BLUE = 1, 5


def new_drawing() -> tuple[Drawing, Modelspace]:
    """Start a drawing in millimetres with the lab's two layers."""
    drawing = ezdxf.new("R2010", units=ezdxf.units.MM)
    drawing.layers.add("DECOUPE", color=RED)
    drawing.layers.add("GRAVURE", color=BLUE)
    return drawing, drawing.modelspace()


def draw_keyring(path: Path) -> None:
    """Draw a key ring in the shape of a lighthouse: bulges, an arc, a circle, scored stripes."""
    drawing, space = new_drawing()
    tower = [(-9, 0, 0), (9, 0, 0), (6, 52, 0), (8, 52, 0), (8, 56, 0), (5, 56, 0), (5, 66, 0.9),
             (-5, 66, 0), (-5, 56, 0), (-8, 56, 0), (-8, 52, 0), (-6, 52, 0)]  # fmt: skip
    space.add_lwpolyline(tower, format="xyb", close=True, dxfattribs={"layer": "DECOUPE"})
    space.add_circle((0, 67), 1.6, dxfattribs={"layer": "DECOUPE"})
    for y in (12, 22, 32, 42):
        half = 9 - 3 * y / 52
        space.add_line((1 - half, y), (half - 1, y), dxfattribs={"layer": "GRAVURE"})
    space.add_lwpolyline(
        [(-3, 3, 0), (3, 3, 0), (3, 8, 1), (-3, 8, 0)], format="xyb", close=True,
        dxfattribs={"layer": "GRAVURE"},
    )  # fmt: skip
    drawing.saveas(path)


def draw_lamp(path: Path) -> None:
    """Draw one side of a butterfly lamp: splines, ellipses, a block used twice."""
    drawing, space = new_drawing()
    wing = drawing.blocks.new("AILE")
    wing.add_spline(
        [(0, 0), (28, 30), (62, 26), (66, -4), (40, -30), (0, 0)], dxfattribs={"layer": "DECOUPE"}
    )
    wing.add_ellipse((40, 8), (12, 5), 0.55, dxfattribs={"layer": "DECOUPE"})
    wing.add_arc((26, -8), 6, 20, 300, dxfattribs={"layer": "GRAVURE"})
    space.add_blockref("AILE", (80, 60))
    space.add_blockref("AILE", (70, 60), dxfattribs={"xscale": -1})
    space.add_lwpolyline(
        [(73, 20, 0), (77, 20, 0), (77, 100, 1), (73, 100, 0)], format="xyb", close=True,
        dxfattribs={"layer": "DECOUPE"},
    )  # fmt: skip
    space.add_lwpolyline(
        [(0, 0, 0), (150, 0, 0.4142), (158, 8, 0), (158, 112, 0.4142), (150, 120, 0),
         (0, 120, 0.4142), (-8, 112, 0), (-8, 8, 0.4142)],
        format="xyb", close=True, dxfattribs={"layer": "DECOUPE"},
    )  # fmt: skip
    drawing.saveas(path)


def draw_tea_box(path: Path) -> None:
    """Draw the front of a tea box with finger joints, and its name as scored lines."""
    drawing, space = new_drawing()
    points: list[tuple[float, float]] = []
    width, height, finger, depth = 120.0, 80.0, 10.0, 3.0
    for index in range(int(width / finger)):
        y = 0.0 if index % 2 else depth
        points += [(index * finger, y), ((index + 1) * finger, y)]
    points += [(width, height), (0, height)]
    space.add_lwpolyline(points, close=True, dxfattribs={"layer": "DECOUPE"})
    space.add_circle((60, 45), 16, dxfattribs={"layer": "GRAVURE"})
    for angle in range(0, 360, 45):
        x, y = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        space.add_line(
            (60 + 4 * x, 45 + 4 * y), (60 + 13 * x, 45 + 13 * y), dxfattribs={"layer": "GRAVURE"}
        )
    drawing.saveas(path)


def solid_of(outline: list[tuple[float, float]], height: float) -> list[Triangle]:
    """Raise a convex outline (counter-clockwise) to a solid."""
    faces: list[Triangle] = []
    count = len(outline)
    for index in range(count):
        (x, y), (u, v) = outline[index], outline[(index + 1) % count]
        faces.append(((x, y, 0), (u, v, 0), (u, v, height)))
        faces.append(((x, y, 0), (u, v, height), (x, y, height)))
    for index in range(1, count - 1):
        a, b, c = outline[0], outline[index], outline[index + 1]
        faces.append(((*a, height), (*b, height), (*c, height)))
        faces.append(((*a, 0), (*c, 0), (*b, 0)))
    return faces


def circle(radius: float, sides: int, x: float = 0.0, y: float = 0.0) -> list[tuple[float, float]]:
    """Give a polygon's corners, counter-clockwise."""
    return [
        (
            x + radius * math.cos(2 * math.pi * i / sides),
            y + radius * math.sin(2 * math.pi * i / sides),
        )
        for i in range(sides)
    ]


def write_stl(path: Path, faces: list[Triangle]) -> None:
    """Write a binary STL."""
    with path.open("wb") as stream:
        stream.write(b"FabLab Hub demo".ljust(80, b" ") + struct.pack("<I", len(faces)))
        for face in faces:
            stream.write(struct.pack("<3f", 0, 0, 0))
            for vertex in face:
                stream.write(struct.pack("<3f", *vertex))
            stream.write(b"\0\0")


def main(folder: Path) -> None:
    """Write every file."""
    folder.mkdir(parents=True, exist_ok=True)
    drawings: dict[str, Callable[[Path], None]] = {
        "porte-cles-phare.dxf": draw_keyring,
        "lampe-papillon.dxf": draw_lamp,
        "boite-a-the.dxf": draw_tea_box,
    }
    for name, draw in drawings.items():
        draw(folder / name)
    write_stl(folder / "pot.stl", solid_of(circle(18, 8), 30))
    write_stl(folder / "jeton.stl", solid_of(circle(12, 40), 2.4))
    write_stl(folder / "cale.stl", solid_of([(0, 0), (40, 0), (40, 14), (0, 20)], 6))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
