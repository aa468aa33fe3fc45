"""Judge one input again: `python -m tests.fuzz.replay FILE`."""

import sys
from pathlib import Path

from tests.fuzz.inputs import decode, judge

for name in sys.argv[1:]:
    data = Path(name).read_bytes()
    print(*decode(data)[1:], sep="\n")
    judge(data)
    print("kernel and judge agree")
