"""What people are told when a page or the API cannot do what was asked."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText
from fablab_hub.core.i18n.words import N_

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        "web.wrong-method": ErrorText(
            N_("This address cannot be used in this way. Nothing was changed."),
            N_("Go back to the start page."),
        ),
        "web.other-site": ErrorText(
            N_("This came from another website, so it was not done. Nothing was changed."),
            N_("Open the hub's own page and press there. If you did not press, tell a trainer."),
        ),
        "web.bad-request": ErrorText(
            N_("The hub could not read what was sent. Nothing was changed."),
            N_("Load the page again and try once more."),
        ),
        "web.too-large": ErrorText(
            N_("This is more text than the hub takes at once. Nothing was changed."),
            N_("Make it shorter, then press again."),
        ),
        "upload.no-file": ErrorText(
            N_("No file arrived, or the file is empty."),
            N_("Choose your file, then press again."),
        ),
        "upload.several-files": ErrorText(
            N_("Several files arrived at once. The hub takes one file for each job."),
            N_("Send them one after the other."),
        ),
        "upload.broken": ErrorText(
            N_("The file did not arrive whole. Nothing was saved, and your file is not broken."),
            N_("Send it once more. If it happens again, tell a trainer."),
        ),
    }
)
"""By code."""
