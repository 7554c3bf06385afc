"""Passes on a note of another account of ours: a row, and an Announce for whoever follows."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.channels.contract import Boosted, Declined, Receipt, Sighting
from commonground.channels.networks.fediverse import outgoing
from commonground.channels.networks.fediverse.models import Actor, Boost, Note

MARK = "boost:"  # before our own name of it


def boost(actor: Actor, boosted: Boosted, key: str) -> Receipt:
    """The row and its parcels, or neither; once, however often it is asked."""
    note = Note.objects.standing().filter(key=boosted.receipt.network_id).first()
    if note is None:
        raise Declined(_("What this passes on was taken back."))
    try:
        with transaction.atomic():
            there, new = Boost.objects.get_or_create(
                key=key, defaults={"actor": actor, "note": note}
            )
            if new:
                outgoing.pass_on(there)
    except IntegrityError:  # another worker was quicker with the same name
        there = Boost.objects.get(key=key)
    return receipt_of(same(there, actor, note))


def same(there: Boost, actor: Actor, note: Note) -> Boost:
    if there.undone_at:
        raise Declined(_("This was published and withdrawn; it needs a new approval."))
    if (there.actor_id, there.note_id) != (actor.pk, note.pk):
        raise Declined(_("Something else was published under this name."))
    return there


def seen(channel_id: str, boosted: Boosted, key: str) -> Sighting | None:
    """Through the very rows that followers were told of; what is gone is not passed on."""
    rows = Boost.objects.filter(key=key, actor__channel_id=channel_id, undone_at=None)
    rows = rows.filter(note__key=boosted.receipt.network_id, note__withdrawn_at=None)
    found = rows.select_related("actor", "note__actor").first()
    return Sighting(receipt_of(found), found.note.text, found.at) if found else None


def undo(channel_id: str, receipt: Receipt) -> None:
    rows = Boost.objects.select_for_update(of=("self",)).select_related("actor", "note__actor")
    key = receipt.network_id.removeprefix(MARK)
    found = rows.filter(key=key, actor__channel_id=channel_id, undone_at=None).first()
    if found:
        found.undone_at = timezone.now()
        found.save(update_fields=["undone_at"])
        outgoing.undo(found)


def is_boost(receipt: Receipt) -> bool:
    return receipt.network_id.startswith(MARK)


def receipt_of(boost: Boost) -> Receipt:
    return Receipt(f"{MARK}{boost.key}", boost.note.id_url)
