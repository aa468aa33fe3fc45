"""Tell a broker what the machines do, where the lab has one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from drivers.publishing.mqtt import MqttPublisher
from fablab_hub.core import journal
from web.services import Services

_PERIOD_S = 1.0


@contextlib.asynccontextmanager
async def publish_states(publisher: MqttPublisher, services: Services) -> AsyncIterator[None]:
    """Publish machine states and journal lines while the hub runs; read-only."""
    publisher.start()
    task = asyncio.create_task(_publish_forever(publisher, services))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        publisher.close()


async def _publish_forever(publisher: MqttPublisher, services: Services) -> None:
    seq = journal.last_seq(services.database)
    while True:
        for view in services.runner.views():
            job_id = view.job.id if view.job else None
            publisher.publish_state(view.machine.id, view.status, job_id)
        for entry in journal.read_after(services.database, seq):
            publisher.publish_event(entry)
            seq = entry.seq
        await asyncio.sleep(_PERIOD_S)
