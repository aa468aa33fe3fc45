"""What people are told when a page or the API cannot do what was asked."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        "web.wrong-method": ErrorText(
            N_("This address cannot be used in this way."),
            N_("Go back to the start page."),
            Harm.UNCHANGED,
            Helper.TRAINER,
        ),
        "web.other-site": ErrorText(
            N_("This came from another website, so it was not done."),
            N_("Open the hub's own page and press there."),
            Harm.UNCHANGED,
            Helper.TRAINER,
        ),
        "web.bad-request": ErrorText(
            N_("The hub could not read what was sent."),
            N_("Load the page again and try once more."),
            Harm.UNCHANGED,
            Helper.TRAINER,
        ),
        "web.too-large": ErrorText(
            N_("This is more text than the hub takes at once."),
            N_("Make it shorter, then press again."),
            Harm.UNCHANGED,
            Helper.TRAINER,
        ),
        "upload.no-file": ErrorText(
            N_("No file arrived, or the file is empty."),
            N_("Choose your file, then press again."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "upload.several-files": ErrorText(
            N_("Several files arrived at once. The hub takes one file for each job."),
            N_("Send them one after the other."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
        "upload.broken": ErrorText(
            N_("The file did not arrive whole."),
            N_("Send it once more."),
            Harm.NOTHING,
            Helper.TRAINER,
        ),
    }
)
"""By code."""
