"""Other programs that read G-code, each in an environment of its own, to be measured beside ours.

None of them checks limits; what each does is said in `PEERS`. They are installed once, at the
versions named here, with the machine's own settings of pip and npm.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.gcode_data import FOLDER
from tests.bench.processes import Command
from tests.bench.slicing import MissingToolError

PEERS_FOLDER = FOLDER / "peers"
_SCRIPTS = Path(__file__).with_name("peer_scripts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program to compare with.

    Attributes:
        name: as people know it.
        package: of PyPI or npm.
        version: that is installed.
        script: what runs it on a file, in `peer_scripts`.
        does: what it finds out, as far as it goes.
        times_slower: how many times our processor time it must take: the goal.
        is_alone: installed without what it depends on; its reader needs none of its windows.
    """

    name: str
    package: str
    version: str
    script: str
    does: str
    times_slower: float
    is_alone: bool = False

    @property
    def is_node(self) -> bool:
        """Tell whether it comes from npm."""
        return self.script.endswith(".cjs")


OCTOPRINT = Peer(
    name="OctoPrint", package="OctoPrint", version="1.11.8", script="octoprint_.py",
    does="box, filament, time without acceleration", times_slower=75,
)  # fmt: skip
PEERS = (
    OCTOPRINT,
    Peer(name="Printrun gcoder", package="Printrun", version="2.2.0", script="printrun_.py",
         does="box, layers, time", times_slower=40, is_alone=True),
    Peer(name="gcodeparser", package="gcodeparser", version="0.3.0", script="gcodeparser_.py",
         does="parses only", times_slower=60),
    Peer(name="cncjs gcode-toolpath", package="gcode-toolpath", version="3.0.0",
         script="toolpath.cjs", does="moves and arcs, no time", times_slower=40),
)  # fmt: skip


def install(peer: Peer) -> None:
    """Install a peer, unless it is there.

    Raises:
        MissingToolError: node and npm are not here, for a peer that needs them.
        subprocess.CalledProcessError: the package cannot be installed.
    """
    home = _home(peer)
    stamp = home / "installed"
    if stamp.is_file():
        return
    print(f"Installing {peer.name} {peer.version} …", flush=True)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    if peer.is_node:
        _require_node()
        (home / "package.json").write_text('{"private": true}\n', encoding="ascii")
        _run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(home),
             f"{peer.package}@{peer.version}")  # fmt: skip
    else:
        _run(sys.executable, "-m", "venv", str(home / "venv"))
        alone = ("--no-deps",) if peer.is_alone else ()
        _run(str(home / "venv/bin/python"), "-m", "pip", "install", "-q", *alone,
             f"{peer.package}=={peer.version}")  # fmt: skip
    stamp.write_text(peer.version, encoding="ascii")


def command(peer: Peer, program: Path) -> Command:
    """Give what runs an installed peer on a program."""
    script = str(_SCRIPTS / peer.script)
    if peer.is_node:
        modules = str(_home(peer) / "node_modules")
        return Command(arguments=("node", script, str(program)), environment={"NODE_PATH": modules})
    # -P: the script's own folder is off the import path, where its name could hide a package.
    return Command(arguments=(str(_home(peer) / "venv/bin/python"), "-P", script, str(program)))


def _home(peer: Peer) -> Path:
    return PEERS_FOLDER / peer.package.lower()


def _require_node() -> None:
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise MissingToolError(
            "Node.js and npm are missing. On Debian or Ubuntu: sudo apt-get install nodejs npm"
        )


def _run(*arguments: str) -> None:
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    try:
        for each in PEERS:
            install(each)
    except MissingToolError as error:
        raise SystemExit(str(error)) from error
