"""What `fablab.toml` says, as frozen values; `core.config` reads it. Every key has a line here."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from fablab_hub.core.bounds import Ge, Gt, Le, MinLen
from fablab_hub.core.machines import Label, Machine
from fablab_hub.core.materials import Material


@dataclass(frozen=True, slots=True, kw_only=True)
class LabSettings:
    """The lab itself.

    Attributes:
        name: shown on every page and document.
        language: of people who have not chosen one (`fr` or `en`).
        zone: time zone that times are shown in.
    """

    name: Annotated[str, MinLen(1)] = "FabLab"
    language: str = "fr"
    zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """How people prove who they are (CNIL 2022 and NIST SP 800-63B-4, section 5.2.2).

    Attributes:
        pin_digits: length of a PIN.
        free_tries: wrong PINs before waiting begins.
        block_after: wrong PINs in a row after which a trainer must open the name again.
        session_hours: how long a session lasts.
        idle_minutes: a session that nobody uses ends after this; pages that renew themselves
            are no use.
        kiosk_s: the same at a machine's own screen, in seconds.
        kiosk_short_pin: people may have a PIN of 4 digits, which opens kiosks only.
    """

    pin_digits: Annotated[int, Ge(4), Le(12)] = 6
    free_tries: Annotated[int, Ge(1), Le(10)] = 3
    block_after: Annotated[int, Ge(3), Le(100)] = 10
    session_hours: Annotated[float, Gt(0), Le(24)] = 8.0
    idle_minutes: Annotated[float, Ge(1), Le(480)] = 30.0
    kiosk_s: Annotated[float, Ge(5), Le(3600)] = 120.0
    kiosk_short_pin: bool = False


class LineMeaning(StrEnum):
    """What lines of a drawing are for; `skip` leaves them out."""

    CUT = "cut"
    SCORE = "score"
    ENGRAVE = "engrave"
    FILL = "fill"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """What reading a stranger's file may cost.

    Attributes:
        max_upload_mb: largest file taken, in megabytes of 1,000,000 bytes.
        workers: check processes that wait for files.
        cpu_s: processor time for one file.
        wall_s: time on the clock for one file.
        memory_mb: address space of a worker.
        max_job_h: a longer print waits for a manager.
        max_laser_h: a longer laser job, beside which somebody must stay, waits for one too.
        colours: what a colour of a drawing is for: `red`, `blue`, `green`, `black` or `#ff8800`.
        layers: what a word in the name of a layer is for, without accents.
    """

    max_upload_mb: Annotated[int, Ge(1), Le(2000)] = 100
    workers: Annotated[int, Ge(1), Le(16)] = 1
    cpu_s: Annotated[float, Gt(0), Le(600)] = 60.0
    wall_s: Annotated[float, Gt(0), Le(1200)] = 120.0
    memory_mb: Annotated[int, Ge(256), Le(16_000)] = 1500
    max_job_h: Annotated[float, Gt(0), Le(200)] = 12.0
    max_laser_h: Annotated[float, Gt(0), Le(24)] = 2.0
    colours: dict[str, LineMeaning] = field(default_factory=dict)
    layers: dict[str, LineMeaning] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """How a queue calls people.

    Attributes:
        no_show_min: a called job whose owner does not come goes back after this.
    """

    no_show_min: Annotated[float, Gt(0), Le(240)] = 15.0


class CameraSource(StrEnum):
    """Where a camera's pictures come from."""

    OPENCV = "opencv"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """One camera.

    Attributes:
        id: short name.
        name: what people call it.
        source: `opencv`, or `generated` for a lab without one.
        address: device number, `/dev/v4l/by-id/...`, a file, or an `http`/`rtsp` address.
        timeout_s: a picture that takes longer is given up.
    """

    id: Annotated[str, MinLen(1)] = ""
    name: Label
    source: CameraSource
    address: str = ""
    timeout_s: Annotated[float, Gt(0), Le(60)] = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """A broker to publish machine states to; without this table there is none.

    Attributes:
        host: name or address of the broker.
        port: 1883, or 8883 with TLS.
        prefix: first part of every topic.
        username, password_file: who the hub is there; the password is never in `fablab.toml`.
    """

    host: Annotated[str, MinLen(1)]
    port: Annotated[int, Ge(1), Le(65_535)] = 1883
    prefix: Annotated[str, MinLen(1)] = "fablab/lab"
    username: str | None = None
    password_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything `fablab.toml` says.

    Attributes:
        machines, materials, cameras: by id, in the order of the file.
    """

    lab: LabSettings = field(default_factory=LabSettings)
    signin: SignInSettings = field(default_factory=SignInSettings)
    checks: CheckSettings = field(default_factory=CheckSettings)
    queue: QueueSettings = field(default_factory=QueueSettings)
    machines: dict[str, Machine] = field(default_factory=dict)
    materials: dict[str, Material] = field(default_factory=dict)
    cameras: dict[str, Camera] = field(default_factory=dict)
    mqtt: MqttSettings | None = None
