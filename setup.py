"""Compiles the kernels, where there is a compiler; the rest is pyproject.toml.

Without a compiler the hub works as well: it checks large files more slowly, and laser cutters
travel more.
"""

from setuptools import Extension, setup

try:
    from Cython.Build import cythonize
except ImportError:
    cythonize = None

ROOMS = {
    "fablab_hub/gcode/kernel": ("planner", "survey", "scan"),
    "jobs/toolpath/kernel": ("places", "chain", "search", "few", "tour"),
}
KERNELS = [
    Extension(
        f"{room}/{name}".replace("/", "."),
        [f"{room}/{name}.py"],
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
    for room, names in ROOMS.items()
    for name in names
]

setup(
    ext_modules=cythonize(KERNELS, build_dir="build/cython", quiet=True) if cythonize else [],
    options={"bdist_wheel": {"py_limited_api": "cp311"}, "build_ext": {"parallel": 2}}
    if cythonize
    else {},
)
