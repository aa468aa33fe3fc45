"""Put the parts of a hub together; the only place that knows them all."""

import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from drivers.cameras.client import CameraClient
from drivers.publishing.mqtt import MqttPublisher
from fablab_hub.cli.commands import own_command, start_apart
from fablab_hub.cli.publishing import publish_states
from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.db import Database
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.migrations import migrate
from fablab_hub.core.settings import Settings
from fablab_hub.core.signin import SignIn
from jobs.agents import Agents
from jobs.calibrations import Calibrations
from jobs.desk import Desk
from jobs.runner import Runner
from jobs.store import JobStore
from jobs.submission import Submissions
from jobs.workers import Workers
from projects.evidence import Evidence
from projects.skills.book import SkillBook
from projects.skills.framework import framework_beside
from projects.store import ProjectStore
from web.services import Services

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A hub that is put together but not started."""

    services: Services
    agents: Agents
    workers: Workers
    evidence: Evidence
    cameras: CameraClient
    publisher: MqttPublisher | None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run what works in the background; agents outlive it."""
        services = self.services
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(services.database.close)
            stack.push_async_callback(self.cameras.close)
            stack.push_async_callback(self.workers.close)
            stack.push_async_callback(services.submissions.close)
            stack.push_async_callback(self.agents.close)
            stack.push_async_callback(services.runner.close)
            if self.publisher is not None:
                await stack.enter_async_context(publish_states(self.publisher, services))
            await services.submissions.recover()
            await services.runner.start()
            await self.evidence.recover()
            yield


def build_hub(settings: Settings, settings_path: Path, folder: DataFolder) -> Hub:
    """Open a lab's data and put its hub together; starts nothing.

    Args:
        settings: what `fablab.toml` says.
        settings_path: that file; the hub's other processes read it too.
        folder: the lab's data.

    Raises:
        StorageError: the data cannot be opened, or a newer version wrote it.
    """
    clock = SystemClock()
    folder.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(folder.database)
    migrate(database, clock.now(), folder.backups)
    blobs, jobs = BlobStore(folder.blobs), JobStore(database)
    config = str(settings_path.resolve())
    workers = Workers(
        own_command("check-worker", "--config", config), settings.checks, folder.scratch
    )
    agents = Agents(
        settings.machines,
        folder.agent_socket,
        partial(start_agent, config, folder),
        clock,
    )
    cameras = CameraClient(
        settings.cameras,
        list(own_command("camera-worker")),
        clock,
        language=settings.lab.language,
        zone=settings.lab.zone,
    )
    runner = Runner(database, jobs, agents, settings, blobs, clock)
    evidence = Evidence(database, blobs, jobs, settings, cameras, clock)
    runner.on_run_started(evidence.run_started)
    runner.on_run_ended(evidence.run_ended)
    calibrations = Calibrations(database, settings, clock)
    skills = SkillBook(
        database, framework_beside(settings_path.resolve()), settings.machines, clock
    )
    evidence.on_made(skills.look_again)
    services = Services(
        settings=settings,
        database=database,
        blobs=blobs,
        clock=clock,
        signin=SignIn(database, settings.signin, clock),
        jobs=jobs,
        calibrations=calibrations,
        submissions=Submissions(database, blobs, jobs, settings, workers, calibrations, clock),
        desk=Desk(database, jobs, clock),
        runner=runner,
        projects=ProjectStore(database),
        skills=skills,
        take_picture=cameras,
    )
    return Hub(
        services=services,
        agents=agents,
        workers=workers,
        evidence=evidence,
        cameras=cameras,
        publisher=MqttPublisher(settings.mqtt, clock) if settings.mqtt else None,
    )


async def start_agent(config: str, folder: DataFolder, machine_id: str) -> None:
    """Start a machine's agent, in a session of its own: it outlives this hub."""
    arguments = ("agent", "--machine", machine_id, "--config", config, "--data", str(folder.path))
    start_apart(
        arguments, folder.logs / f"agent-{machine_id}.log", folder.pid_file(f"agent-{machine_id}")
    )
