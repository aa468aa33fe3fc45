"""What people are told when the broker cannot be used."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        "mqtt.no-password": ErrorText(
            N_("The file with the broker's password cannot be read: {file}."),
            N_("Check password_file in fablab.toml, and who may read that file."),
            Harm.REST_WORKS,
            Helper.ADMIN,
        ),
    }
)
"""Error codes of publishing and their sentences."""
