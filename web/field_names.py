"""What the fields of forms are called in a sentence."""

from types import MappingProxyType

from fablab_hub.core.i18n.words import N_

FIELD_NAMES: MappingProxyType[str, str] = MappingProxyType(
    {
        "name": N_("the name"),
        "pin": N_("the PIN"),
        "person": N_("the person"),
        "person_id": N_("the person"),
        "machine_id": N_("the machine"),
        "material_id": N_("the material"),
        "project_id": N_("the project"),
        "title": N_("the title"),
        "story": N_("the story"),
        "reason": N_("the reason"),
        "options": N_("the answers about the file"),
        "unit": N_("the unit"),
        "ticked": N_("the list to tick"),
        "file": N_("the file"),
        "body": N_("the form"),
    }
)
"""By the field's name."""
