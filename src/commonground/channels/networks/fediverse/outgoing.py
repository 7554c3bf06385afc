"""What goes out to other servers: an activity, and a parcel for each door behind which somebody
follows. Putting parcels down is part of the transaction that has something to tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from commonground.channels.networks.fediverse import documents
from commonground.channels.networks.fediverse.documents import Document
from commonground.channels.networks.fediverse.models import (
    Activity,
    Actor,
    Boost,
    Follower,
    FormerDoor,
    Inbox,
    Note,
    Parcel,
    mark_of,
)
from commonground.channels.networks.fediverse.reading import host_of
from commonground.kit.clock import database_now


def tell_of(note: Note) -> Activity:
    return send(note.actor, "Create", documents.created(note), note=note)


def take_back(note: Note) -> Activity:
    """What has not left, or waits to be tried again, does not go any more: it would keep from its
    door that the note is gone. All doors hear of that at once."""
    free = Q(lease_until=None) | Q(lease_until__lte=database_now())
    Parcel.objects.filter(free, activity__note=note).delete()
    activity = send(note.actor, "Delete", documents.deleted(note), note=note)
    # Whoever left since has it still.
    former = note.actor.former_doors.filter(until__gte=note.published_at)
    put_down(activity, former.values_list("inbox", flat=True))
    return activity


def pass_on(boost: Boost) -> Activity:
    return send(boost.actor, "Announce", documents.announced(boost), boost=boost)


def undo(boost: Boost) -> Activity:
    """As with a note: what has not left does not go any more, and every door hears of the rest."""
    free = Q(lease_until=None) | Q(lease_until__lte=database_now())
    Parcel.objects.filter(free, activity__boost=boost).delete()
    activity = send(boost.actor, "Undo", documents.undone(boost), boost=boost)
    former = boost.actor.former_doors.filter(until__gte=boost.at)
    put_down(activity, former.values_list("inbox", flat=True))
    return activity


def remember_door(follower: Follower) -> None:
    """They leave; what they got stands on their server until we take it back."""
    FormerDoor.objects.update_or_create(
        actor=follower.actor, inbox=follower.inbox, defaults={"until": database_now()}
    )


def tell_of_changes(actor: Actor) -> None:
    """Tell followers what changed about us since they last heard; the first time there is none."""
    now = documents.print_of(documents.actor_document(actor))
    before = actor.told
    with transaction.atomic():
        changed = Actor.objects.filter(pk=actor.pk, told=before).exclude(told=now).update(told=now)
        if changed and before:
            send(actor, "Update", documents.updated(actor))
    actor.told = now


def send(
    actor: Actor, kind: str, body: Document, *, note: Note | None = None,
    boost: Boost | None = None, to: Inbox | None = None,
) -> Activity:  # fmt: skip
    """An activity, and a parcel for one door, or for every door of our followers."""
    known = {"actor": actor, "kind": kind, "body": body, "note": note, "boost": boost}
    activity, _ = Activity.objects.get_or_create(url=body["id"], defaults=known)
    put_down(activity, [to.pk] if to else doors_of(actor) | door_of_answered(note))
    return activity


def put_down(activity: Activity, doors: Iterable[int]) -> None:
    """A parcel for each of these doors; one that has its parcel already gets no second."""
    now = database_now()  # the clock of those who carry: another might be late
    Parcel.objects.bulk_create(
        (Parcel(activity=activity, inbox_id=door, next_at=now) for door in doors),
        ignore_conflicts=True, batch_size=1000,
    )  # fmt: skip


def door_of_answered(note: Note | None) -> set[int]:
    """Whoever is answered need not follow us to hear of it, and that it was taken back."""
    at = note.answers.get("door") if note else ""
    if not at:
        return set()
    known: Any = {"url": {"at": at}, "host": host_of(at)}
    door, _ = Inbox.objects.get_or_create(mark=mark_of(at), defaults=known)
    return {door.pk}


def doors_of(actor: Actor) -> set[int]:
    return set(actor.followers.values_list("inbox", flat=True))
