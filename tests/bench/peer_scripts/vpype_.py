"""Sort the paths of a drawing with vpype, with the options given; keeps where each then lies.

Arguments: a file of NumPy with the drawing, then the command for vpype. A file beside the drawing
gets the ends of the paths in their new order; the time of the command alone is printed.
"""

import sys
import time
from pathlib import Path

import numpy as np
import vpype
import vpype_cli


def sort(drawing: Path, command: str) -> float:
    """Run one command on a drawing; gives the seconds of processor that it took."""
    with np.load(drawing) as stored:
        points = stored["points"][:, 0] + 1j * stored["points"][:, 1]
        paths = np.split(points, stored["first"][1:-1])
        is_closed = stored["is_closed"]
    lines = vpype.LineCollection(
        np.append(path, path[0]) if closes else path
        for path, closes in zip(paths, is_closed, strict=True)
    )
    document = vpype.Document()
    document.add(lines, 1)
    start_s = time.process_time()
    sorted_lines = vpype_cli.execute(command, document).layers[1]
    taken_s = time.process_time() - start_s
    ends = np.array([(line[0], line[-1]) for line in sorted_lines])
    np.savez(drawing.with_suffix(".sorted.npz"), starts=ends[:, 0], ends=ends[:, 1])
    return taken_s


print(sort(Path(sys.argv[1]), sys.argv[2]))
