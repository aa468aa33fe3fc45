"""A real Mosquitto on loopback, and somebody who listens to it."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from drivers.publishing.mqtt import MqttPublisher
from fablab_hub.core.clock import ManualClock
from fablab_hub.core.settings import MqttSettings

DEADLINE_S = 20.0
MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIG = """
listener {port} 127.0.0.1
allow_anonymous {anonymous}
{passwords}
{user}
"""


class Broker:
    """Mosquitto; it can be ended and started again on the same port, and forgets everything."""

    def __init__(self, folder: Path, password: str = "") -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        passwords = ""
        if password:
            file = folder / "passwords"
            subprocess.run(
                ["mosquitto_passwd", "-b", "-c", str(file), "hub", password], check=True
            )  # fmt: skip
            passwords = f"password_file {file}"
        (folder / "mosquitto.conf").write_text(
            CONFIG.format(
                port=self.port,
                passwords=passwords,
                anonymous="false" if password else "true",
                user="user root" if os.getuid() == 0 else "",
            )
        )

    def start(self) -> None:
        with (self._folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(MOSQUITTO), "-c", str(self._folder / "mosquitto.conf")], stdout=log, stderr=log
            )
        wait_for(self._is_listening, "Mosquitto did not start")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _is_listening(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.2):
                return True
        except OSError:
            return False


def wait_for(condition, message: str):
    """Wait until a condition holds, and give its value; fails after the deadline."""
    pause, waited_s = threading.Event(), 0.0
    while not (value := condition()):
        assert waited_s < DEADLINE_S, message
        pause.wait(0.02)
        waited_s += 0.02
    return value


@pytest.fixture
def until():
    return wait_for


class Listener:
    """Subscribes to everything, and keeps it in order."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[str, bytes, bool]] = []
        self._new = threading.Condition()
        self._is_ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self._client.on_subscribe = lambda *_: self._is_ready.set()
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._is_ready.wait(DEADLINE_S)

    def _on_message(self, _client, _userdata, message) -> None:
        with self._new:
            self.heard.append((message.topic, message.payload, message.retain))
            self._new.notify_all()

    def hear(self, topic: str, wanted=lambda payload: True) -> bytes:
        """Wait for a message on a topic; gives its payload."""

        def found() -> bytes | None:
            return next((p for t, p, _ in self.heard if t == topic and wanted(p)), None)

        with self._new:
            assert self._new.wait_for(lambda: found() is not None, DEADLINE_S), self.heard
            payload = found()
        assert payload is not None
        return payload

    def topics(self) -> list[str]:
        return [topic for topic, _, _ in self.heard]

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def new_broker(tmp_path: Path) -> Iterator:
    if MOSQUITTO is None:
        pytest.skip("Mosquitto is not installed (Debian: apt-get install mosquitto)")
    brokers: list[Broker] = []

    def make(password: str = "") -> Broker:
        brokers.append(Broker(tmp_path, password))
        brokers[-1].start()
        return brokers[-1]

    yield make
    for broker in brokers:
        broker.stop()


@pytest.fixture
def broker(new_broker) -> Broker:
    return new_broker()


@pytest.fixture
def new_listener() -> Iterator:
    listeners: list[Listener] = []

    def make(broker: Broker) -> Listener:
        listeners.append(Listener(broker.port))
        return listeners[-1]

    yield make
    for listener in listeners:
        listener.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def new_publisher(clock: ManualClock) -> Iterator:
    publishers: list[MqttPublisher] = []

    def make(port: int, **changes) -> MqttPublisher:
        settings = MqttSettings(host="127.0.0.1", port=port, prefix="fablab/rostrenen", **changes)
        publishers.append(MqttPublisher(settings, clock))
        return publishers[-1]

    yield make
    for publisher in publishers:
        publisher.close()
