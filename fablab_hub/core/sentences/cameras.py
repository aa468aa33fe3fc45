"""What people are told when a camera gives no picture."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText
from fablab_hub.core.i18n.words import N_

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        "camera.no-picture": ErrorText(
            N_("The camera “{camera}” gives no picture. The machine is not affected."),
            N_("Look at its cable and its lamp. If it stays so, tell a manager."),
        ),
        "camera.unknown": ErrorText(
            N_("There is no camera called “{camera}”."),
            N_("Tell a manager: the camera is missing in fablab.toml."),
        ),
        "camera.too-late": ErrorText(
            N_("No photo was taken: the piece may no longer be on the machine."),
            N_("Nothing is broken. The fabrication is kept without this photo."),
        ),
    }
)
"""Error codes of the cameras and their sentences."""
