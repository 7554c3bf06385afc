"""What is written once, what proves it, and for how long its words are kept."""

from commonground.record.models.entries import DataKey, Entry, EntryQuerySet, Kept, name_of
from commonground.record.models.keeping import Erased, LegalHold, RetentionClass
from commonground.record.models.log import Checkpoint, Head, Restored, Tile, Tree

__all__ = [
    "Checkpoint",
    "DataKey",
    "Entry",
    "EntryQuerySet",
    "Erased",
    "Head",
    "Kept",
    "LegalHold",
    "Restored",
    "RetentionClass",
    "Tile",
    "Tree",
    "name_of",
]
