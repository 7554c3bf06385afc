"""Comments beneath what stands on our own site: opened by an administrator, written by anybody,
shown by the rule the form names, and hidden only by a measure of two people."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.answer import rules
from commonground.answer.actions.hours import wake_joined
from commonground.answer.models import Conversation
from commonground.answer.rules import comments as comment_rules
from commonground.channels.models import Channel
from commonground.channels.networks.site import commenting
from commonground.channels.networks.site.models import Comment, How, Page, Talk
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn
from commonground.record.actions import witness
from commonground.record.models import LegalHold


@transaction.atomic
def set_talk(channel: Channel, *, how: How, by: Member) -> Talk:
    """Whether people may comment beneath what this channel says, and whether somebody looks
    first. What was written already stays as it is."""
    comment_rules.may_set(channel, how, by)
    talk, _new = Talk.objects.update_or_create(channel=channel, defaults={"how": how.value})
    witness("set_talk", channel, by=by, how=how.value)
    return talk


@transaction.atomic
def close_comments(page: Page, *, by: Member) -> None:
    """Nobody comments there any more; what was written stays, and can be answered."""
    comment_rules.may_close(page, by)
    if not Page.objects.filter(pk=page.pk, closed_at=None).update(closed_at=database_now()):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    witness("close_comments", page, by=by, agency=page.channel.agency_id)


@transaction.atomic
def reopen_comments(page: Page, *, by: Member) -> None:
    """People may comment there again."""
    comment_rules.may_close(page, by)
    if not Page.objects.filter(pk=page.pk).exclude(closed_at=None).update(closed_at=None):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    witness("reopen_comments", page, by=by, agency=page.channel.agency_id)


def comment_on(
    page: Page, *, text: str, name: str, language: str, token: str, come_from: str
) -> str:
    """Take a comment of anybody's, and give the word of its own page."""
    wanted = comment_rules.must_take_comments(page)
    return commenting.say(
        page.channel_id, beneath=page.place, text=text, name=name, language=language,
        shown=wanted == How.AT_ONCE, token=token, come_from=come_from,
    )  # fmt: skip


@transaction.atomic
def show_comment(conversation: Conversation, *, by: Member) -> None:
    """Somebody looked: from now on everybody reads it. Not to like it is no reason against it."""
    rules.may_act(conversation.agency_id, by)
    names = [str(m.said.get("id", "")) for m in conversation.messages.all()]
    rows = Comment.objects.filter(channel=conversation.channel_id, key__in=names, gone_at=None)
    if not rows.filter(shown_at=None).update(shown_at=database_now()):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    witness("show_comment", conversation, by=by)


@transaction.atomic
def delete_comment(comment: Comment) -> None:
    """Whoever wrote it deletes it: it is gone at once, and the inbox hears of it."""
    commenting.take_back(comment)
    wake_joined(comment)


@transaction.atomic
def forget_comments(limit: int) -> int:
    """Delete the words whose time is over, unless a legal hold keeps everything."""
    held = [UUID(one) for one in LegalHold.objects.standing().values_list("agency", flat=True)]
    old = Comment.objects.to_forget(database_now()).exclude(channel__agency__in=held)
    found = list(old.distinct()[:limit])
    for comment in found:
        commenting.forget(comment)
    return len(found)
