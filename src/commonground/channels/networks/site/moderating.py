"""Hiding what somebody wrote on our own site, once two people have agreed to it by a rule."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_noop

from commonground.channels.contract import Busy, Declined, Login, Receipt, Unsure
from commonground.channels.contract.moderating import Act, Aim, Moderates
from commonground.channels.line.own import database, site_of
from commonground.channels.networks.site.models import Comment
from commonground.kit.sealed import sealed_for


def impose(login: Login, act: Act, aim: Aim) -> None:
    comment = theirs(login, act, aim)
    with database(Unsure):
        Comment.objects.filter(pk=comment.pk, hidden_at=None).update(hidden_at=timezone.now())


def undo(login: Login, act: Act, aim: Aim) -> None:
    comment = theirs(login, act, aim)
    with database(Unsure):
        Comment.objects.filter(pk=comment.pk).update(hidden_at=None)


def tell(login: Login, aim: Aim, words: str, key: str) -> Receipt:
    """On the page that only whoever wrote it can open. Told twice, it stands there once."""
    comment = theirs(login, Act.HIDE, aim)
    with database(Unsure):
        notice = {"key": key, "words": words}
        Comment.objects.filter(pk=comment.pk).update(**sealed_for(comment, notice=notice))
    return Receipt(comment.key, site_of(login.channel_id))


def theirs(login: Login, act: Act, aim: Aim) -> Comment:
    if act != Act.HIDE:
        raise Declined("Nobody has an account on our own site: nobody can be shut out of it.")
    with database(Busy):
        comment = Comment.objects.filter(channel_id=login.channel_id, key=aim.message).first()
    if comment is None:
        raise Declined("This is not on our site.")
    return comment


MODERATES = Moderates(
    means={
        Act.HIDE: gettext_noop(
            "Its words are not shown on our site any more. In their place stands the rule."
        )
    },
    impose=impose,
    undo=undo,
    tell=tell,
)
