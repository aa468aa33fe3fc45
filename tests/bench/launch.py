"""Run one command and say what it cost; a program of its own, and small, for a reason.

Linux counts what a process held before it became another program as that program's peak. Started
from the benchmarks themselves, every command would seem as large as they are.
"""

import json
import os
import sys
import time


def main(command: list[str]) -> None:
    """Run a command with nothing on its standard input and output; prints one line of JSON."""
    null = os.open(os.devnull, os.O_RDWR)
    out = os.open(os.environ["LAUNCH_OUT"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.dup2(null, 0)
        os.dup2(out, 1)
        os.execvp(command[0], command)
    _, status, used = os.wait4(pid, 0)
    cost = {
        "wall_s": time.perf_counter() - start,
        "cpu_s": used.ru_utime + used.ru_stime,
        "rss_kib": used.ru_maxrss,
        "status": os.waitstatus_to_exitcode(status),
    }
    print(json.dumps(cost))


main(sys.argv[1:])
