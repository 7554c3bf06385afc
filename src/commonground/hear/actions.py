"""Every change of where and what we listen for, and the keeping of what we heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.hear import queries, rules
from commonground.hear.engine.heard import Told
from commonground.hear.models import Overheard, Source, SourceKind, Topic, keep_until
from commonground.hear.queries import Trial
from commonground.record.actions import THE_DESK, advance, witness

LONGEST_EXPIRY = timedelta(days=365)
LONGEST_TAIL = 64_000  # bytes; eight for each of the last posts heard
NEWEST_GAP_WEIGHS = 0.1  # of a source's usual gap: about the last ten arrivals


@transaction.atomic
def add_source(
    agency: Agency, *, name: str, kind: str, address: str = "", by: Member,
    hashtags: Sequence[str] = (), keep_hours: int = 24, token: str = "",
) -> Source:  # fmt: skip
    """Start to listen somewhere. From now on its posts are counted, and kept for hours."""
    rules.may_change_sources(by)
    rules.can_be_followed(kind, address)
    tags = [tag.lstrip("#").lower() for tag in hashtags]
    source = Source.objects.create(
        agency=agency, name=name, kind=kind, address=address, hashtags=tags, keep_hours=keep_hours,
        secrets={"token": token} if token else {},  # type: ignore[misc]  # sealed JSON
    )  # fmt: skip
    witness("add_source", source, by=by, kind=kind, address=address, hashtags=tags)
    return source


@transaction.atomic
def change_source(source: Source, *, by: Member, **changes: Any) -> Source:
    """Change its name, address, hashtags, hours, token or whether it is on.

    It goes on where it was, but at another address it begins anew: a place in one stream means
    nothing in another. A token is never written in the record, only that there is a new one.
    """
    rules.may_change_sources(by)
    rules.ours(source, by)
    rules.can_be_followed(source.kind, changes.get("address", source.address))
    allowed = {"name", "address", "hashtags", "on", "keep_hours"}
    token = changes.get("token", "")
    moved = changes.get("address", source.address) != source.address
    changes = {name: value for name, value in changes.items() if name in allowed}
    hidden = {"secrets": {"token": token}} if token else {}
    anew = {"cursor": ""} if moved else {}
    for name, value in (changes | hidden | anew).items():
        setattr(source, name, value)
    source.save(update_fields=list(changes | hidden | anew))
    witness("change_source", source, by=by, **changes, **({"token": "new"} if token else {}))
    return source


@transaction.atomic
def replay_source(agency: Agency, name: str) -> Source:
    """The source a recorded stream is heard through; it stays off, for nobody can follow it."""
    source, new = Source.objects.get_or_create(
        agency=agency, name=name[:80], defaults={"kind": SourceKind.REPLAY, "on": False}
    )
    if new:
        witness("add_source", source, by=THE_DESK, kind=source.kind)
    return source


type Places = Mapping[str, Sequence[str]]


@transaction.atomic
def propose_topic(
    agency: Agency, *, name: str, purpose: str, watch: Mapping[str, Sequence[str]],
    expires_on: datetime, by: Member, exclude: Mapping[str, Sequence[str]] | None = None,
    places: Places | Sequence[str] = (),
) -> Topic:  # fmt: skip
    """Ask to listen for something. Nothing is matched until a second person approves it.

    `places`: each with what else it is called, or a plain list of them.
    """
    rules.may_propose(by)
    called = dict(places) if isinstance(places, Mapping) else {place: [] for place in places}
    rules.topics_never_people(name, watch, called)
    topic = Topic.objects.create(
        agency=agency, name=name, purpose=purpose, watch=dict(watch), exclude=dict(exclude or {}),
        places=called, proposed_by=by, expires_on=min(expires_on, furthest()),
    )  # fmt: skip
    witness("propose_topic", topic, by=by, purpose=purpose, watch=topic.watch)
    return topic


@transaction.atomic
def try_topic(
    agency: Agency, *, name: str, watch: Mapping[str, Sequence[str]], by: Member,
    exclude: Mapping[str, Sequence[str]] | None = None, places: Places | None = None,
) -> Trial:  # fmt: skip
    """See what a topic would have heard of what is still kept, before it is even proposed.

    It looks into overheard texts, so a person cannot be looked for, and the record keeps who
    looked for what.
    """
    rules.may_propose(by)
    rules.topics_never_people(name, watch, places or {})
    draft = Topic(
        agency=agency, name=name, watch=dict(watch), exclude=dict(exclude or {}),
        places=dict(places or {}),
    )  # fmt: skip
    trial = queries.trial(draft)
    witness("try_topic", draft, by=by, watch=draft.watch, matched=trial.matched)
    return trial


@transaction.atomic
def look_at_topic(topic: Topic, *, by: Member) -> Trial:
    """See what a topic hears of what is still kept. These are people's words, so the record keeps
    who looked, and the public list how often anybody did."""
    rules.may_propose(by)
    rules.ours(topic, by)
    trial = queries.trial(topic)
    witness("look_at_topic", topic, by=by, matched=trial.matched)
    return trial


def furthest() -> datetime:
    """A topic is looked at again at least once a year."""
    return timezone.now() + LONGEST_EXPIRY


@transaction.atomic
def approve_topic(topic: Topic, *, by: Member) -> Topic:
    """Let it be listened for, until it expires. It stands on the public list from now on."""
    rules.may_approve(topic, by)
    return advance(topic, "approve", by=by, approved_by=by, approved_at=timezone.now())


@transaction.atomic
def turn_down_topic(topic: Topic, *, reason: str, by: Member) -> Topic:
    """Do not listen for it, and say why: its proposer will ask."""
    rules.may_turn_down(topic, by, reason)
    reason = reason.strip()[:300]
    return advance(topic, "turn_down", by=by, reason=reason, told={"reason": reason})


@transaction.atomic
def expire_topic(topic: Topic) -> Topic:
    """Its time is over. Only the clock says this."""
    return advance(topic, "expire", by=THE_DESK)


@transaction.atomic
def end_topic(topic: Topic, *, by: Member) -> Topic:
    """Stop listening for it, for good; its place on the public list says that it ended."""
    rules.may_end(topic, by)
    return advance(topic, "end", by=by)


# What follows writes no entry in the record: it is thousands of lines an hour of what
# others said, and the promise is to forget them.


@dataclass(slots=True)
class Catch:
    """What one source gave since it was last written down."""

    posts: list[Told] = field(default_factory=list)
    items: int = 0
    marks: list[bytes] = field(default_factory=list)  # by which to know them again
    skipped: Counter[str] = field(default_factory=Counter)
    cursor: str = ""


@transaction.atomic
def keep(source: Source, catch: Catch) -> None:
    """Write down posts, numbers and cursor together: the cursor never runs ahead of the posts."""
    Overheard.objects.bulk_create(
        [overheard(source, post) for post in catch.posts], ignore_conflicts=True, batch_size=500
    )
    seen = Source.objects.select_for_update().get(pk=source.pk)
    now = timezone.now()
    if catch.items:
        seen.usual_gap = usual_gap(seen, catch.items, now)
        seen.last_item_at = now
    seen.items += catch.items
    seen.skipped = dict(Counter(seen.skipped) + catch.skipped)
    seen.cursor = catch.cursor or seen.cursor
    seen.tail = (bytes(seen.tail) + b"".join(catch.marks))[-LONGEST_TAIL:]
    seen.looked_at = now
    seen.save(
        update_fields=[
            "items", "skipped", "cursor", "tail", "looked_at", "last_item_at", "usual_gap",
        ]
    )  # fmt: skip


def overheard(source: Source, post: Told) -> Overheard:
    return Overheard(
        agency_id=source.agency_id, source=source, upstream=post.upstream, text=post.text,
        at=datetime.fromtimestamp(post.at, UTC), language=post.lang[:8], url=post.url,
        voice=post.voice, delete_at=keep_until(source),
    )  # fmt: skip


def usual_gap(source: Source, items: int, now: datetime) -> float:
    """Seconds between two arrivals, the newest weighing a tenth."""
    if not source.last_item_at:
        return 0.0
    gap = (now - source.last_item_at).total_seconds() / items
    if not source.usual_gap:
        return gap
    return source.usual_gap + NEWEST_GAP_WEIGHS * (gap - source.usual_gap)


def looked(source: Source, trouble: str = "") -> None:
    """We asked the source just now, and this is what was wrong, if anything."""
    Source.objects.filter(pk=source.pk).update(looked_at=timezone.now(), trouble=trouble[:300])


def take_back(
    source: Source, upstreams: Collection[str], voices: Collection[str] = (), page: str = ""
) -> set[str]:
    """Obey deletions: of posts by their ids, of a whole account by its voice and its page.

    Returns the ids of all posts meant, so that others who keep any can obey too.
    """
    ours = Overheard.objects.filter(source=source)
    theirs = Q(voice__in=list(voices))
    if page:
        theirs |= Q(url__startswith=page)
    gone = set(upstreams) | set(ours.filter(theirs).values_list("upstream", flat=True))
    ours.filter(upstream__in=gone).delete()
    return gone


def forget_overheard() -> int:
    """Delete what was kept long enough. Returns how many posts that were."""
    return Overheard.objects.due_for_deletion().delete()[0]
