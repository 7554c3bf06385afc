"""The stamps that were given, and the roots they are checked with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.conf import settings

from commonground.record.engine import notes
from commonground.record.engine.stamping import NoStamp, Stamped, read
from commonground.record.models import Checkpoint, Entry, Stamp


def roots() -> Sequence[Certificate]:
    """Whom we believe to say who the authority is. Raises NoStamp."""
    if not (name := settings.ENV.stamp_roots):
        return []
    try:
        return load_pem_x509_certificates(Path(name).read_bytes())
    except (OSError, ValueError) as why:
        raise NoStamp(f"the root certificates in {name} cannot be read: {why}") from why


def text_of(checkpoint: Checkpoint) -> bytes:
    """What is stamped: the checkpoint without its signatures, which may become more."""
    return notes.Note.read(checkpoint.note).text.encode()


def proved(stamp: Stamp) -> Stamped:
    """The stamp, checked. Raises NoStamp."""
    return read(bytes(stamp.answer), text_of(stamp.checkpoint), roots())


def last_stamp(epoch: int) -> Stamp | None:
    rows = Stamp.objects.filter(checkpoint__epoch=epoch).select_related("checkpoint")
    return rows.order_by("-checkpoint__size").first()


def is_public_since(size: int) -> bool:
    """Whether the public saw an act after the first so many."""
    return Entry.objects.in_clear(2**62).filter(number__gt=size).exists()


def stamps_for(shown: Checkpoint, last: int) -> list[Stamp]:
    """Those that say most of entries up to `last`: the first that covers it, and the newest."""
    rows = Stamp.objects.filter(checkpoint__epoch=shown.epoch, checkpoint__size__lte=shown.size)
    rows = rows.select_related("checkpoint")
    first = rows.filter(checkpoint__size__gte=last).order_by("checkpoint__size").first()
    newest = rows.order_by("-checkpoint__size").first()
    return list({s.checkpoint.size: s for s in (first, newest) if s}.values())
