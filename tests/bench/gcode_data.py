"""The large programs that the check is measured on; built once, in a folder outside git.

A file is built again when a source of its recipe has changed. `python -m tests.bench.gcode_data`
builds all of them, and says what it does.
"""

import hashlib
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench import arcs, faults, rasters, slicing, vase
from tests.bench.faults import Fault, Planted

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".make" / "bench"
_MID_LINES = 1_000_000
_ARC_LINES = 2_200_000
_ARC_TOLERANCE_MM = 0.05
_SLICED = ("vase.py", "slicing.py", "slicer.ini")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program of the benchmarks, and its copy with faults.

    Attributes:
        name: as in the results.
        machine: of `gcode.toml`.
        clean: nothing is wrong with it.
        faulty: the same with faults.
        planted: where they are.
    """

    name: str
    machine: str
    clean: Path
    faulty: Path
    planted: tuple[Planted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipe:
    name: str
    sources: tuple[str, ...]
    make: Callable[[Path], None]
    faults: Sequence[Fault]
    seam: bytes
    machine: str = "printer"
    made_from: str = ""


def build() -> dict[str, Program]:
    """Build what is missing or out of date; gives the programs by name.

    About a gigabyte on disk. Slicing takes two minutes or three, the rest about as long.

    Raises:
        MissingToolError: PrusaSlicer is not installed.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    return {recipe.name: _built(recipe) for recipe in _RECIPES}


def _built(recipe: _Recipe) -> Program:
    clean = FOLDER / f"{recipe.name}.gcode"
    faulty = FOLDER / f"{recipe.name}_faulty.gcode"
    places = FOLDER / f"{recipe.name}_faulty.json"
    # A file made from another is out of date whenever that other one has changed.
    parents = [FOLDER / f"{recipe.made_from}.gcode"] if recipe.made_from else []
    _renew(clean, _digest([*_paths(recipe.sources), *parents]), recipe.make)

    def make_faulty(target: Path) -> None:
        planted = faults.plant_file(clean, target, recipe.faults, recipe.seam)
        places.write_text(json.dumps([asdict(item) for item in planted]), encoding="utf-8")

    _renew(faulty, _digest([*_paths(("faults.py",)), clean]), make_faulty)
    planted = tuple(Planted(**item) for item in json.loads(places.read_text(encoding="utf-8")))
    return Program(
        name=recipe.name, machine=recipe.machine, clean=clean, faulty=faulty, planted=planted
    )


def _renew(target: Path, stamp: str, make: Callable[[Path], None]) -> None:
    """Make a file unless it is there and was made by the same recipe."""
    stamped = target.with_suffix(".recipe")
    if target.is_file() and stamped.is_file() and stamped.read_text(encoding="ascii") == stamp:
        return
    print(f"Making {target.name} …", flush=True)
    partial = target.with_suffix(".partial.gcode")
    make(partial)
    partial.replace(target)
    stamped.write_text(stamp, encoding="ascii")


def _paths(sources: Sequence[str]) -> list[Path]:
    return [HERE / source for source in sources]


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def _slice(target: Path, shape: vase.Vase, layer_mm: float) -> None:
    slicing.require_slicer()
    model = target.with_suffix(".stl")
    vase.write_vase(model, shape)
    slicing.slice_model(model, target, layer_mm)
    model.unlink()


def _big(target: Path) -> None:
    _slice(target, vase.BIG, 0.07)


def _small(target: Path) -> None:
    _slice(target, vase.SMALL, 0.2)


def _mid(target: Path) -> None:
    with (FOLDER / "print_big.gcode").open("rb") as source, target.open("wb") as stream:
        stream.writelines(itertools.islice(source, _MID_LINES))


def _arc(target: Path) -> None:
    with (
        (FOLDER / "print_big.gcode").open(encoding="ascii", newline="\n") as source,
        target.open("w", encoding="ascii", newline="\n") as stream,
    ):
        lines = itertools.islice(source, _ARC_LINES)
        stream.writelines(arcs.fit_program(lines, _ARC_TOLERANCE_MM))


def _laser_absolute(target: Path) -> None:
    rasters.write_absolute(target, rasters.ABSOLUTE)


def _laser_compact(target: Path) -> None:
    rasters.write_compact(target, rasters.COMPACT)


_RECIPES = (
    _Recipe(name="print_small", sources=_SLICED, make=_small,
            faults=faults.PRINT_FAULTS, seam=faults.LAYER),
    _Recipe(name="print_big", sources=_SLICED, make=_big,
            faults=faults.PRINT_FAULTS, seam=faults.LAYER),
    _Recipe(name="print_mid", made_from="print_big", sources=(), make=_mid,
            faults=faults.PRINT_FAULTS, seam=faults.LAYER),
    _Recipe(name="print_arc", made_from="print_big", sources=("arcs.py",), make=_arc,
            faults=faults.PRINT_FAULTS, seam=faults.LAYER),
    _Recipe(name="laser_abs", sources=("rasters.py",), make=_laser_absolute, machine="laser",
            faults=faults.ABSOLUTE_FAULTS, seam=faults.ROW),
    _Recipe(name="laser_compact", sources=("rasters.py",), make=_laser_compact, machine="laser",
            faults=faults.COMPACT_FAULTS, seam=faults.COMPACT_ROW),
)  # fmt: skip


if __name__ == "__main__":
    try:
        for program in build().values():
            size_mb = program.clean.stat().st_size / 1e6
            print(f"{program.name}: {size_mb:.1f} MB, {len(program.planted)} faults planted")
    except slicing.MissingToolError as error:
        raise SystemExit(str(error)) from error
