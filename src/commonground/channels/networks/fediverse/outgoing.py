"""What goes out to other servers: an activity, and a parcel for each door behind which somebody
follows. Putting parcels down is part of the transaction that has something to tell."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from commonground.channels.networks.fediverse import documents
from commonground.channels.networks.fediverse.documents import Document
from commonground.channels.networks.fediverse.models import Activity, Actor, Inbox, Note, Parcel


def tell_of(note: Note) -> Activity:
    return send(note.actor, "Create", documents.created(note), note=note)


def take_back(note: Note) -> Activity:
    """Nobody who has not heard of it yet needs to; everybody else hears that it is gone."""
    free = Q(lease_until=None) | Q(lease_until__lte=timezone.now())
    Parcel.objects.filter(free, activity__note=note, attempts=0).delete()
    return send(note.actor, "Delete", documents.deleted(note), note=note)


def tell_of_changes(actor: Actor) -> None:
    """Tell followers what changed about us since they last heard; the first time there is none."""
    now = documents.print_of(documents.actor_document(actor))
    before = actor.told
    changed = Actor.objects.filter(pk=actor.pk, told=before).exclude(told=now).update(told=now)
    actor.told = now
    if changed and before:
        send(actor, "Update", documents.updated(actor))


def send(
    actor: Actor, kind: str, body: Document, *, note: Note | None = None,
    to: Inbox | None = None,
) -> Activity:  # fmt: skip
    """An activity, and a parcel for one door, or for every door of our followers."""
    known = {"actor": actor, "kind": kind, "body": body, "note": note}
    activity, _ = Activity.objects.get_or_create(url=body["id"], defaults=known)
    doors = [to.pk] if to else doors_of(actor)
    Parcel.objects.bulk_create(
        (Parcel(activity=activity, inbox_id=door) for door in doors), ignore_conflicts=True
    )
    return activity


def doors_of(actor: Actor) -> set[int]:
    return set(actor.followers.values_list("inbox", flat=True))
