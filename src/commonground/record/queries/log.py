"""The log as it stands: its key, its tree, its proofs."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from commonground.kit.lasting import lasting_key
from commonground.record.engine import notes, tiles, tree
from commonground.record.engine.proofs import Proof
from commonground.record.models import Checkpoint, Entry, Head, Tile


def signing_key() -> Ed25519PrivateKey:
    """The key of the log: the one the settings name, or one that lasts as long as the database.

    It does not change with the seal key: a log under another key would be another log.
    """
    given = settings.ENV.log_key
    seed = base64.b64decode(given) if given else lasting_key("the key of the log")
    return Ed25519PrivateKey.from_private_bytes(seed)


def origin(epoch: int) -> str:
    """What the log is called everywhere: its address without https://."""
    return f"{settings.SITE.netloc}/log/{epoch}"


def log_key(epoch: int) -> notes.Key:
    return notes.key_of(origin(epoch), signing_key())


def epoch() -> int:
    return Head.objects.values_list("epoch", flat=True).first() or 1


def read_tile(level: int, index: int) -> bytes:
    held = Tile.objects.values_list("hashes", flat=True).filter(level=level, index=index).first()
    return bytes(held or b"")


def nodes() -> tree.Node:
    return tiles.nodes(read_tile)


def last_checkpoint() -> Checkpoint | None:
    """The newest we published of the log as it is now."""
    return Checkpoint.objects.filter(epoch=epoch()).order_by("-size").first()


def served(path: str) -> bytes | None:
    """What stands at this address below `tile/`; None where nothing does, or not yet."""
    place, shown = tiles.read_path(path), last_checkpoint()
    if place is None or shown is None or not tiles.held(place, shown.size):
        return None
    if place.level is None:
        first = place.index * tiles.WIDE
        rows: Any = Entry.objects.filter(number__gt=first, number__lte=first + place.wide)
        rows = rows.order_by("number").values_list("leaf", flat=True)
        return tiles.bundle([bytes(leaf) for leaf in rows])
    return read_tile(place.level, place.index)[: place.wide * tiles.HASH]


def proof_of(entry: Entry) -> Proof | None:
    """That it stands in the log, by the newest checkpoint; None before there is one."""
    shown = last_checkpoint()
    if shown is None or entry.number > shown.size:
        return None
    return Proof(entry.index, tree.inclusion(entry.index, shown.size, nodes()), shown.note)
