"""Our words, passed on by those of us who want to: offered, taken or not, one after the other."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from commonground.agency.models import Member, Unit
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.actions.own_cards import card_own_pages
from commonground.say.engine.echoing import echo_of, slot
from commonground.say.models import Echo, EchoCall, Post, Variant
from commonground.say.queries.echoes import address_of, channels_to_echo_on, people_to_ask, to_boost


@transaction.atomic
def offer_echo(post: Post, *, by: Member, units: Collection[Unit] = ()) -> EchoCall:
    """Let others of the agency know that they may pass it on: these units, or everybody."""
    rules.hold_still(post)
    rules.may_offer(post, by)
    call = EchoCall.objects.create(agency=post.agency, post=post, by=by)
    people = people_to_ask(post)
    if units:
        people = people.filter(unit__in=units)
    Echo.objects.bulk_create([Echo(call=call, member=member) for member in people])
    names = [unit.name for unit in units]
    witness("offer_echo", post, by=by, units=names, people=call.echoes.count())
    return call


@transaction.atomic
def end_offer(call: EchoCall, *, by: Member) -> None:
    """It is offered to nobody any more. What was taken is theirs."""
    rules.may_end_offer(call, by)
    call.echoes.filter(post=None).delete()
    witness("end_offer", call.post, by=by)


@transaction.atomic
def take_echo(
    echo: Echo, *, sentence: str = "", as_it_stands: bool = False, by: Member
) -> Post:  # fmt: skip
    """A draft of their own that leads to the post, at a minute of its own. It is approved as
    any other: passing on is saying.

    `as_it_stands`: with the network's own button, where the post stands on that network and it
    has one. Elsewhere the draft leads to it as ever.
    """
    call = EchoCall.objects.select_for_update(no_key=True).get(pk=echo.call_id)
    echo.refresh_from_db()
    rules.may_echo(echo, by)
    original = call.post
    text = echo_of(original.title, address_of(original), " ".join(sentence.split()))
    others = call.echoes.filter(post__go_out_at__isnull=False)
    at = slot(timezone.now(), [t for t in others.values_list("post__go_out_at", flat=True) if t],
              chance_of(echo.pk, by.pk))  # fmt: skip
    post = Post.objects.create(
        agency=original.agency, author=by, title=original.title, text=text,
        language=original.language, go_out_at=at,
    )  # fmt: skip
    for channel in channels_to_echo_on(original, by):
        boosts = to_boost(original, channel) if as_it_stands else None
        words = boosts.text if boosts else text
        Variant.objects.create(
            post=post, channel=channel, title=post.title, text=words, boosts=boosts
        )  # fmt: skip
    card_own_pages(post)
    echo.post = post
    echo.save(update_fields=["post"])
    witness("begin", post, by=by, moment=None, echoes=str(original.pk))
    rules.must_echo_what_stands(post)
    return post


def chance_of(number: int, member: UUID) -> int:
    """Unlike for each, and the same again."""
    return number + member.int


def decline_echo(echo: Echo, *, by: Member) -> None:
    """It is not offered to them again. The record does not hold who said no: nobody has to."""
    rules.may_echo(echo, by)
    Echo.objects.filter(pk=echo.pk, post=None).update(declined_at=timezone.now())
