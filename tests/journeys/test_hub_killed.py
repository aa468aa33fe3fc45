"""The hub dies as in a power cut: no beam stays on, and no print is lost."""

import time

from fablab_hub.cli.options import demo_settings_path
from tests.journeys.conftest import wait_for

FILES = demo_settings_path().parent / "demo_files"


def test_a_printer_prints_on_and_the_hub_learns_of_it(slow_lab):
    lab = slow_lab
    staff = lab.visitor("Nolwenn Cadiou")
    lab.empty_queue(staff, "prusa")
    content = _first_lines("jeton.gcode", 400)
    job = staff.send(content, "jeton.gcode", machine_id="prusa", title="Jeton").json()
    lab.start_job(staff, "Nolwenn Cadiou", job)
    wait_for("it prints", lambda: lab.board("prusa")["moves"] > 10)
    lab.kill()
    wait_for("the print ends without a hub", lambda: _is_at_rest(lab.board("prusa")), 120)

    lab.start()
    staff = lab.visitor("Nolwenn Cadiou")
    wait_for("the hub knows", lambda: staff.get(f"/jobs/{job['id']}")["state"] == "done")
    made = wait_for(
        "it is a fabrication",
        lambda: [f for f in staff.get("/fabrications") if f["job_id"] == job["id"]],
    )
    assert made[0]["photos"], "photographed all the same"


def test_a_laser_is_dark_and_still_within_a_second_and_the_job_says_why(slow_lab):
    lab = slow_lab
    staff = lab.visitor("Nolwenn Cadiou")
    lab.empty_queue(staff, "laser")
    content = (FILES / "boite-a-the.dxf").read_bytes()
    job = staff.send(
        content, "boite.dxf", machine_id="laser", material_id="plywood-3", title="Boîte"
    ).json()
    lab.start_job(staff, "Nolwenn Cadiou", job)
    wait_for("the beam is on", lambda: lab.board("laser").get("beam", 0) > 0)
    lab.kill()
    killed = time.monotonic()
    wait_for("dark and still", lambda: _is_dark_and_still(lab.board("laser")), 1.0)
    assert time.monotonic() - killed <= 1.0

    lab.start()
    staff = lab.visitor("Nolwenn Cadiou")
    found = wait_for(
        "the job says so",
        lambda: (j := staff.get(f"/jobs/{job['id']}"))["state"] in ("paused", "interrupted") and j,
    )
    assert found["reason"] == "heartbeat"
    assert _is_dark_and_still(lab.board("laser")), "nothing resumes by itself"
    staff.post("/machines/laser/stop")
    wait_for("stopped", lambda: staff.get(f"/jobs/{job['id']}")["state"] == "stopped")
    assert lab.board("laser")["beam"] == 0


def test_a_port_that_vanishes_in_mid_job_is_told_plainly(slow_lab):
    lab = slow_lab
    staff = lab.visitor("Nolwenn Cadiou")
    lab.empty_queue(staff, "laser")
    content = (FILES / "boite-a-the.dxf").read_bytes()
    job = staff.send(
        content, "boite.dxf", machine_id="laser", material_id="plywood-3", title="Boîte"
    ).json()
    lab.start_job(staff, "Nolwenn Cadiou", job)
    wait_for("the beam is on", lambda: lab.board("laser").get("beam", 0) > 0)
    lab.unplug("laser")
    failed = wait_for(
        "the job has failed",
        lambda: (j := staff.get(f"/jobs/{job['id']}"))["state"] == "failed" and j,
    )
    assert failed["reason"] in ("driver.port-lost", "driver.beam-unknown")
    machine = staff.get("/machines/laser")
    assert machine["state"] in ("offline", "needs_clearing")
    page = staff.client.get(f"/travaux/{job['id']}")
    assert page.status_code == 200
    assert "Traceback" not in page.text


def _first_lines(name: str, count: int) -> bytes:
    """A short genuine print: its first lines, and its end."""
    lines = (FILES / name).read_bytes().splitlines(keepends=True)
    return b"".join([*lines[:count], b"M104 S0\n", b"M140 S0\n", b"M84\n"])


def _is_at_rest(state: dict) -> bool:
    """Tell whether a printer has ended its program: it moved, and its heaters are off."""
    return state["moves"] > 0 and not state["is_moving"] and state["nozzle_target_c"] == 0


def _is_dark_and_still(state: dict) -> bool:
    return state.get("beam") == 0 and not state.get("is_moving")
