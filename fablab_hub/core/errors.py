"""Everything that can go wrong, as values: an id and the facts, never a sentence.

The sentences, in every language, live in `core.error_texts`, looked up by `code`;
`web.errors` and `fablab_hub.cli` turn an error into a page, JSON or an exit status.
"""

from enum import StrEnum
from typing import NamedTuple

Fact = str | int | float


class Harm(StrEnum):
    """What is broken or lost, or that nothing is; said only where it is known to be true."""

    NOTHING = "nothing"
    UNCHANGED = "unchanged"
    NOT_STARTED = "not-started"
    KEPT = "kept"
    OLDER_KEPT = "older-kept"
    REST_WORKS = "rest-works"
    DATA_DAMAGED = "data-damaged"
    STOPPED = "stopped"
    PIECE_DOUBTFUL = "piece-doubtful"
    BEAM_OFF = "beam-off"
    BEAM_UNKNOWN = "beam-unknown"
    HOT = "hot"
    MACHINE_FAULTY = "machine-faulty"
    MACHINE_UNKNOWN = "machine-unknown"


class Helper(StrEnum):
    """Who can help."""

    YOURSELF = "yourself"
    OWNER = "owner"
    TRAINER = "trainer"
    TRAINER_NOW = "trainer-now"
    MANAGER = "manager"
    ADMIN = "admin"


class ErrorText(NamedTuple):
    """One error in four parts: what happened, what is broken, what to do now, who can help.

    Message and remedy are English, keys of the catalogues; the sentences of the two closed sets
    are in `core.error_texts`. Neither set has a default: whoever adds an error looks what is true.
    """

    message: str
    remedy: str
    harm: Harm
    helper: Helper


class FablabError(Exception):
    """Something that a person can be told about.

    Attributes:
        code: id of the error, `room.what-happened`; the key of its texts and its docs entry.
        fields: the facts that the texts name.
    """

    def __init__(self, code: str, /, **fields: Fact) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields: dict[str, Fact] = fields

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.fields.items())
        return f"{self.code} ({facts})" if facts else self.code


class ConfigError(FablabError):
    """`fablab.toml` does not say what it must: names file, line, key, bound and what was found."""


class FileError(FablabError):
    """A file that a person sent cannot be used."""


class UnreadableFileError(FileError):
    """The file is not what its name says, or is broken beyond reading."""


class LimitExceededError(FileError):
    """Reading the file takes more bytes, lines, entities or seconds than it may."""


class DriverError(FablabError):
    """The machine, or the way to it, failed."""


class TransportError(DriverError):
    """No answer in time, or the port is gone: the machine's state is unknown."""


class AlarmError(DriverError):
    """The firmware stopped by itself."""


class LineRefusedError(DriverError):
    """The firmware refused a line of the program."""


class FirmwareMismatchError(DriverError):
    """The board says it is something else than `fablab.toml` says."""


class RunStoppedError(DriverError):
    """Somebody stopped the run; not a fault."""


class ForbiddenMoveError(FablabError):
    """The job is not in a state from which this is possible."""


class NotAllowedError(FablabError):
    """This person may not do this."""


class SignInError(FablabError):
    """Wrong name or PIN, or too many tries."""


class NotFoundError(FablabError):
    """There is no such thing, or not for this person."""


class StaleError(FablabError):
    """Somebody else changed it in the meantime."""


class StorageError(FablabError):
    """The database or the disk failed."""


class NewerDatabaseError(StorageError):
    """The database was written by a newer version; it is left untouched."""


class DiskFullError(StorageError):
    """There is no room left; nothing was acknowledged."""
