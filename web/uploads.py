"""Files from strangers' browsers: straight to disk, bounded while they arrive, or gone.

No body is read further than its limit, and none ends in a temporary file: an upload's bytes go
from the socket into a blob that has no name until all of it is on disk.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fablab_hub.core.blob import Blob
from fablab_hub.core.blobs import IncomingBlob
from fablab_hub.core.db import storage_error
from fablab_hub.core.errors import FileError, LimitExceededError
from fablab_hub.core.people import Person
from jobs.check_request import CheckChoice
from jobs.early_check import EarlyCheck
from jobs.names import MAX_NAME, display_name
from web.access import FORM_KEY_FIELD, FORM_KEY_HEADER, check_form_key, services_of
from web.multipart import MAX_FIELD_BYTES, FormReader

_MB = 1_000_000
_MAX_ENDING = 12
_PIECE_BYTES = 1 << 20
_LINGER_S = 10.0
_LIMIT = "fablab.body_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a form with one file brought.

    Attributes:
        file_name: harmless, for display only; never a path.
        blob: the bytes, safely on disk.
        fields: the other fields of the form.
        early: the check that began while the file arrived.
    """

    file_name: str
    blob: Blob
    fields: Mapping[str, str]
    early: EarlyCheck | None


Choose = Callable[[Mapping[str, str]], CheckChoice]
"""Says what a file is for, from the fields that came before it."""


@asynccontextmanager
async def receive_upload(request: Request, person: Person, choose: Choose) -> AsyncIterator[Upload]:
    """Take the one file of a `multipart/form-data` body, and its fields, for as long as the block.

    The form key must come in the header, or in a field that stands before the file. Where the
    fields before the file say what it is for, it is checked while it arrives; that check is
    forgotten at the block's end, unless somebody has taken it.

    Raises:
        DiskFullError: no room; nothing is left behind.
        FileError: no file (`upload.no-file`), several, or a body that is no form.
        LimitExceededError: larger than `checks.max_upload_mb`; refused while it arrives.
        NotAllowedError: the form key is missing or old.
    """
    services = services_of(request)
    max_bytes = services.settings.checks.max_upload_mb * _MB
    request.scope[_LIMIT] = max_bytes + MAX_FIELD_BYTES
    if _declared_bytes(request.scope) > max_bytes + MAX_FIELD_BYTES:
        raise LimitExceededError("check.too-large", max_mb=max_bytes // _MB)
    form = FormReader(request.headers.get("content-type", ""))
    early = _Early(
        lambda name, path: services.submissions.begin_check(person, name, path, choose(form.fields))
    )
    try:
        try:
            with await asyncio.to_thread(services.blobs.incoming) as incoming:
                await _receive(request, form, incoming, max_bytes, early)
                if not incoming.bytes:
                    raise FileError("upload.no-file")
                blob = await asyncio.to_thread(incoming.keep)
        except OSError as error:
            raise storage_error(error) from error
        if early.check:
            early.check.finish(blob, services.blobs.path(blob.sha256))
        yield Upload(
            file_name=harmless_name(form.file_name or ""),
            blob=blob,
            fields=MappingProxyType(form.fields),
            early=early.check,
        )
    finally:
        if early.check:
            await early.check.abandon()


class _Early:
    """The check that begins once the first part of a file is on disk; short files need none."""

    def __init__(self, begin: Callable[[str, Path], EarlyCheck | None]) -> None:
        self._begin = begin
        self._is_asked = False
        self.check: EarlyCheck | None = None

    def note(self, form: FormReader, incoming: IncomingBlob) -> None:
        """Begin, or tell how far the file is."""
        if not self._is_asked:
            self._is_asked = True
            name = harmless_name(form.file_name or "")
            self.check = self._begin(name, incoming.path)
        if self.check:
            self.check.arrival.tell(incoming.bytes)


async def _receive(
    request: Request, form: FormReader, incoming: IncomingBlob, max_bytes: int, early: _Early
) -> None:
    async for chunk in request.stream():
        form.feed(chunk)
        if form.file_name is not None:
            _check_key(request, form)
        if incoming.bytes + len(form.piece) > max_bytes:
            raise LimitExceededError("check.too-large", max_mb=max_bytes // _MB)
        if len(form.piece) >= _PIECE_BYTES:
            await asyncio.to_thread(incoming.write, form.take_piece())
            early.note(form, incoming)
    form.end()
    await asyncio.to_thread(incoming.write, form.take_piece())
    if early.check:
        early.check.arrival.tell(incoming.bytes, is_all=True)


def _check_key(request: Request, form: FormReader) -> None:
    sent = request.headers.get(FORM_KEY_HEADER) or form.fields.get(FORM_KEY_FIELD, "")
    check_form_key(request, sent)


def harmless_name(name: str) -> str:
    """Make a file's name fit for showing; a long one keeps its ending, which says what it is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = last.rpartition(".")
    ending = dot + ending if stem and len(ending) <= _MAX_ENDING else ""
    shown = display_name(last.removesuffix(ending)[: MAX_NAME - len(ending)] + ending)
    return shown if shown.strip(". ") else "file"


class BodyGuard:
    """Bounds every body, and hangs up politely on one that is refused half-way.

    An answer sent while the other side still writes is lost when the connection is cut at once
    (the kernel resets it); so what still comes is read for a moment, and thrown away.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application with a bounded body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(scope, receive)

        async def finish(message: Message) -> None:
            is_last = message["type"] == "http.response.body" and not message.get("more_body")
            if is_last and body.is_awaited:
                await send({**message, "more_body": True})
                await body.drain()
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self._app(scope, body.receive, finish)


class _Body:
    """One request's body on its way in."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive
        self._bytes = 0
        self.is_awaited = _declared_bytes(scope) > 0 or _is_chunked(scope)

    async def receive(self) -> Message:
        """Give the next part of the body.

        Raises:
            HTTPException: 413, it is too large.
        """
        limit = self._scope.get(_LIMIT, MAX_FIELD_BYTES)
        if self._bytes == 0 and _declared_bytes(self._scope) > limit:
            raise HTTPException(413)
        message = await self._receive()
        self._note(message)
        if self._bytes > limit:
            raise HTTPException(413)
        return message

    async def drain(self) -> None:
        """Throw away what still comes, for a few seconds at most."""
        try:
            async with asyncio.timeout(_LINGER_S):
                while self.is_awaited:
                    self._note(await self._receive())
        except TimeoutError:
            return

    def _note(self, message: Message) -> None:
        self._bytes += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            self.is_awaited = False


def _declared_bytes(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _is_chunked(scope: Scope) -> bool:
    return any(name == b"transfer-encoding" for name, _ in scope["headers"])
