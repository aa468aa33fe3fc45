"""The compiled kernel that orders paths: `places`, their `chain`, the `search`, and the `tour`.

Where it is not compiled, `jobs.toolpath.order` goes to the nearest path next, in Python.
"""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fablab_hub.gcode.kernel import SWITCH

_NAME = "jobs.toolpath.kernel.tour"


def compiled_tour() -> Any:
    """Give the compiled module; None where there is none, or where it shall not be used."""
    return None if os.environ.get(SWITCH) == "python" else _TOUR


def quick_kicks(paths: int) -> int:
    """Say how often to try while somebody waits: well under a second up to 20,000 paths."""
    return min(max(paths, 500), 6_000)


def thorough_kicks(paths: int) -> int:
    """Say how often to try where a shorter way is worth a second or two."""
    return min(max(10 * paths, 5_000), 40_000)


def _find() -> Any:
    spec = find_spec(_NAME)
    # Its source can be found too, but does nothing where it is not compiled.
    if spec is None or spec.origin is None or spec.origin.endswith(".py"):
        return None
    return import_module(_NAME)


_TOUR = _find()
