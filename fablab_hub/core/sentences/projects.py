"""What people are told when something about their projects cannot be done."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText
from fablab_hub.core.i18n.words import N_

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        "fabrication.not-yours": ErrorText(
            N_("Only the person who made it tells its story."),
            N_("Ask them to write it. You can sit beside them and help."),
        ),
        "portfolio.failed": ErrorText(
            N_("The portfolio could not be made. Your stories and photos are safe."),
            N_("Try once more. If it happens again, tell a manager."),
        ),
    }
)
"""Error codes of projects and their sentences."""
