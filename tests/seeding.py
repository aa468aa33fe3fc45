"""One seeded demo lab for all workers of a run: to be copied, never changed."""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from fablab_hub.cli.commands import own_command


def seeded_lab(folders: pytest.TempPathFactory) -> Path:
    """Give the folder of a demo lab that `demo --seed-only` filled; the first who asks seeds it."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    base = folders.getbasetemp().parent if is_worker else folders.getbasetemp()
    ready, part = base / "seeded-lab", base / "seeded-lab.part"
    with (base / "seeded-lab.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            subprocess.run(
                own_command("demo", "--seed-only", "--data", str(part)),
                check=True,
                stdout=subprocess.DEVNULL,
            )
            part.rename(ready)
    return ready
