"""A hub to send large files to, with one more address that only hashes what it gets.

    python -m tests.bench.upload_server FOLDER

It says on one line of JSON where it will listen and with which key; it ends with its input.
"""

import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Request
from sqlite_utils import Database as Tables

from fablab_hub.cli.hub import build_hub
from fablab_hub.core.config import read_settings
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.ids import PersonId
from fablab_hub.core.people import Person, Right, Role, add_person, read_person
from fablab_hub.core.pins import hash_pin
from jobs.check_request import CheckChoice
from tests.bench.corpus_prints import SETTINGS
from web.access import allow
from web.app import create_app
from web.services import Services
from web.uploads import receive_upload


async def serve(folder: Path) -> None:
    """Serve until standard input ends."""
    hub = build_hub(read_settings(SETTINGS), SETTINGS, DataFolder(folder))
    person = _person(hub.services)
    app = create_app(hub.services)

    @app.post("/hash-only")
    async def hash_only(
        request: Request, person: Annotated[Person, allow(Right.SUBMIT, is_upload=True)]
    ) -> dict[str, str]:
        async with receive_upload(request, person, lambda _: CheckChoice(machine_id="")) as upload:
            return {"sha256": upload.blob.sha256}

    token = await hub.services.signin.make_token(person, "bench")
    port = _free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False)
    )
    print(json.dumps({"port": port, "token": token}), flush=True)
    asyncio.get_running_loop().add_reader(sys.stdin, lambda: setattr(server, "should_exit", True))
    await server.serve()
    await hub.services.submissions.close()
    await hub.workers.close()
    hub.services.database.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _person(services: Services) -> Person:
    at = services.clock.now()

    def act(tables: Tables) -> PersonId:
        return add_person(
            tables,
            name="Bench",
            role=Role.TRAINEE,
            pin_hash=hash_pin("493817", 6),
            language="en",
            at=at,
        )

    return read_person(services.database, services.database.write_now(act))


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
