"""Opening, growing and closing moments; and the library of vetted help."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.record.actions import THE_DESK, advance, witness
from commonground.spot import rules
from commonground.spot.actions.joint import (
    accept as accept,
    ask_agency as ask_agency,
    call_off as call_off,
    choose_shown as choose_shown,
    end_sharing as end_sharing,
    end_with,
    end_with_moment as end_with_moment,
    turn_down as turn_down,
)
from commonground.spot.actions.measuring import (
    begin_backtest as begin_backtest,
    fail_backtest as fail_backtest,
    finish_backtest as finish_backtest,
    tell_progress as tell_progress,
)
from commonground.spot.engine.budget import Background as Learnt
from commonground.spot.engine.naming import shown
from commonground.spot.engine.resources import Fit
from commonground.spot.engine.surges import Surge
from commonground.spot.models import (
    Background,
    Exemplar,
    Match,
    Moment,
    Resource,
    Rumour,
    Tally,
)

# How long help is heard after the public began to talk: three days, as an officer put it
# who saw three days pass without a word.
CLOCK = timedelta(hours=72)
ONE_MORE_DAY = timedelta(days=1)
TALLIES_AT_ONCE = 8  # the newest steps of the curve; older ones no longer change


@transaction.atomic
def open_moment(agency: Agency, surge: Surge, fits: Sequence[Fit] = ()) -> Moment:
    """Put a surge on the desk and start its clock. The same surge opened twice is one moment."""
    opened_at = utc(surge.opened_at)
    moment, new = Moment.objects.get_or_create(
        agency=agency,
        why=shown(surge.why.term)[:120],
        opened_at=opened_at,
        defaults={
            "scale_minutes": surge.why.scale_minutes,
            "count": surge.why.count,
            "usual": surge.why.usual,
            "surprise": surge.why.surprise,
            "topic": surge.topic[:80],
            "closes_at": opened_at + CLOCK,
            **grown(surge),
        },
    )
    if new:
        witness(
            "open_moment", moment, by=THE_DESK, why=moment.why, count=moment.count,
            usual=round(moment.usual, 3), surprise=round(moment.surprise, 1),
            scale_minutes=moment.scale_minutes, height=round(surge.why.height, 2),
            threshold=round(surge.threshold, 2), detector=surge.why.detector,
        )  # fmt: skip
    write_parts(moment, surge, fits, steps=len(surge.curve))
    return moment


@transaction.atomic
def note(moment: Moment, surge: Surge, fits: Sequence[Fit] | None = None) -> None:
    """Bring a moment up to date with what was said since. Its state and its clock stay."""
    Moment.objects.filter(pk=moment.pk).update(**without_emptiness(grown(surge)))
    write_parts(moment, surge, fits, steps=TALLIES_AT_ONCE)


def grown(surge: Surge) -> dict[str, Any]:
    return {
        "label": surge.label[:120],
        "terms": surge.named,
        "hot": sorted(surge.terms),
        "authors": len(surge.voices),
        "languages": surge.languages,
        "volume": surge.volume,
        "first_post_at": utc(surge.first_post_at),
        "last_post_at": utc(surge.last_post_at),
    }


def without_emptiness(changes: dict[str, Any]) -> dict[str, Any]:
    """A moment taken over from an earlier run knows its new posts only, so its row knows better."""
    if changes["terms"]:
        return changes
    return {"last_post_at": changes["last_post_at"]}


def write_parts(moment: Moment, surge: Surge, fits: Sequence[Fit] | None, *, steps: int) -> None:
    if fits is not None:
        match(moment, fits)
    for post in surge.exemplars:
        Exemplar.objects.get_or_create(
            moment=moment,
            upstream=post.upstream,
            defaults={"at": utc(post.at), "text": post.text, "language": post.lang[:8],
                      "url": post.url},
        )  # fmt: skip
    shown = [post.upstream for post in surge.exemplars]
    if shown:
        moment.exemplars.exclude(upstream__in=shown).delete()
    Tally.objects.bulk_create(
        tallies(moment, surge, steps), update_conflicts=True,
        unique_fields=["moment", "at"], update_fields=["count", "usual"],
    )  # fmt: skip


def tallies(moment: Moment, surge: Surge, steps: int) -> list[Tally]:
    newest = sorted(surge.curve.items())[-steps:]
    usual = surge.usual_in_step
    return [Tally(moment=moment, at=utc(at), count=n, usual=usual) for at, n in newest]


def match(moment: Moment, fits: Sequence[Fit]) -> None:
    moment.matches.all().delete()
    Match.objects.bulk_create(
        Match(moment=moment, resource_id=fit.help.key, score=fit.score) for fit in fits
    )


def keep_background(agency: Agency, learnt: Mapping[str, Learnt]) -> None:
    """What ordinary talk taught each detector, so that a restart forgets none of it."""
    Background.objects.bulk_create(
        [Background(agency=agency, detector=name, listened=one.listened, until=one.now,
                    stirred=one.stirred) for name, one in learnt.items()],
        update_conflicts=True, unique_fields=["agency", "detector"],
        update_fields=["listened", "until", "stirred"],
    )  # fmt: skip


def utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


# What people decide


@transaction.atomic
def act(moment: Moment, *, did: str, in_time: str = "", by: Member) -> Moment:
    """Close it as answered: what we did, and whether it was in time, as far as we know."""
    rules.may_close(moment, by, did)
    return close(moment, "act", did=did, in_time=in_time, by=by)


@transaction.atomic
def join(moment: Moment, *, did: str, in_time: str = "", by: Member) -> Moment:
    """Close it because another service answers it, and we pointed people there."""
    rules.may_close(moment, by, did)
    return close(moment, "join", did=did, in_time=in_time, by=by)


def close(moment: Moment, transition: str, *, did: str, in_time: str, by: Member) -> Moment:
    did = did.strip()[:600]
    end_with(moment)
    return advance(
        moment, transition, by=by, closed_at=timezone.now(), did=did, in_time=in_time,
        told={"did": did, "in_time": in_time},
    )  # fmt: skip


@transaction.atomic
def dismiss(moment: Moment, *, reason: str, by: Member) -> Moment:
    """Let it pass without us, and say why: somebody will ask."""
    rules.may_dismiss(moment, by, reason)
    reason = reason.strip()[:300]
    end_with(moment)
    return advance(
        moment, "dismiss", by=by, closed_at=timezone.now(), reason=reason, told={"reason": reason}
    )


@transaction.atomic
def merge(moment: Moment, *, into: Moment, by: Member) -> Moment:
    """Say that this is another moment seen twice. Its posts are counted there from now on."""
    rules.may_merge(moment, into, by)
    Moment.objects.filter(pk=into.pk).update(
        volume=into.volume + moment.volume,
        first_post_at=min(into.first_post_at, moment.first_post_at),
        last_post_at=max(into.last_post_at, moment.last_post_at),
    )
    end_with(moment)
    return advance(
        moment, "merge", by=by, closed_at=timezone.now(), merged_into=into,
        told={"into": str(into.pk), "label": into.label},
    )  # fmt: skip


@transaction.atomic
def reopen(moment: Moment, *, by: Member) -> Moment:
    """Take back a closing. The clock goes on; one that has run out is given another day."""
    rules.may_decide(moment, by)
    closes_at = max(moment.closes_at, timezone.now() + ONE_MORE_DAY)
    return advance(
        moment, "reopen", by=by, closed_at=None, closes_at=closes_at, reason="", did="", in_time=""
    )


@transaction.atomic
def settle(moment: Moment) -> Moment:
    """The clock ran out, and we had said something. Only the clock says this."""
    end_with(moment)
    return advance(moment, "settle", by=THE_DESK, closed_at=timezone.now())


@transaction.atomic
def miss(moment: Moment) -> Moment:
    """The clock ran out and we had said nothing. Only the clock says this."""
    end_with(moment)
    return advance(moment, "miss", by=THE_DESK, closed_at=timezone.now())


@transaction.atomic
def call_grave(moment: Moment, *, grave: bool, by: Member) -> Moment:
    """Say that people are hurt or in fear, so that cheerful posts should wait; or take it back."""
    rules.may_decide(moment, by)
    moment.grave = grave
    moment.save(update_fields=["grave"])
    witness("call_grave", moment, by=by, grave=grave)
    return moment


def spoken(moment: Moment, *, at: datetime) -> None:
    """A word of ours about it was seen in public. Only the first counts.

    Whoever saw it has written that down; this is only what the moment knows of it.
    """
    ours = Moment.objects.filter(Q(first_word_at=None) | Q(first_word_at__gt=at), pk=moment.pk)
    ours.update(first_word_at=at)


@transaction.atomic
def forget_exemplars(agency: Agency, upstreams: Collection[str], page: str = "") -> int:
    """Deleted upstream, deleted here; with `page`, all whose link begins with it.

    The moment remembers that it showed them, and not a word of them.
    """
    meant = Q(upstream__in=list(upstreams))
    if page:
        meant |= Q(url__startswith=page)
    gone = Exemplar.objects.filter(meant, moment__agency=agency)
    by_moment = gone.order_by().values_list("moment").annotate(n=Count("pk"))
    for moment, n in list(by_moment):
        Moment.objects.filter(pk=moment).update(deleted=F("deleted") + n)
    return gone.delete()[0]


# Rumours


@transaction.atomic
def log_rumour(moment: Moment, *, claim: str, by: Member) -> Rumour:
    """Write down what is said, so that somebody looks whether it is so. Never who said it."""
    rules.may_log(moment, by, claim)
    rumour = Rumour.objects.create(
        agency=moment.agency, moment=moment, claim=claim.strip()[:300], logged_by=by
    )
    witness("log_rumour", rumour, by=by, moment=str(moment.pk), claim=rumour.claim)
    return rumour


@transaction.atomic
def check(rumour: Rumour, *, by: Member) -> Rumour:
    """Take it, so that the others know who looks; also again, when something new is known."""
    rules.may_handle(rumour, by)
    return advance(rumour, "check", by=by, checked_by=by, told={"claim": rumour.claim})


@transaction.atomic
def find_true(rumour: Rumour, *, known: str, by: Member) -> Rumour:
    """It is so."""
    return settle_rumour(rumour, "find_true", known=known, by=by)


@transaction.atomic
def find_false(rumour: Rumour, *, known: str, by: Member) -> Rumour:
    """It is not so."""
    return settle_rumour(rumour, "find_false", known=known, by=by)


@transaction.atomic
def leave_open(rumour: Rumour, *, known: str, by: Member) -> Rumour:
    """We looked, and cannot know. That is an answer too."""
    return settle_rumour(rumour, "leave_open", known=known, by=by)


def settle_rumour(rumour: Rumour, transition: str, *, known: str, by: Member) -> Rumour:
    rules.may_say_what_we_know(rumour, by, known)
    known = known.strip()[:600]
    return advance(rumour, transition, by=by, known=known, checked_by=by, told={"known": known})


@transaction.atomic
def answer_rumour(rumour: Rumour, *, answer: str, by: Member) -> Rumour:
    """We have told the public what we know of it, and where."""
    rules.may_answer(rumour, by, answer)
    rumour.answer, rumour.answered_at = answer.strip()[:300], timezone.now()
    rumour.save(update_fields=["answer", "answered_at"])
    witness("answer_rumour", rumour, by=by, answer=rumour.answer)
    return rumour


# The library


@transaction.atomic
def add_resource(agency: Agency, *, by: Member, **fields: Any) -> Resource:
    """Put vetted help into the library; moments opened from now on are matched with it."""
    rules.may_change_resources(by)
    resource = Resource.objects.create(agency=agency, **fields)
    witness("add_resource", resource, by=by, kind=resource.kind, url=resource.url)
    return resource


@transaction.atomic
def change_resource(resource: Resource, *, by: Member, **fields: Any) -> Resource:
    rules.may_change_resources(by, resource)
    for name, value in fields.items():
        setattr(resource, name, value)
    resource.save(update_fields=list(fields))
    witness("change_resource", resource, by=by, changed=sorted(fields))
    return resource


@transaction.atomic
def check_resource(resource: Resource, *, by: Member) -> Resource:
    """Somebody called the number and opened the page today, and they are right."""
    rules.may_change_resources(by, resource)
    resource.checked_on = timezone.localdate()
    resource.save(update_fields=["checked_on"])
    witness("check_resource", resource, by=by)
    return resource


@transaction.atomic
def overload_resource(resource: Resource, *, hours: int, by: Member) -> Resource:
    """Too many people call it: for so many hours others are offered beside it; 0 ends it."""
    rules.may_change_resources(by, resource)
    resource.overloaded_until = timezone.now() + timedelta(hours=hours) if hours else None
    resource.save(update_fields=["overloaded_until"])
    witness("overload_resource", resource, by=by, hours=hours)
    return resource


@transaction.atomic
def retire_resource(resource: Resource, *, by: Member) -> Resource:
    """Offer it no more. Moments that had it keep it, so that the record stays true."""
    rules.may_change_resources(by, resource)
    resource.retired_at = timezone.now()
    resource.save(update_fields=["retired_at"])
    witness("retire_resource", resource, by=by)
    return resource
