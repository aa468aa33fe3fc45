"""Publishes machine states and journal lines to an MQTT broker; subscribes to nothing.

    PREFIX/status             `online`, or `offline` as the last will; retained
    PREFIX/<machine>/state    JSON, retained
    PREFIX/journal/<verb>     JSON, not retained

The hub does not need the broker. While it is away only the latest state of each machine is
kept, and published anew when it is back; journal lines of that time are not (the journal is
where they are kept, and `seq` shows the gap).
"""

import contextlib
import json
import logging
import threading
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.errors import ConfigError
from fablab_hub.core.journal import Entry
from fablab_hub.core.machines import MachineStatus
from fablab_hub.core.settings import MqttSettings

log = logging.getLogger(__name__)

VERSION = 1
"""Version of the messages' shape, their `v`."""

_TLS_PORT = 8883
_KEEPALIVE_S = 15
_RETRY_S = (1, 30)
_GOODBYE_S = 2.0
_MAX_WAITING = 1000
_JOURNAL_FACTS = frozenset(
    {"machine", "material", "from", "to", "run", "project", "outcome", "moment", "elapsed_s"}
)
"""What a journal line may tell the broker. Reasons and names are words about people: they stay."""


class MqttPublisher:
    """One connection to the lab's broker, kept up by a thread of its own.

    No call here waits for the network, but for `close`.
    """

    def __init__(self, settings: MqttSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._states: dict[str, bytes] = {}
        self._facts: dict[str, dict[str, Any]] = {}
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.max_queued_messages_set(_MAX_WAITING)
        self._client.reconnect_delay_set(*_RETRY_S)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_connect_fail = self._on_connect_fail
        self._is_failing = False

    def start(self) -> None:
        """Begin to connect, and go on trying until `close`.

        Raises:
            ConfigError: the password's file cannot be read (`mqtt.no-password`).
        """
        settings = self._settings
        if settings.username is not None:
            self._client.username_pw_set(settings.username, self._password())
        if settings.port == _TLS_PORT:
            self._client.tls_set()
        self._client.will_set(self._topic("status"), b"offline", qos=1, retain=True)
        self._client.connect_async(settings.host, settings.port, keepalive=_KEEPALIVE_S)
        self._client.loop_start()

    def publish_state(self, machine_id: str, status: MachineStatus, job_id: str | None) -> None:
        """Tell what a machine does; a state that says nothing new is not repeated."""
        facts = {
            "state": status.state.value,
            "job": job_id,
            "fraction": round(status.fraction, 2),
        }
        topic = self._topic(_level(machine_id), "state")
        with self._lock:
            if self._facts.get(topic) == facts:
                return
            self._facts[topic] = facts
            self._states[topic] = self._json(facts)
            self._send_state(topic)

    def publish_event(self, entry: Entry) -> None:
        """Tell of a line of the journal, without what it says about people."""
        facts = {
            "seq": entry.seq,
            "at": entry.at,
            "by": entry.actor.split(":")[0],
            "verb": entry.verb,
            "subject": entry.subject,
            "data": {key: entry.data[key] for key in sorted(_JOURNAL_FACTS & entry.data.keys())},
        }
        if self._client.is_connected():
            topic = self._topic("journal", _level(entry.verb))
            self._client.publish(topic, self._json(facts), qos=1)

    def close(self) -> None:
        """Say `offline` and hang up; waits two seconds at most."""
        if self._client.is_connected():
            goodbye = self._client.publish(self._topic("status"), b"offline", qos=1, retain=True)
            with contextlib.suppress(ValueError, RuntimeError):
                goodbye.wait_for_publish(_GOODBYE_S)
        self._client.disconnect()
        self._client.loop_stop()

    def _send_state(self, topic: str) -> None:
        # QoS 0 on purpose: what is sent with QoS 1 is repeated after a reconnect, and could put
        # an old state over a newer one. The latest states are published anew instead.
        if self._client.is_connected():
            self._client.publish(topic, self._states[topic], qos=0, retain=True)

    def _on_connect(
        self,
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._warn(str(reason))
            return
        self._is_failing = False
        log.info("connected to the broker at %s", self._settings.host)
        client.publish(self._topic("status"), b"online", qos=1, retain=True)
        with self._lock:
            for topic in self._states:
                self._send_state(topic)

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._warn(str(reason))

    def _on_connect_fail(self, _client: Client, _userdata: object) -> None:
        self._warn("no answer")

    def _warn(self, cause: str) -> None:
        """Log once for each time that the broker goes away, not for each try."""
        if not self._is_failing:
            log.warning("no broker at %s (%s); trying on", self._settings.host, cause)
        self._is_failing = True

    def _password(self) -> str | None:
        path = self._settings.password_file
        if path is None:
            return None
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError("mqtt.no-password", file=path) from error

    def _topic(self, *levels: str) -> str:
        return "/".join((self._settings.prefix.strip("/"), *levels))

    def _json(self, facts: dict[str, Any]) -> bytes:
        now = utc_text(self._clock.now())
        return json.dumps({"ts": now, "v": VERSION, **facts}, ensure_ascii=False).encode()


def _level(text: str) -> str:
    """Make one level of a topic of a name: no separators, no wildcards (MQTT 3.1.1, 4.7)."""
    return "".join("-" if letter in "/+#\0" else letter for letter in text)
