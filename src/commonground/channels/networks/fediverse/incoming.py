"""What other servers tell us: who follows, who left, who answered, who is gone.

Everything is checked in the order of its cost. What does not concern us is let go before anybody
is asked anything; what does is believed only with the signature of whoever it speaks for, and
acted on once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from commonground.channels.networks.fediverse import documents, outgoing, people
from commonground.channels.networks.fediverse.documents import PUBLIC
from commonground.channels.networks.fediverse.models import (
    Actor,
    Follower,
    HeardActivity,
    Inbox,
    Note,
    Reply,
    mark_of,
)
from commonground.channels.networks.fediverse.people import FRESH, Gone, Person
from commonground.channels.networks.fediverse.reading import (
    Thing,
    Unreadable,
    host_of,
    id_in,
    kind_of,
    same_host,
    thing_in,
)
from commonground.channels.networks.fediverse.signatures import Claim, Forged, Request, claim_of
from commonground.channels.networks.fediverse.words import plain
from commonground.channels.states import State
from commonground.kit.outbound import Unreachable

MOST_REPLIES = 2_000  # to one note
MOST_OF_ONE = 20  # of them by one account: whoever floods a note takes nobody else's place
TO_ALL = {PUBLIC, "as:Public", "Public"}
MOST_DOORS = 1_000  # of one host: honest ones share one
LISTS = 200  # of recipients that we look at


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    words: str


HEARD, NOT_OURS = Answer(202, "Heard."), Answer(202, "This does not concern us.")


def receive(request: Request, now: datetime) -> Answer:
    """Hear one activity. Whatever it is, the answer says in words what became of it."""
    try:
        claim = claim_of(request, now)
        activity = thing_in(request.body)
        must_be_of_one_host(activity, claim)
        act = concern_of(activity)
        if act is None:
            return NOT_OURS
        person = signer_of(activity, claim)
        return heard_once(activity, request.body, lambda: act(activity, person))
    except Forged as error:
        return Answer(401, str(error))
    except Unreadable as error:
        return Answer(400, str(error))
    except Gone:
        return Answer(401, "Whoever signed this is not there any more.")
    except Unreachable as error:
        return Answer(503, f"We could not find out whose key this is. {error}")


def must_be_of_one_host(activity: Thing, claim: Claim) -> None:
    """Its id, its actor and the key: nobody speaks for another host."""
    if not kind_of(activity):
        raise Unreadable("It has no type.")
    if not same_host(id_in(activity), id_in(activity.get("actor"))):
        raise Forged("Its id and its actor are not on one host.")
    if not same_host(claim.key_id, id_in(activity["actor"])):
        raise Forged("It is signed with the key of another host.")


def signer_of(activity: Thing, claim: Claim) -> Person:
    """Who sent it, as their own server and the signature say alike."""
    actor = id_in(activity["actor"])
    asker = Actor.objects.exclude(channel__state=State.CLOSED).first()
    about_self = kind_of(activity) if id_in(activity.get("object")) == actor else ""
    try:
        person = verified(claim, asker)
    except Gone:
        if about_self == "Delete" and people.is_gone(actor, signer=asker):
            # Their own server says what the activity says: that is all the proof there can be.
            return Person(actor, "", "", {})
        raise
    if person.id != actor:
        raise Forged("It is signed with somebody else's key.")
    if about_self == "Update":  # what they changed may be the door
        return people.owner_of(claim.key_id, signer=asker, young=0.0)
    return person


def verified(claim: Claim, asker: Actor | None) -> Person:
    person = people.owner_of(claim.key_id, signer=asker)
    try:
        claim.check(person.keys[claim.key_id])
    except Forged:
        # They may have a new key since we last looked.
        again = people.owner_of(claim.key_id, signer=asker, young=FRESH)
        if again is person:
            raise
        claim.check(again.keys[claim.key_id])
        return again
    return person


def heard_once(activity: Thing, body: bytes, act: Callable[[], None]) -> Answer:
    """Act, and remember that we did, or do neither."""
    mark, digest = mark_of(id_in(activity)), hashlib.sha256(body).hexdigest()
    try:
        with transaction.atomic():
            HeardActivity.objects.create(mark=mark, digest=digest)
            act()
            return HEARD
    except IntegrityError:
        before = HeardActivity.objects.filter(mark=mark).first()
        if before is None:  # two of their servers' requests met: theirs to ask again
            return Answer(503, "This met another request. Try again.")
        if before.digest != digest:
            return Answer(409, "Something else was said under this id.")
        return Answer(202, "Heard already.")


type Act = Callable[[Thing, Person], None]


def concern_of(activity: Thing) -> Act | None:
    """What we would do about it; None where it is nothing to us. Costs at most one look-up here."""
    thing = activity.get("object")
    inner = thing if isinstance(thing, dict) else {}
    match kind_of(activity):
        case "Follow" | "Block" as kind:
            ours = our_actor(id_in(thing))
            return {"Follow": follow, "Block": leave}[kind] if ours else None
        case "Undo":
            return leave if follows(activity) else None
        case "Create":
            return answer if replied_to(inner) else None
        case "Update":
            return renew if knows(activity) else None
        case "Delete":
            return forget if knows(activity) else None
    return None


def our_actor(address: str) -> Actor | None:
    name = address.rpartition("/")[2]
    found = Actor.objects.exclude(channel__state=State.CLOSED).filter(name=name).first()
    return found if found and found.id_url == address else None


def follows(activity: Thing) -> bool:
    return Follower.objects.filter(mark=mark_of(id_in(activity["actor"]))).exists()


def knows(activity: Thing) -> bool:
    """Whether we keep anything of what it speaks of: the reply, or whoever says it."""
    about, actor = id_in(activity.get("object")), mark_of(id_in(activity["actor"]))
    if mark_of(about) != actor:
        return Reply.objects.filter(mark=mark_of(about), author=actor).exists()
    return follows(activity) or Reply.objects.filter(author=actor).exists()


def replied_to(thing: Thing) -> Note | None:
    address = id_in(thing.get("inReplyTo"))
    found = Note.objects.standing().filter(key=address.rpartition("/")[2][:13])
    note = found.select_related("actor").first()
    return note if note and note.id_url == address and kind_of(thing) == "Note" else None


def follow(activity: Thing, person: Person) -> None:
    """They hear from us from now on, and hear that they do."""
    actor = our_actor(id_in(activity["object"]))
    if actor is None:
        return
    who: Any = {"id": person.id, "follow": id_in(activity)}
    door = door_of(person)
    Follower.objects.update_or_create(
        actor=actor, mark=mark_of(person.id), defaults={"who": who, "inbox": door}
    )
    outgoing.send(actor, "Accept", documents.accepted(actor, id_in(activity), person.id), to=door)


def door_of(person: Person) -> Inbox:
    mark, host = mark_of(person.door), host_of(person.door)
    if known := Inbox.objects.filter(mark=mark).first():
        return known
    if Inbox.objects.filter(host=host).count() >= MOST_DOORS:
        raise Unreadable("Too many doors on one host. Share an inbox.")
    url: Any = {"at": person.door}
    return Inbox.objects.create(mark=mark, url=url, host=host)


def leave(activity: Thing, person: Person) -> None:
    """They, or those they speak for, do not hear from us any more."""
    thing = activity.get("object")
    whom = thing.get("object") if isinstance(thing, dict) and kind_of(thing) == "Follow" else thing
    for follower in Follower.objects.filter(mark=mark_of(person.id)).select_related("actor"):
        if id_in(whom) in (follower.actor.id_url, follower.who.get("follow")):
            outgoing.remember_door(follower)
            follower.delete()


def answer(activity: Thing, person: Person) -> None:
    """Keep what they said to us, for whoever will answer them."""
    thing = activity["object"]
    note = replied_to(thing)
    if note is None or not is_theirs(thing, person):
        raise Unreadable("Whoever says it did not write it.")
    words: Any = said(thing, person)
    theirs = note.replies.filter(author=mark_of(person.id))
    if theirs.count() < MOST_OF_ONE and note.replies.count() < MOST_REPLIES:
        Reply.objects.get_or_create(
            mark=mark_of(id_in(thing)),
            defaults={"note": note, "author": mark_of(person.id), "said": words},
        )


def is_theirs(thing: Thing, person: Person) -> bool:
    return id_in(thing.get("attributedTo")) == person.id and same_host(id_in(thing), person.id)


def said(thing: Thing, person: Person) -> dict[str, object]:
    to = [*listed(thing.get("to")), *listed(thing.get("cc"))]
    return {
        "id": id_in(thing), "author": person.id, "handle": person.handle,
        "text": plain(thing.get("content")), "public": bool(TO_ALL & set(to)),
        "door": person.door,
    }  # fmt: skip


def listed(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found[:LISTS] if isinstance(one, str)]


def renew(activity: Thing, person: Person) -> None:
    """A reply was put in other words; or somebody moved to another door, or has a new key."""
    thing = activity["object"]
    if id_in(thing) == person.id:
        return renew_person(person)
    if isinstance(thing, dict) and is_theirs(thing, person):
        theirs = Reply.objects.filter(gone=False, author=mark_of(person.id))
        ours = theirs.filter(mark=mark_of(id_in(thing)))
        for reply in ours:
            reply.say(said(thing, person))


def renew_person(person: Person) -> None:
    theirs = Follower.objects.filter(mark=mark_of(person.id))
    for follower in theirs:
        outgoing.remember_door(follower)
    if theirs:
        theirs.update(inbox=door_of(person))


def forget(activity: Thing, person: Person) -> None:
    """Delete what we keep of what they deleted; of all of them, if it is the whole account."""
    about, author = id_in(activity.get("object")), mark_of(person.id)
    if about == person.id:
        for follower in Follower.objects.filter(mark=author):
            outgoing.remember_door(follower)
            follower.delete()
        Reply.objects.filter(author=author).forget()
    else:
        Reply.objects.filter(mark=mark_of(about), author=author).forget()
