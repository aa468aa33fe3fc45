"""Every step of the schema, in order. A step that was released is never edited.

Tables are STRICT; closed sets are CHECKed. `files` holds what `core.blobs` has on disk, and
whatever names a blob references it, so that the database never points at one that is not there.
"""

# The order of these lines is the order of the steps.
from fablab_hub.core.schema import foundation  # isort: skip
from fablab_hub.core.schema import drawings  # isort: skip
from fablab_hub.core.schema import skills  # isort: skip
from fablab_hub.core.schema.steps import STEPS

__all__ = ["STEPS", "drawings", "foundation", "skills"]
