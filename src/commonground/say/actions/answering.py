"""An answer is a post beneath somebody's own: the same approvals, coach and proof."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.channels.models import Channel
from commonground.kit.refusals import NotYours, Refused
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.models import Answered, Post, Variant, print_of

MOST_TITLE = 120


@transaction.atomic
def begin_answer(
    channel: Channel, said: dict[str, str], *, text: str, language: str, by: Member
) -> Post:
    """A draft that stands beneath what somebody said, on the channel where they said it.

    `said`: the id and the address of their post, their handle, and the words that are answered.
    """
    rules.may_write(by)
    if not channel.kind.answers:
        raise Refused(_("Nobody can be answered on this network from here. Answer there by hand."))
    if not Channel.objects.spoken_by(by).filter(pk=channel.pk).exists():
        raise NotYours(
            _("You are not authorised to speak on %(channel)s. Hand it over to somebody who is.")
            % {"channel": channel.name}
        )
    title = (_("Answer on %(channel)s") % {"channel": channel.name})[:MOST_TITLE]
    post = Post.objects.create(
        agency=by.agency, author=by, title=title, text=text, language=language,
        answers=print_of(channel, said),
    )  # fmt: skip
    Answered.objects.create(post=post, channel=channel, said=said)
    Variant.objects.create(post=post, channel=channel, title=title, text=text)
    witness("begin", post, by=by, moment=None, answers=post.answers)
    return post
