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
        "skills.misfit": ErrorText(
            N_("The file of skills has a mistake: {file}, line {line}, {key}."),
            N_("Mend that line, then start again."),
            Harm.UNCHANGED,
            Helper.MANAGER,
        ),
        "skills.own": ErrorText(
            N_("Only the person themselves can say this."),
            N_("Talk about it together."),
            Harm.UNCHANGED,
            Helper.TRAINER,
        ),
        "skills.not-yourself": ErrorText(
            N_("Nobody can validate their own skills."),
            N_("Ask another trainer."),
            Harm.UNCHANGED,
            Helper.TRAINER,
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
