"""Compiles the scan of G-code, where there is a compiler; everything else is in pyproject.toml.

Without a compiler the hub works as well, and checks large files more slowly.
"""

from setuptools import Extension, setup

try:
    from Cython.Build import cythonize
except ImportError:
    cythonize = None

SCAN = Extension(
    "fablab_hub.gcode.scan",
    ["fablab_hub/gcode/scan.py"],
    # One wheel for every Python from 3.11 on.
    define_macros=[("Py_LIMITED_API", "0x030B0000")],
    py_limited_api=True,
    # Sums are the same on every processor: no fused multiply-add; square roots set no errno.
    extra_compile_args=["-O3", "-g0", "-ffp-contract=off", "-fno-math-errno"],
    optional=True,
)

setup(
    ext_modules=cythonize([SCAN], build_dir="build/cython", quiet=True) if cythonize else [],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if cythonize else {},
)
