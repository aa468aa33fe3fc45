"""What Printrun finds out about one program, with the lighter of its two kinds of line."""

import sys
from pathlib import Path

from printrun.gcoder import LightGCode

with Path(sys.argv[1]).open(encoding="utf-8") as stream:
    reading = LightGCode(stream)
print(reading.duration, reading.xmin, reading.xmax)
