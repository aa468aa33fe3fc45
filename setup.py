"""Compiles the kernel of the G-code check, where there is a compiler; the rest is pyproject.toml.

Without a compiler the hub works as well, and checks large files more slowly.
"""

from setuptools import Extension, setup

try:
    from Cython.Build import cythonize
except ImportError:
    cythonize = None

ROOM = "fablab_hub/gcode/kernel"
KERNEL = [
    Extension(
        f"{ROOM}/{name}".replace("/", "."),
        [f"{ROOM}/{name}.py"],
        # One wheel for every Python from 3.11 on.
        define_macros=[("Py_LIMITED_API", "0x030B0000")],
        py_limited_api=True,
        # Sums are the same on every processor: no fused multiply-add; square roots set no errno.
        extra_compile_args=[
            "-O3",
            "-g0",
            "-ffp-contract=off",
            "-fno-math-errno",
            "-fno-trapping-math",
            "-fno-signed-zeros",
        ],
        optional=True,
    )
    for name in ("planner", "survey", "scan")
]

setup(
    ext_modules=cythonize(KERNEL, build_dir="build/cython", quiet=True) if cythonize else [],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if cythonize else {},
)
