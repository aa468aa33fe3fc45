"""Fuzzes the compiled kernel, guided by its coverage: `make fuzz` starts this with what it needs.

The kernel is a second copy, built by clang with counters and the address sanitizer; whatever it
makes of an input is held against the interpreter in Python.
"""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import atheris

_PACKAGE = "fablab_hub.gcode.kernel"


def load_instrumented(folder: Path) -> None:
    """Put the instrumented modules where the package will find them, before it looks."""
    for name in ("planner", "survey", "scan"):
        full_name = f"{_PACKAGE}.{name}"
        spec = spec_from_file_location(full_name, next(folder.glob(f"{name}.*.so")))
        if spec is None or spec.loader is None:
            sys.exit(f"there is no instrumented {name}")
        sys.modules[full_name] = module = module_from_spec(spec)
        spec.loader.exec_module(module)


def main() -> None:
    """Run libFuzzer with the arguments of the command line."""
    load_instrumented(Path(os.environ["FUZZ_KERNEL"]))
    from tests.fuzz.inputs import judge  # noqa: PLC0415 - it loads the kernel

    atheris.Setup(sys.argv, judge)
    atheris.Fuzz()


main()
