"""Logs: one line an event, ids only; never a name, a PIN or a file's content."""

import logging
import sys


def start_logging(level: str = "INFO") -> None:
    """Send every log line of this process to standard error, with time and room."""
    logging.basicConfig(
        level=level,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
