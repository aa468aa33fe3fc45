"""`fablab-hub serve`: a lab's hub, on its own data and machines."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI

from fablab_hub.cli.hub import Hub, build_hub
from fablab_hub.cli.options import config_option, data_option, data_settings_path
from fablab_hub.cli.say import say
from fablab_hub.core.config import read_settings
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.i18n.words import N_
from fablab_hub.core.log import start_logging
from web.app import create_app

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on."
)
port_option = click.option("--port", default=8000, show_default=True, help="Port to listen on.")

_LAST_WORDS_S = 2
"""Open live streams are cut this long after the hub was asked to end."""


@click.command()
@config_option
@data_option
@host_option
@port_option
def serve(config: Path | None, data: Path, host: str, port: int) -> None:
    """Serve a lab: its pages, its queues, and its machines' agents.

    \b
    Example:
      fablab-hub serve --config fablab.toml --data /srv/fablab --host 0.0.0.0
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    start_logging()
    folder = DataFolder(data)
    path = data_settings_path(config, folder)
    hub = build_hub(read_settings(path), path, folder)
    say(N_("FabLab Hub is on http://{host}:{port}"), host=host, port=port)
    serve_hub(hub, host, port)


class _Server(uvicorn.Server):
    """Ends the pages' live streams first: a server that shuts down waits for them otherwise."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._end_streams()
        await super().shutdown(sockets)


def serve_hub(hub: Hub, host: str, port: int, when_ready: Callable[[], None] | None = None) -> None:
    """Serve until somebody ends it (Ctrl-C, or SIGTERM)."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        async with hub.running():
            if when_ready is not None:
                when_ready()
            yield

    app = create_app(hub.services, lifespan)
    server = _Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_LAST_WORDS_S,
        ),
        app.state.live.close,
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(server.serve())
    signal.signal(signal.SIGINT, signal.SIG_DFL)
