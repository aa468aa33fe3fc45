"""What people are told when a camera gives no picture."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        "camera.no-picture": ErrorText(
            N_("The camera “{camera}” gives no picture."),
            N_("Look at its cable and its lamp."),
            Harm.REST_WORKS,
            Helper.MANAGER,
        ),
        "camera.unknown": ErrorText(
            N_("There is no camera called “{camera}”."),
            N_("Describe this camera in fablab.toml."),
            Harm.REST_WORKS,
            Helper.MANAGER,
        ),
        "camera.too-late": ErrorText(
            N_("No photo was taken: the piece may no longer be on the machine."),
            N_("You have nothing to do."),
            Harm.KEPT,
            Helper.YOURSELF,
        ),
    }
)
"""Error codes of the cameras and their sentences."""
