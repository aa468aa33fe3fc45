"""Parse one program with gcodeparser, line by line as its authors advise."""

import sys
from pathlib import Path

from gcodeparser import parse_gcode_lines

with Path(sys.argv[1]).open(encoding="utf-8") as stream:
    print(sum(1 for _ in parse_gcode_lines(stream)))
