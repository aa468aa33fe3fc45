"""Everything that can go wrong, as values: an id and the facts, never a sentence.

The sentences, in every language, live in `core.error_texts`, looked up by `code`;
`web.errors` and `fablab_hub.cli` turn an error into a page, JSON or an exit status.
"""

from typing import NamedTuple

Fact = str | int | float


class ErrorText(NamedTuple):
    """One error in words: what happened, and what to do now. English, keys of the catalogues."""

    message: str
    remedy: str


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
