"""What can go wrong with the simulated board."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong, counted in lines of G-code from 1 since the board was made; 0 is never.

    Attributes:
        refuse_line: the line gets `error:20`.
        alarm_at_line: a limit switch closes: ALARM:1, and nothing is heard until a reset.
        limit_unannounced_at: the same, but all that is said is a banner.
        lost_ok_at: the line is obeyed, and its `ok` never comes.
        doubled_ok_at: its `ok` comes twice.
        garbage_at: its `ok` is garbled on the wire.
        reboot_at_line: the board starts anew, as with a shaky supply.
        silent_from_line: says nothing more until it is switched on anew, and goes on.
    """

    refuse_line: int = 0
    alarm_at_line: int = 0
    limit_unannounced_at: int = 0
    lost_ok_at: int = 0
    doubled_ok_at: int = 0
    garbage_at: int = 0
    reboot_at_line: int = 0
    silent_from_line: int = 0

    def answer(self, line: int) -> bytes:
        """Give what comes over the wire when a line of G-code was taken."""
        if line == self.lost_ok_at:
            return b""
        if line == self.garbage_at:
            return b"o\xff\x13k\r\n"
        return b"ok\r\n" * (2 if line == self.doubled_ok_at else 1)
