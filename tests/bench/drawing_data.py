"""Drawings for the benchmarks, made with ezdxf from `drawings`, on a laser as large as they are."""

from pathlib import Path

import ezdxf

from fablab_hub.cli import demo
from tests.bench.drawings import cut_drawing
from tests.bench.gcode_data import FOLDER

SIZES = (2_000, 20_000, 200_000)
SETTINGS = FOLDER / "drawings.toml"


def drawing_file(paths: int) -> Path:
    """Make a drawing with so many paths, once; gives its file."""
    path = FOLDER / f"cut_{paths}.dxf"
    if not path.is_file():
        document = ezdxf.new("R2010", units=4)
        space = document.modelspace()
        for outline in cut_drawing(paths):
            points = [(float(x), float(y)) for x, y in outline.points]
            space.add_lwpolyline(points, close=outline.is_closed)
        FOLDER.mkdir(parents=True, exist_ok=True)
        document.saveas(path)
    return path


def settings_file() -> Path:
    """Write the demo's settings with a bed on which the largest drawing fits."""
    text = Path(demo.__file__).with_name("demo.toml").read_text(encoding="utf-8")
    laser = 'profile = "co2-60w-600x400"\n'
    text = text.replace(laser, laser + "bed_mm = [9000, 9000, 0]\n", 1)
    text = text.replace("sheet_mm = [600, 400]", "sheet_mm = [9000, 9000]")
    FOLDER.mkdir(parents=True, exist_ok=True)
    SETTINGS.write_text(text, encoding="utf-8")
    return SETTINGS
