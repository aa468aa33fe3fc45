"""Reads a form with one file, whatever the pieces it comes in; the bytes go to whoever asks."""

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from fablab_hub.core.errors import FileError, LimitExceededError

MAX_FIELD_BYTES = 1_000_000
"""All fields of a form together, its file apart."""

_MAX_FIELDS = 50


class FormReader:
    """A `multipart/form-data` body (RFC 7578), read as it comes."""

    def __init__(self, content_type: str) -> None:
        kind, parameters = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not parameters.get(b"boundary"):
            raise FileError("upload.broken")
        self.fields: dict[str, str] = {}
        self.file_name: str | None = None
        self.piece = bytearray()
        self._is_whole = False
        self._in_file = False
        self._field_bytes = 0
        self._name = ""
        self._value = bytearray()
        self._header = bytearray()
        self._header_value = bytearray()
        self._disposition = b""
        self._parser = MultipartParser(
            parameters[b"boundary"],
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._add_header,
                "on_header_value": self._add_header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._open_part,
                "on_part_data": self._add_data,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Read on; the file's bytes gather in `piece`."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise FileError("upload.broken") from error

    def end(self) -> None:
        """Make sure that the form's own end was seen: a cut body ends too."""
        if not self._is_whole:
            raise FileError("upload.broken")

    def take_piece(self) -> bytearray:
        """Give the file's bytes that came since the last time."""
        piece, self.piece = self.piece, bytearray()
        return piece

    def _begin_part(self) -> None:
        self._name, self._disposition, self._in_file = "", b"", False
        self._value.clear()

    def _add_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._header_value)
        self._header.clear()
        self._header_value.clear()

    def _open_part(self) -> None:
        _, parameters = parse_options_header(self._disposition)
        self._name = parameters.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in parameters:
            return
        self._in_file = True
        name = parameters[b"filename"].decode("utf-8", "replace")
        if self.file_name:
            raise FileError("upload.several-files")
        # A browser sends an empty name for a field in which nobody chose a file.
        self.file_name = name

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self.piece += data[start:end]
            return
        self._field_bytes += end - start
        if self._field_bytes > MAX_FIELD_BYTES:
            raise LimitExceededError("web.too-large")
        self._value += data[start:end]

    def _end_part(self) -> None:
        if self._in_file:
            return
        self.fields[self._name] = self._value.decode("utf-8", "replace")
        if len(self.fields) > _MAX_FIELDS:
            raise FileError("upload.broken")

    def _end(self) -> None:
        self._is_whole = True
