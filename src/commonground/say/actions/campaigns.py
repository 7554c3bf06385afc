"""Posts that belong together: begun, changed, held all at once, and let go again."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any, TypedDict

from django.db import transaction

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.actions.going_out import hold_with_campaign
from commonground.say.actions.holding import hold_each, release
from commonground.say.models import Campaign, Post


class Goal(TypedDict):
    """What somebody says of a campaign."""

    name: str
    goal: str
    since: date
    until: date
    owner: Member
    messages: list[str]
    mark: str


@transaction.atomic
def begin_campaign(said: Goal, *, by: Member) -> Campaign:
    rules.may_write(by)
    campaign = Campaign.objects.create(agency=by.agency, **said)
    witness("begin_campaign", campaign, by=by, **in_words(said))
    return campaign


@transaction.atomic
def change_campaign(campaign: Campaign, said: Goal, *, by: Member) -> Campaign:
    """Other terms. Its posts stay in it, and as they are."""
    rules.may_lead(campaign, by)
    for name, value in said.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=[*said])
    witness("change_campaign", campaign, by=by, **in_words(said))
    return campaign


def in_words(said: Goal) -> dict[str, Any]:
    dates = {name: said[name].isoformat() for name in ("since", "until")}
    return {
        "goal": said["goal"],
        "owner": said["owner"].name,
        "messages": said["messages"],
        **dates,
    }


@transaction.atomic
def join_campaign(post: Post, campaign: Campaign, *, by: Member) -> Post:
    """Its words are not touched, so an approval stands."""
    rules.may_lead(campaign, by)
    rules.must_belong_to_nothing_yet(post)
    return belong(post, campaign, "join_campaign", by)


@transaction.atomic
def leave_campaign(post: Post, *, by: Member) -> Post:
    rules.may_write(by)
    return belong(post, None, "leave_campaign", by)


def belong(post: Post, campaign: Campaign | None, verb: str, by: Member) -> Post:
    named = str(campaign or post.campaign or "")
    post.campaign = campaign
    post.save(update_fields=["campaign"])
    witness(verb, post, by=by, campaign=named)
    return post


def hold_campaign(campaign: Campaign, *, reason: str, by: Member) -> list[Post]:
    """Nothing of it goes out from now on, also what is approved only later. What began to go
    out already can only be withdrawn, and stays in the list."""
    note_hold(campaign, rules.must_have_a_reason(reason), by)
    posts = campaign.posts.queued()
    return hold_each(posts, reason=campaign.hold_in_words, by=by)


@transaction.atomic
def note_hold(campaign: Campaign, reason: str, by: Member) -> None:
    """First the word, then the posts: what is approved in between is met by its start."""
    held = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    rules.may_hold_campaign(held, by)
    campaign.held_by, campaign.held_at, campaign.held_because = by, database_now(), reason
    campaign.save(update_fields=["held_by", "held_at", "held_because"])
    witness("hold_campaign", campaign, by=by, reason=reason)


def release_campaign(
    campaign: Campaign, *, by: Member
) -> tuple[list[Post], list[tuple[Post, str]]]:
    """Let go what its hold held. The others come back with what still stands in their way:
    nobody releases their own words, and what is too late stays where it is."""
    because = campaign.hold_in_words
    note_release(campaign, by)
    released, left = [], []
    for post in campaign.posts.held().filter(held_because=because):
        try:
            released.append(release(post, by=by))
        except Refused as why:
            left.append((post, str(why)))
    return released, left


@transaction.atomic
def note_release(campaign: Campaign, by: Member) -> None:
    held = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    rules.may_release_campaign(held, by)
    told = {"held_by": held.held_by.name if held.held_by else "", "reason": held.held_because}
    campaign.held_by, campaign.held_at, campaign.held_because = None, None, ""
    campaign.save(update_fields=["held_by", "held_at", "held_because"])
    witness("release_campaign", campaign, by=by, **told)


def hold_what_joined() -> list[Post]:
    """What was approved, or joined, while its campaign was held: held like the others."""
    held = []
    for post in Post.objects.queued().filter(rules.HELD_WITH_IT):
        with suppress(MovedOn), transaction.atomic():
            rules.hold_still(post)
            post.refresh_from_db()
            held.append(hold_with_campaign(post))
    return held
