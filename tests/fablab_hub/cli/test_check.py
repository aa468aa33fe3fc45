"""`fablab-hub check`, `toolpath` and `preview`: from a terminal, on real files."""

import hashlib
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import cv2
import ezdxf
import pytest

from fablab_hub.cli.options import demo_settings_path
from fablab_hub.gcode.kernel import compiled_scan
from tests.fablab_hub.cli.conftest import FILES

LASER = ("--machine", "laser", "--material", "plywood-3")


def _big(drawing):
    drawing.modelspace().add_line((0, 0), (2000, 0))


def test_a_good_drawing_is_accepted_right_after_set_up(run):
    done = run("check", FILES / "porte-cles-phare.dxf", *LASER)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("Accepted.")


def test_the_report_in_json_is_the_one_that_was_agreed(run):
    path = FILES / "porte-cles-phare.dxf"
    done = run("check", path, *LASER, "--json")
    report = json.loads(done.stdout)
    assert report["file"] == {
        "name": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
        "kind": "dxf",
        "dialect": "dxf",
    }
    assert report["verdict"] == "accepted"
    facts = report["facts"]
    low, high = facts["bounds_mm"]["min"], facts["bounds_mm"]["max"]
    assert high[0] - low[0] == pytest.approx(18, abs=0.1)
    assert {"duration_s", "travel_mm", "cut_mm", "engrave_mm", "lines", "max_power"} <= set(facts)


def test_a_print_is_measured(run):
    done = run("check", FILES / "jeton.gcode", "--machine", "prusa", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0, report["findings"]
    assert report["facts"]["max_nozzle_c"] == 215
    assert report["facts"]["filament_mm"] > 100
    assert report["facts"]["layers"] >= 10


@pytest.mark.parametrize(
    ("language", "says"), [("en", "leaves the bed"), ("fr", "plateau")], ids=["en", "fr"]
)
def test_a_drawing_that_leaves_the_bed_is_refused_in_plain_words(run, tmp_path, language, says):
    drawing = ezdxf.new(units=4)
    _big(drawing)
    drawing.saveas(tmp_path / "grand.dxf")
    done = run("check", tmp_path / "grand.dxf", *LASER, language=language)
    assert done.returncode == 1
    assert says in done.stdout or "bed" in done.stdout


def test_a_doubtful_material_waits_for_a_manager(run):
    done = run("check", FILES / "lampe-papillon.dxf", "--machine", "laser", "--material", "mdf-3")
    assert done.returncode == 3


def test_a_forbidden_material_is_refused(run):
    done = run("check", FILES / "boite-a-the.dxf", "--machine", "laser", "--material", "pvc-3")
    assert done.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere.dxf", *LASER),
        (FILES / "jeton.gcode", "--machine", "lasr"),
        (FILES / "boite-a-the.dxf", "--machine", "laser", "--material", "plywod-3"),
        (FILES / "jeton.gcode",),
    ],
)
def test_what_cannot_be_tried_ends_with_2_and_a_sentence(run, arguments):
    done = run("check", *arguments)
    assert done.returncode == 2
    assert done.stderr.strip()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vide.dxf", b""),
        ("vide.gcode", b""),
        ("photo.dxf", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 4),
        ("texte.gcode", "Bonjour, ceci n’est pas du G-code.\n".encode() * 40),
        ("../…🎉.dxf".replace("/", "_"), b"not a drawing"),
        ("bombe.gcode", b"(" * 5_000_000),
    ],
)
def test_bad_input_is_refused_with_a_reason(run, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    for machine in (LASER, ("--machine", "prusa")):
        done = run("check", path, *machine, "--json")
        report = json.loads(done.stdout)
        assert done.returncode == 1
        assert report["verdict"] == "refused"
        assert report["findings"][0]["message"]
        assert report["findings"][0]["remedy"]


def test_a_program_of_200_megabytes_is_refused_at_once(run, tmp_path):
    path = tmp_path / "enorme.gcode"
    with path.open("wb") as stream:
        stream.write(b"G28\nG1 X1 Y1 F600\n")
        stream.truncate(200_000_000)
    done = run("check", path, "--machine", "prusa", language="fr")
    assert done.returncode == 1
    assert "trop gros" in done.stdout


def test_a_toolpath_is_the_program_that_the_report_names(run, tmp_path):
    program = tmp_path / "phare.gcode"
    done = run("toolpath", FILES / "porte-cles-phare.dxf", *LASER, "-o", program)
    assert done.returncode == 0
    lines = program.read_text("ascii").splitlines()
    assert lines[-1] == "M5 S0" or "M5" in lines[-1]
    assert any(line.startswith(("G2", "G3")) for line in lines), "arcs stay arcs"
    again = run("check", program, *LASER, "--json")
    assert json.loads(again.stdout)["verdict"] == "accepted"


def test_a_refused_file_has_no_toolpath(run, tmp_path):
    (tmp_path / "vide.dxf").write_bytes(b"")
    done = run("toolpath", tmp_path / "vide.dxf", *LASER, "-o", tmp_path / "out.gcode")
    assert done.returncode == 1
    assert not (tmp_path / "out.gcode").exists()


def test_a_preview_is_a_picture(run, tmp_path):
    for name in ("phare.svg", "phare.png"):
        run("preview", FILES / "porte-cles-phare.dxf", *LASER, "-o", tmp_path / name)
    assert ET.parse(tmp_path / "phare.svg").getroot().tag.endswith("svg")
    assert (tmp_path / "phare.png").read_bytes().startswith(b"\x89PNG")


ASTRAY = b"""G21
G90
M4 S0
G0 X100 Y100
G1 X500 S400 F1200
G1 Y300
G1 X700
G1 X100 Y100
M5
"""
"""Line 7 leaves the laser's bed of 600 by 400 mm, to X 700 and Y 300."""


def test_a_preview_marks_a_line_where_the_machine_is_then_and_says_why(run, tmp_path):
    (tmp_path / "astray.nc").write_bytes(ASTRAY)
    picture = tmp_path / "astray.svg"
    done = run("preview", tmp_path / "astray.nc", *LASER, "-o", picture, language="fr")
    assert done.returncode == 1
    svg = "{http://www.w3.org/2000/svg}"
    inner = ET.parse(picture).getroot().find(f"{svg}svg")
    ring = inner.find(f"{svg}circle")
    assert (float(ring.get("cx")), float(ring.get("cy"))) == (700, 100), "y grows downwards"
    words = [text.text for text in ET.parse(picture).iter(f"{svg}text")]
    assert "1" in words
    assert "Le travail sort du plateau de 100\xa0mm. La machine taperait au bout." in words


def test_the_marks_are_on_the_png_too_at_the_same_place(run, tmp_path):
    (tmp_path / "astray.nc").write_bytes(ASTRAY)
    run("preview", tmp_path / "astray.nc", *LASER, "-o", tmp_path / "astray.svg")
    run("preview", tmp_path / "astray.nc", *LASER, "-o", tmp_path / "astray.png")
    svg = "{http://www.w3.org/2000/svg}"
    page = ET.parse(tmp_path / "astray.svg").getroot()
    inner = page.find(f"{svg}svg")
    left, top, width, _ = map(float, inner.get("viewBox").split())
    shown = cv2.imread(str(tmp_path / "astray.png"))
    scale = shown.shape[1] / float(page.get("width"))
    px_per_mm = float(inner.get("width")) / width
    ring = inner.find(f"{svg}circle")
    across = 16 + (float(ring.get("cx")) - float(ring.get("r")) - left) * px_per_mm
    down = 16 + (float(ring.get("cy")) - top) * px_per_mm
    blue, green, red = shown[round(down * scale), round(across * scale)].tolist()
    assert red > 180 > green > blue, "the ring is drawn in its colour"


@pytest.mark.parametrize("output", ["part.jpg", "nowhere/part.svg"])
def test_a_preview_that_cannot_be_written_ends_with_2_and_a_sentence(run, tmp_path, output):
    done = run("preview", FILES / "porte-cles-phare.dxf", *LASER, "-o", tmp_path / output)
    assert done.returncode == 2
    assert "part." in done.stderr or ".svg or .png" in done.stderr


def test_a_photo_of_many_thousand_pixels_makes_a_small_picture(run, tmp_path):
    rows = (
        f"G0X10Y{row / 10}\n" + "".join(f"G1X{10 + x}S{row * x % 900}\n" for x in range(200))
        for row in range(400)
    )
    (tmp_path / "photo.nc").write_text("G21\nG90\nM4S0F6000\n" + "".join(rows) + "M5\n")
    run("preview", tmp_path / "photo.nc", *LASER, "-o", tmp_path / "photo.svg")
    picture = (tmp_path / "photo.svg").read_text()
    assert 20_000 < len(picture) < 700_000
    assert 'data-kind="whole"' in picture, "more than is drawn: its room is framed"


def test_settings_here_win_over_the_demos(run, tmp_path):
    (tmp_path / "fablab.toml").write_text('[lab]\nname = "Vide"\n')
    done = run("check", FILES / "jeton.gcode", "--machine", "prusa", cwd=tmp_path)
    assert done.returncode == 2
    assert "prusa" in done.stderr


@pytest.mark.parametrize(
    ("limit", "rule"), [("wall_s = 0.5", "check.too-slow"), ("cpu_s = 0.1", "check.worker-died")]
)
def test_a_file_that_takes_too_long_is_refused_and_the_command_goes_on(run, tmp_path, limit, rule):
    """A million lines that no reader takes in one go: some seconds of work."""
    settings = tmp_path / "fablab.toml"
    settings.write_text(demo_settings_path().read_text() + f"\n[checks]\n{limit}\n")
    long = tmp_path / "long.gcode"
    long.write_bytes(b"G28\n" + b"M117 x\n" * 1_000_000)
    done = run("check", long, "--machine", "prusa", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"][0]["rule"] == rule
    assert "Traceback" not in done.stderr


def test_the_machines_are_listed_with_their_profiles(run, tmp_path):
    lines = run("machines").stdout.splitlines()
    assert lines[1].startswith("prusa ") and lines[1].endswith("(prusa-mk3s)")
    known = run("machines", "--profiles").stdout
    assert re.search(r"^anycubic-predator +printer +370 × 370 mm +marlin$", known, re.MULTILINE)
    (tmp_path / "profiles").mkdir()
    copied = run("machines", "--profile", "prusa-mk3s").stdout
    (tmp_path / "profiles" / "ours.toml").write_text(copied.replace("210]", "100]"))
    (tmp_path / "fablab.toml").write_text('[machines.ours]\nprofile = "ours"\nport = "ours.tty"\n')
    assert "250 × 210 mm" in run("machines", cwd=tmp_path).stdout
    assert run("check", FILES / "jeton.gcode", "--machine", "ours", cwd=tmp_path).returncode == 0


def test_a_profile_that_is_not_there_ends_with_2_and_a_sentence(run):
    done = run("machines", "--profile", "prusa-mk3")
    assert done.returncode == 2
    assert "prusa-mk3s" in done.stderr


@pytest.mark.skipif(compiled_scan() is None, reason="the scan is not compiled here")
def test_a_small_program_is_checked_without_loading_what_it_does_not_need(tmp_path):
    path = tmp_path / "part.gcode"
    path.write_text("G28\nG1 X10 F600\n")
    code = (
        "import sys\nfrom fablab_hub.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    arguments = ("check", str(path), "--machine", "prusa", "--json")
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "click" in loaded
    assert loaded.isdisjoint({"babel", "ezdxf", "fastapi", "numpy", "pydantic", "sqlite_utils"})


def test_a_drawing_is_mended_and_laid_out_as_asked(run, tmp_path):
    drawing = ezdxf.new(units=4)
    space = drawing.modelspace()
    space.add_lwpolyline([(0, 0), (60, 0), (60, 40), (0, 40)], close=True)
    space.add_line((0, 0), (60, 0))
    space.add_circle((30, 20), 8, dxfattribs={"layer": "gravure"})
    drawing.saveas(tmp_path / "part.dxf")
    out = tmp_path / "part.gcode"
    plain = run("toolpath", tmp_path / "part.dxf", *LASER, "-o", out)
    assert plain.returncode == 3
    done = run(
        "toolpath", tmp_path / "part.dxf", *LASER, "-o", out, "--repair", "all", "--copies", "3",
        "--exact-size", "--tabs", "2", "--lead-in", "15", "--lines", "gravure|#000000|line=score",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    program = out.read_text(encoding="ascii")
    assert program.count("G0") >= 3 * 3
    assert "S200" in program, "the circle is scored"
    again = run("check", out, *LASER)
    assert again.returncode == 0, again.stdout


def test_a_meaning_that_is_none_is_said(run, tmp_path):
    done = run("check", FILES / "porte-cles-phare.dxf", *LASER, "--lines", "layer=boil")
    assert done.returncode == 2
    assert "boil" in done.stderr
