"""The compiled kernel of the G-code check: lines (`scan`), moves (`survey`), time (`planner`).

It is the same checker as the interpreter in Python, the fallback where nothing is compiled.
"""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

SWITCH = "FABLAB_KERNEL"
"""Set to `python`, this takes the slower way even where the compiled scan is there."""

_NAME = "fablab_hub.gcode.kernel.scan"


def compiled_scan() -> Any:
    """Give the compiled module; None where there is none, or where it shall not be used."""
    return None if os.environ.get(SWITCH) == "python" else _SCAN


def _find() -> Any:
    spec = find_spec(_NAME)
    # Its source can be found too, but does nothing where it is not compiled.
    if spec is None or spec.origin is None or spec.origin.endswith(".py"):
        return None
    return import_module(_NAME)


_SCAN = _find()
