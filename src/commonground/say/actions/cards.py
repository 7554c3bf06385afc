"""What an author does about the card of a link: have its page read, and say it otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from commonground.agency.models import Member
from commonground.kit.refusals import Refused
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.actions.own_cards import (
    MOST_CARDS,
    is_ours,
    links_of,
    own_page,
    said_plainly,
    take_over,
)
from commonground.say.actions.writing import must_be_draft
from commonground.say.engine.heads import LONGEST_ABOUT, LONGEST_ADDRESS, LONGEST_TITLE
from commonground.say.line.pages import NotRead, PageSaid, page_at
from commonground.say.models import Card, Post

TROUBLES = {
    "busy": gettext_lazy("Others are having pages read just now. Try again in a moment."),
    "unreachable": gettext_lazy("The page did not answer in time, or did not let us in."),
    "not a page": gettext_lazy("This leads to a file, not to a page: it says nothing of itself."),
    "nothing said": gettext_lazy("The page says nothing of itself. Write the card yourself."),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A card as its author wants it."""

    title: str
    about: str
    pictured: bool = True


def read_card(post: Post, url: str, *, by: Member) -> Card:
    """Have the page of a link read, now: its title, what it is about, its picture.

    Whatever the page does, it is over within seconds and the draft is as it was. No transaction
    is open meanwhile. The author's own words for this card are given up: they asked to see the
    page's.
    """
    rules.may_change(post, by)
    must_be_linked(post, url)
    said, why = own_page(url, post.agency), ""
    if is_ours(url, post.agency):
        why = "" if said else "nothing said"
    else:
        try:
            said = page_at(url, post.language)
        except NotRead as error:
            why = error.why
    return keep_card(post, url, said, str(TROUBLES[why]) if why else "", by=by)


def must_be_linked(post: Post, url: str) -> None:
    """Only what stands in the words is read: this is no way to look around elsewhere."""
    if url not in links_of(post) or len(url) > LONGEST_ADDRESS:
        raise Refused(_("This link is not in the words any more."))


@transaction.atomic
def keep_card(
    post: Post, url: str, said: PageSaid | None, trouble: str = "", *, by: Member
) -> Card:
    """Keep what a page said. A page that was read well before and fails now keeps its card."""
    must_be_draft(post)
    forget_unlinked(post)
    card = Card.objects.filter(post=post, url=url).first() or Card(post=post, url=url)
    if card.pk is None and post.cards.count() >= MOST_CARDS:
        raise Refused(_("Twenty cards are the most a post can have."))
    card.trouble, card.read_at = trouble, timezone.now()
    if said:
        take_over(card, said)
    card.save()
    witness("read_card", post, by=by, host=card.host, read=said is not None)
    return card


def forget_unlinked(post: Post) -> None:
    post.cards.exclude(url__in=links_of(post)).delete()


@transaction.atomic
def write_card(card: Card, wording: Wording, *, by: Member) -> Card:
    """Say it otherwise than the page does, or without its picture; also of a page that could not
    be read."""
    rules.may_change(card.post, by)
    must_be_draft(card.post)
    card.title = said_plainly(wording.title, LONGEST_TITLE)
    card.about = said_plainly(wording.about, LONGEST_ABOUT)
    if not card.title:
        raise Refused(_("A card has a title. To send none, leave the card out."))
    card.pictured, card.left_out = wording.pictured, False
    card.save()
    witness("write_card", card.post, by=by, host=card.host)
    return card


@transaction.atomic
def leave_out_card(card: Card, *, by: Member) -> Card:
    """Send no card of this link. The link stays in the words."""
    rules.may_change(card.post, by)
    must_be_draft(card.post)
    card.left_out = True
    card.save(update_fields=["left_out"])
    witness("leave_out_card", card.post, by=by, host=card.host)
    return card
