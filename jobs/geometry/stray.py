"""Find what lies far from the rest of a drawing: it is usually there by mistake."""

from collections.abc import Sequence

from jobs.geometry.path import Path, bounds_of

_FAR_MM = 150.0
"""An empty strip this wide, right across the drawing, sets things apart."""

_SMALL_SHARE = 0.1
"""What is set apart is stray when it has less than this share of all lines' length."""


def stray_indexes(paths: Sequence[Path]) -> list[int]:
    """Give the indexes of the little that an empty strip sets apart from the rest, ascending."""
    return sorted({index for axis in (0, 1) for index in _set_apart(paths, axis)})


def _set_apart(paths: Sequence[Path], axis: int) -> list[int]:
    """Give the paths that are not in the part with the longest lines, along X (0) or Y (1)."""
    spans = []
    for index, path in enumerate(paths):
        box = bounds_of((path,))
        if box is not None:
            spans.append((box.min_mm[axis], box.max_mm[axis], index))
    groups: list[list[int]] = []
    end_mm = 0.0
    for low, high, index in sorted(spans):
        if not groups or low > end_mm + _FAR_MM:
            groups.append([])
            end_mm = high
        groups[-1].append(index)
        end_mm = max(end_mm, high)
    if len(groups) < 2:
        return []
    lengths = [sum(paths[index].length_mm for index in group) for group in groups]
    most = max(range(len(groups)), key=lengths.__getitem__)
    rest = [index for number, group in enumerate(groups) if number != most for index in group]
    return rest if sum(lengths) - lengths[most] < _SMALL_SHARE * sum(lengths) else []
