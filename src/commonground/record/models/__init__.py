"""What is written once, what proves it, and for how long its words are kept."""

from commonground.record.models.captures import (
    Blind,
    Capture,
    CapturedMedium,
    Showing,
    ShownWith,
)
from commonground.record.models.entries import (
    DataKey,
    Entry,
    EntryQuerySet,
    Kept,
    Lookup,
    name_of,
)
from commonground.record.models.inquiries import Inquiry, Parcel
from commonground.record.models.keeping import Erased, LegalHold, RetentionClass
from commonground.record.models.log import (
    Checkpoint,
    Head,
    Reconciliation,
    Restored,
    Tile,
    Tree,
)
from commonground.record.models.stamps import Stamp, Stamping

__all__ = [
    "Blind",
    "Capture",
    "CapturedMedium",
    "Checkpoint",
    "DataKey",
    "Entry",
    "EntryQuerySet",
    "Erased",
    "Head",
    "Inquiry",
    "Kept",
    "LegalHold",
    "Lookup",
    "Parcel",
    "Reconciliation",
    "Restored",
    "RetentionClass",
    "Showing",
    "ShownWith",
    "Stamp",
    "Stamping",
    "Tile",
    "Tree",
    "name_of",
]
