"""What the lab's broker hears, from a real Mosquitto that comes and goes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fablab_hub.core.errors import ConfigError
from fablab_hub.core.journal import Entry
from fablab_hub.core.machines import MachineState, MachineStatus

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[3]
STATUS = "fablab/rostrenen/status"
LASER = "fablab/rostrenen/laser/state"
BUSY = MachineStatus(state=MachineState.BUSY, fraction=0.254)
HUB = """
import sys
sys.path.insert(0, {root!r})
from drivers.publishing.mqtt import MqttPublisher
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.settings import MqttSettings
publisher = MqttPublisher(
    MqttSettings(host="127.0.0.1", port={port}, prefix="fablab/rostrenen"), SystemClock()
)
publisher.start()
sys.stdin.read()
"""


def _entry(verb="job.start", seq=7, **data):
    return Entry(
        seq=seq, at="2026-11-23T09:00:00.000Z", actor="person:01ABC", verb=verb,
        subject="job:01XYZ", data=data, previous_hash="", hash="",
    )  # fmt: skip


def _is_state(state):
    return lambda payload: json.loads(payload)["state"] == state


def test_a_hub_says_that_it_is_there_and_that_it_leaves(broker, new_listener, new_publisher):
    listener = new_listener(broker)
    publisher = new_publisher(broker.port)
    publisher.start()
    assert listener.hear(STATUS, lambda payload: payload == b"online")
    publisher.close()
    assert listener.hear(STATUS, lambda payload: payload == b"offline")


def test_a_state_is_kept_for_who_comes_later(broker, new_listener, new_publisher):
    first = new_listener(broker)
    publisher = new_publisher(broker.port)
    publisher.publish_state("laser", BUSY, "01JOB")
    publisher.start()
    first.hear(LASER)
    later = new_listener(broker)
    assert json.loads(later.hear(LASER)) == {
        "ts": "2026-11-23T09:00:00.000Z", "v": 1, "state": "busy", "job": "01JOB", "fraction": 0.25
    }  # fmt: skip
    later.hear(STATUS)
    assert {retain for _, _, retain in later.heard} == {True}


def test_a_state_that_says_nothing_new_is_not_repeated(broker, new_listener, new_publisher, clock):
    listener = new_listener(broker)
    publisher = new_publisher(broker.port)
    publisher.start()
    listener.hear(STATUS)
    for fraction in (0.2500, 0.2501, 0.2502):
        clock.advance(1)
        publisher.publish_state(
            "laser", MachineStatus(state=MachineState.BUSY, fraction=fraction), "01JOB"
        )
    publisher.publish_state("laser", MachineStatus(state=MachineState.IDLE), None)
    listener.hear(LASER, _is_state("idle"))
    assert listener.topics().count(LASER) == 2


def test_a_journal_line_is_told_once_and_not_kept(broker, new_listener, new_publisher):
    listener = new_listener(broker)
    publisher = new_publisher(broker.port)
    publisher.start()
    listener.hear(STATUS)
    publisher.publish_event(_entry(machine="laser"))
    heard = json.loads(listener.hear("fablab/rostrenen/journal/job.start"))
    assert heard == {
        "ts": "2026-11-23T09:00:00.000Z", "v": 1, "seq": 7, "at": "2026-11-23T09:00:00.000Z",
        "by": "person", "verb": "job.start", "subject": "job:01XYZ", "data": {"machine": "laser"},
    }  # fmt: skip
    later = new_listener(broker)
    later.hear(STATUS)
    publisher.publish_event(_entry("job.finish"))
    later.hear("fablab/rostrenen/journal/job.finish")
    assert "fablab/rostrenen/journal/job.start" not in later.topics()


def test_what_a_journal_line_says_about_people_is_not_told(broker, new_listener, new_publisher):
    listener = new_listener(broker)
    publisher = new_publisher(broker.port)
    publisher.start()
    listener.hear(STATUS)
    publisher.publish_event(_entry("job.refuse", reason="Kevin was rude", name="Kevin"))
    heard = listener.hear("fablab/rostrenen/journal/job.refuse")
    assert b"Kevin" not in heard
    assert b"01ABC" not in heard


def test_a_hub_that_is_killed_is_said_to_be_offline(broker, new_listener):
    listener = new_listener(broker)
    script = HUB.format(root=str(ROOT), port=broker.port)
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as hub:
        listener.hear(STATUS, lambda payload: payload == b"online")
        hub.kill()
    listener.hear(STATUS, lambda payload: payload == b"offline")
    assert new_listener(broker).hear(STATUS) == b"offline", "retained for who comes later"


def test_a_broker_that_comes_back_hears_the_latest_state_of_everything(
    broker, new_listener, new_publisher
):
    publisher = new_publisher(broker.port)
    publisher.start()
    publisher.publish_state("prusa", MachineStatus(state=MachineState.IDLE), None)
    publisher.publish_state("laser", MachineStatus(state=MachineState.IDLE), None)
    new_listener(broker).hear(LASER, _is_state("idle"))
    broker.stop()
    for percent in range(100):
        status = MachineStatus(state=MachineState.BUSY, fraction=percent / 100)
        publisher.publish_state("laser", status, "01JOB")
    publisher.publish_state("laser", MachineStatus(state=MachineState.PAUSED), "01JOB")
    broker.start()
    listener = new_listener(broker)
    listener.hear(LASER, _is_state("paused"))
    listener.hear("fablab/rostrenen/prusa/state", _is_state("idle"))
    listener.hear(STATUS, lambda payload: payload == b"online")
    assert listener.topics().count(LASER) == 1, "only the latest"


def test_no_call_waits_for_a_broker_that_is_not_there(broker, new_publisher):
    broker.stop()
    publisher = new_publisher(broker.port)
    started_s = time.monotonic()
    publisher.start()
    for seq in range(2000):
        status = MachineStatus(state=MachineState.BUSY, fraction=seq / 2000)
        publisher.publish_state("laser", status, None)
        publisher.publish_event(_entry(seq=seq))
    assert time.monotonic() - started_s < 2.0
    publisher.close()
    assert time.monotonic() - started_s < 5.0


def test_a_broker_that_starts_after_the_hub_is_found(broker, new_listener, new_publisher):
    broker.stop()
    publisher = new_publisher(broker.port)
    publisher.start()
    publisher.publish_state("laser", BUSY, None)
    broker.start()
    assert new_listener(broker).hear(LASER, _is_state("busy"))


def test_the_password_is_read_from_its_file(new_broker, new_publisher, tmp_path, caplog, until):
    caplog.set_level("INFO")
    broker = new_broker("s3cret")
    file = tmp_path / "password.txt"
    file.write_text("s3cret\n")
    publisher = new_publisher(broker.port, username="hub", password_file=str(file))
    publisher.start()
    until(lambda: "connected to the broker" in caplog.text, caplog.text)
    assert "s3cret" not in caplog.text


def test_a_wrong_password_is_logged_and_stops_nothing(
    new_broker, new_publisher, tmp_path, caplog, until
):
    broker = new_broker("s3cret")
    file = tmp_path / "password.txt"
    file.write_text("wrong")
    publisher = new_publisher(broker.port, username="hub", password_file=str(file))
    publisher.start()
    publisher.publish_state("laser", BUSY, None)
    until(lambda: "Not authorized" in caplog.text, caplog.text)
    assert "wrong" not in caplog.text


def test_a_password_file_that_is_not_there_is_said_at_start(new_publisher, tmp_path):
    publisher = new_publisher(1, username="hub", password_file=str(tmp_path / "none"))
    with pytest.raises(ConfigError) as caught:
        publisher.start()
    assert caught.value.code == "mqtt.no-password"


def test_a_machines_name_cannot_leave_its_level(broker, new_listener, new_publisher):
    listener = new_listener(broker)
    publisher = new_publisher(broker.port)
    publisher.publish_state("../#/+", BUSY, None)
    publisher.start()
    assert listener.hear("fablab/rostrenen/..----/state")
