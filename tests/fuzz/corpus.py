"""The inputs that the fuzzer keeps: `python -m tests.fuzz.corpus unpack|pack FOLDER`.

All of them were made by the fuzzer, from the programs that stand beside the rules.
"""

import hashlib
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from jobs.checks.gcode_examples import EXAMPLES
from tests.fuzz.inputs import MACHINES, encode

KEPT = Path(__file__).with_name("corpus.zip")
_WORDS = Path("words.dict")


def kept() -> Iterator[bytes]:
    """Give the inputs that were kept."""
    if KEPT.is_file():
        with zipfile.ZipFile(KEPT) as archive:
            for name in sorted(archive.namelist()):
                yield archive.read(name)


def examples() -> Iterator[bytes]:
    """Give both programs of each rule."""
    machines = {machine.id: machine for machine in MACHINES}
    for example in EXAMPLES.values():
        for program in (example.meets, example.passes):
            yield encode(program.encode(), machines[example.machine])


def words() -> Iterator[str]:
    """Give what lines are made of, for the fuzzer's dictionary."""
    found = {
        word
        for data in examples()
        for line in data[4:].decode("utf-8", "ignore").splitlines()
        for word in line.split()
        if word.isascii() and word.isprintable() and len(word) < 24
    }
    yield from sorted(found | {"\\x0a", "\\x0d\\x0a", " ;", "*", "%", "E-", "1e5", "."})


def unpack(folder: Path) -> None:
    """Write the kept inputs and the examples into a folder, and the words beside it."""
    for data in (*kept(), *examples()):
        (folder / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
    quoted = (word.replace('"', '\\"') for word in words())
    (folder.parent / _WORDS).write_text("".join(f'"{word}"\n' for word in quoted))


def pack(folder: Path) -> None:
    """Keep the inputs of a folder, in an archive whose bytes depend on them alone."""
    inputs = sorted({path.read_bytes() for path in folder.iterdir()} - set(examples()))
    with zipfile.ZipFile(KEPT, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number, data in enumerate(inputs):
            archive.writestr(zipfile.ZipInfo(f"{number:05d}"), data, zipfile.ZIP_DEFLATED)
    print(f"{len(inputs)} inputs, {KEPT.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    {"unpack": unpack, "pack": pack}[sys.argv[1]](Path(sys.argv[2]))
