"""What a repair is: one row of a table, and a function that changes operations and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jobs.toolpath.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """Operations after a repair.

    Attributes:
        operations: all of them.
        count: how many places changed.
        gone: what is not made any more.
        added: what is made now and was not before.
    """

    operations: tuple[Operation, ...]
    count: int
    gone: tuple[Operation, ...] = ()
    added: tuple[Operation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What repairs need to know of the work.

    Attributes:
        smallest_mm: narrower shapes burn away or fall into the machine.
        gap_mm: the widest gap that is closed.
    """

    smallest_mm: float = 1.0
    gap_mm: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One repair.

    Attributes:
        id: as an answer names it.
        rules: that have nothing more to say once it was done.
        title: on the button, English (key of the catalogues).
        done: what is said afterwards; may name `count`.
        is_global: what it changes depends on all of the drawing.
        act: does it; leaves everything else as it is.
    """

    id: str
    rules: tuple[str, ...]
    title: str
    done: str
    is_global: bool = False
    act: Callable[[Sequence[Operation], Bench], Mended]
