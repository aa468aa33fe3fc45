"""Where a hub keeps its things: one data folder, and a place for its sockets."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

_SOCKET_BYTES = 80
"""A Unix socket's address holds 104 bytes on macOS and 108 on Linux (`unix(7)`), name included."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The data folder of one hub; nothing of it lies anywhere else, but for sockets."""

    path: Path

    @property
    def settings(self) -> Path:
        """The lab's own `fablab.toml`."""
        return self.path / "fablab.toml"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "hub.db"

    @property
    def blobs(self) -> Path:
        """Files, programs and photos, by hash."""
        return self.path / "blobs"

    @property
    def backups(self) -> Path:
        """Copies made before a migration."""
        return self.path / "backups"

    @property
    def scratch(self) -> Path:
        """What check workers write; may be emptied while the hub is down."""
        return self.path / "scratch"

    @property
    def logs(self) -> Path:
        """What agents and simulated boards say."""
        return self.path / "logs"

    @property
    def sockets(self) -> Path:
        """Sockets of agents and links of simulated ports.

        In the data folder, unless that is too long a path for a socket's address.
        """
        own = self.path.resolve() / "run"
        if len(str(own).encode()) <= _SOCKET_BYTES:
            return own
        digest = hashlib.sha256(str(own).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"fablab-{digest}"

    def spool(self, machine_id: str) -> Path:
        """Where an agent keeps the story of its runs until the hub has it."""
        return self.path / "agents" / machine_id

    def agent_socket(self, machine_id: str) -> Path:
        """Where a machine's agent listens."""
        return self.sockets / f"{machine_id}.sock"

    def pid_file(self, name: str) -> Path:
        """Where the process id of one of this lab's own processes is noted."""
        return self.sockets / f"{name}.pid"

    def port(self, port: str) -> str:
        """Give a port's real path: one without a folder is a simulated port of this lab."""
        return port if "/" in port else str(self.sockets / port)
