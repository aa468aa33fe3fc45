"""What people are told when something about their projects cannot be done."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        "fabrication.not-yours": ErrorText(
            N_("Only the person who made it tells its story."),
            N_("You can sit beside them and help."),
            Harm.UNCHANGED,
            Helper.OWNER,
        ),
        "portfolio.failed": ErrorText(
            N_("The portfolio could not be made."),
            N_("Try once more."),
            Harm.KEPT,
            Helper.MANAGER,
        ),
    }
)
"""Error codes of projects and their sentences."""
