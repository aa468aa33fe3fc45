"""What the pages stand on: built once by the command that serves them, never by a page."""

from dataclasses import dataclass

from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.clock import Clock
from fablab_hub.core.db import Database
from fablab_hub.core.pictures import TakePicture
from fablab_hub.core.settings import Settings
from fablab_hub.core.signin import SignIn
from jobs.calibrations import Calibrations
from jobs.desk import Desk
from jobs.runner import Runner
from jobs.store import JobStore
from jobs.submission import Submissions
from projects.skills.book import SkillBook
from projects.store import ProjectStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that a route may call."""

    settings: Settings
    database: Database
    blobs: BlobStore
    clock: Clock
    signin: SignIn
    jobs: JobStore
    calibrations: Calibrations
    submissions: Submissions
    desk: Desk
    runner: Runner
    projects: ProjectStore
    skills: SkillBook
    take_picture: TakePicture
