"""Carries parcels to their doors: signed, again after a while if nobody took them, not for ever.

The id of an activity is ours, so a door that gets one twice does nothing the second time: when in
doubt a parcel is carried again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from commonground.channels.networks.fediverse import documents, outgoing
from commonground.channels.networks.fediverse.documents import TYPE
from commonground.channels.networks.fediverse.models import Activity, Actor, Inbox, Note, Parcel
from commonground.channels.networks.fediverse.signatures import (
    Request,
    new_signature,
    old_signature,
)
from commonground.channels.states import State
from commonground.kit import outbound
from commonground.kit.clock import database_now
from commonground.kit.outbound import Unreachable, again_after

log = logging.getLogger(__name__)

SECONDS = 12.0  # one knock; there may be two
LEASE = timedelta(seconds=60)  # more than twice that, so that a slow carrier is not taken for dead
MINUTES = (1, 5, 30, 120, 360, 720, 1440, 1440)  # pauses: a server may be away for three days
GONE_AFTER = timedelta(days=14)  # of nothing but failure, nobody lives there any more
OLD_IS_BELIEVED = timedelta(days=30)  # then RFC 9421 is tried again: servers learn
MOST_OF_ONE_HOST = 2  # carriers at once: a server that hangs holds up no other
A_ROUND = 200  # parcels
A_LIST = 60  # parcels that are looked for at once: finding out what is due costs far more than one
LIST_IS_GOOD = 5.0  # seconds
TAKES_BACK = ("Delete", "Undo")  # goes out even while everything is stopped
AGAIN = {401, 408, 425, 429}  # of the refusals, those that may pass


class Held(Exception):
    """Somebody stopped everything while this was in hand."""


type Stopped = Callable[[UUID], bool]  # whether an agency has stopped everything


def carry_due(stopped: Stopped) -> int:
    """Carry what is due, one parcel after the other. Several may do this at once."""
    carried = 0
    for parcel in islice(in_turn(stopped), A_ROUND):
        try:
            carry(parcel, stopped)
        except Exception:
            # Its lease ends, and it is carried again: the others must not wait for it.
            log.exception("a parcel was dropped")
        carried += 1
    return carried


def in_turn(stopped: Stopped) -> Iterator[Parcel]:
    """One parcel after the other, each in our hands alone, for as long as there are any."""
    found = True
    while found:
        found, drawn_up = False, time.monotonic()
        for parcel in waiting(database_now(), stopped)[:A_LIST]:
            if found and time.monotonic() - drawn_up > LIST_IS_GOOD:
                break
            if taken_in_hand(parcel, database_now()):
                found = True
                yield parcel


def claimed(stopped: Stopped) -> Parcel | None:
    """The next parcel, in our hands alone."""
    return next(in_turn(stopped), None)


def waiting(now: datetime, stopped: Stopped) -> QuerySet[Parcel]:
    """What may go, the quick doors first: however many slow ones somebody puts up, nobody else
    waits for them."""
    busy = in_hand(now).values("inbox__host").annotate(n=Count("pk"))
    held = busy.filter(n__gte=MOST_OF_ONE_HOST).values("inbox__host")
    halted = Q(activity__actor__channel__state=State.PAUSED) | Q(
        activity__actor__channel__agency__in=halted_by(stopped)
    )
    # What takes something back goes all the same, and stands in no queue behind what may not.
    silent = halted & ~Q(activity__kind__in=TAKES_BACK)
    due = Parcel.objects.due(now).exclude(silent).exclude(inbox__host__in=held)
    return due.select_related(
        "activity__actor__channel", "activity__note", "activity__boost", "inbox"
    )


def in_hand(now: datetime) -> QuerySet[Parcel]:
    return Parcel.objects.filter(lease_until__gt=now).order_by()


def halted_by(stopped: Stopped) -> list[UUID]:
    agencies = Actor.objects.order_by().values_list("channel__agency", flat=True).distinct()
    return [agency for agency in agencies if stopped(agency)]


def may_go(parcel: Parcel, stopped: Stopped) -> bool:
    """While everything is stopped only what takes something back goes out."""
    return parcel.activity.kind in TAKES_BACK or not stopped(
        parcel.activity.actor.channel.agency_id
    )


def taken_in_hand(parcel: Parcel, now: datetime) -> bool:
    if in_hand(now).filter(inbox__host=parcel.inbox.host).count() >= MOST_OF_ONE_HOST:
        return False
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    mine = Parcel.objects.filter(free, pk=parcel.pk, attempts=parcel.attempts)
    if not mine.update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    parcel.attempts += 1
    return True


def carry(parcel: Parcel, stopped: Stopped) -> None:
    """One try. A parcel that is of no use any more is dropped on the way."""
    activity = parcel.activity
    if activity.kind not in TAKES_BACK and is_taken_back(activity):
        parcel.delete()
        return
    try:
        with timed(parcel.inbox):
            status, wait = knock(parcel, stopped)
    except Held:
        let_go(parcel)
        return
    except Unreachable as trouble:
        put_back(parcel, str(trouble))
        return
    if 200 <= status < 300:
        taken(parcel)
    elif status == 410:
        parcel.inbox.delete()  # and with it whoever followed from there
    elif 400 <= status < 500 and status not in AGAIN:
        Note.objects.filter(activities=parcel.activity_id).update(refused=F("refused") + 1)
        parcel.delete()
    else:
        put_back(parcel, f"The server answered {status}.", wait)


def is_taken_back(activity: Activity) -> bool:
    note, boost = activity.note, activity.boost
    return bool((note and note.withdrawn_at) or (boost and boost.undone_at))


@contextmanager
def timed(inbox: Inbox) -> Iterator[None]:
    """Remember how long this door takes."""
    began = time.monotonic()
    try:
        yield
    finally:
        seconds = int(time.monotonic() - began)
        Inbox.objects.filter(pk=inbox.pk).exclude(pace=seconds).update(pace=seconds)


def knock(parcel: Parcel, stopped: Stopped) -> tuple[int, float]:
    """Deliver it, signed the way this host believes; if it does not, the other way.

    Gives the answer's number, and for how many seconds it asks us to wait.
    """
    inbox, now = parcel.inbox, timezone.now()
    since = inbox.old_signature_since
    old = since is not None and now - since < OLD_IS_BELIEVED
    answer = send(parcel, old, stopped)
    if answer.status in (400, 401):
        second = send(parcel, not old, stopped)
        if 200 <= second.status < 300:
            known = None if old else now
            Inbox.objects.filter(host=inbox.host).update(old_signature_since=known)
        answer = second
    return answer.status, again_after(answer.headers)


def send(parcel: Parcel, old: bool, stopped: Stopped) -> outbound.Answer:
    """The fence is right before the first byte: whoever stops everything is heard at once."""
    if not may_go(parcel, stopped):
        raise Held
    actor, body = parcel.activity.actor, json.dumps(parcel.activity.body).encode()
    request = Request("POST", parcel.inbox.at, {"content-type": TYPE, "accept": TYPE}, body)
    sign = old_signature if old else new_signature
    signed = sign(request, actor.key_id, actor.private_key["pem"], timezone.now())
    return outbound.post(parcel.inbox.at, body, headers=signed, most=100_000, seconds=SECONDS)


def let_go(parcel: Parcel) -> None:
    """As if it had not been taken in hand."""
    mine = Parcel.objects.filter(pk=parcel.pk, attempts=parcel.attempts)
    mine.update(lease_until=None, attempts=F("attempts") - 1)


def taken(parcel: Parcel) -> None:
    """What else waits for this door may go now."""
    parcel.delete()
    if parcel.inbox.failing_since:
        Inbox.objects.filter(pk=parcel.inbox_id).update(failing_since=None)
        Parcel.objects.filter(inbox=parcel.inbox_id).update(next_at=database_now())


def put_back(parcel: Parcel, why: str, wait: float = 0.0) -> None:
    """Later again; after the last pause never again, and after weeks nobody lives there."""
    now = database_now()
    Inbox.objects.filter(pk=parcel.inbox_id, failing_since=None).update(failing_since=now)
    if parcel.attempts <= len(MINUTES):
        pause = max(timedelta(minutes=MINUTES[parcel.attempts - 1]), timedelta(seconds=wait))
        mine = Parcel.objects.filter(pk=parcel.pk, attempts=parcel.attempts)
        mine.update(next_at=now + pause, lease_until=None, trouble=why[:300])
        return
    parcel.delete()
    Inbox.objects.filter(pk=parcel.inbox_id, failing_since__lt=now - GONE_AFTER).delete()


def bid_farewell() -> None:
    """An account that was closed says so once to all who follow, then forgets them and its key."""
    for actor in Actor.objects.filter(channel__state=State.CLOSED).exclude(private_key=""):
        farewell = documents.farewell(actor)
        if not Activity.objects.filter(url=farewell["id"]).exists():
            Parcel.objects.filter(activity__actor=actor).exclude(
                activity__kind__in=TAKES_BACK
            ).delete()
            outgoing.send(actor, "Delete", farewell)
        elif not Parcel.objects.filter(activity__actor=actor).exists():
            actor.followers.all().delete()
            Actor.objects.filter(pk=actor.pk).update(private_key={})
