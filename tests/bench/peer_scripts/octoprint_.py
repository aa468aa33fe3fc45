"""What OctoPrint's own analysis finds out about one program."""

import sys

from octoprint.util.gcodeInterpreter import gcode

reading = gcode()
reading.load(sys.argv[1])
print(reading.totalMoveTimeMinute * 60, reading.printing_area)
