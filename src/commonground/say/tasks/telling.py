"""Tells people of trouble by e-mail; the screen shows it anyway. Again and again, until taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, ngettext

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.mail import send
from commonground.say import actions, queries
from commonground.say.engine.telling import TRY_AGAIN, whom
from commonground.say.models import BrokenGlass, Delivery, Post, ReviewRequest

type Letter = tuple[str, str]  # its subject, and its words


def tell_people() -> None:
    """One letter a person, however many deliveries are in trouble."""
    due = Delivery.objects.to_tell(database_now()).select_related(
        "variant__post__author", "variant__channel"
    )
    letters: dict[Member, list[Delivery]] = defaultdict(list)
    named: dict[Delivery, list[Member]] = {}
    for delivery in due:
        named[delivery] = list(whom(queries.responsible_for(delivery), delivery.told))
        for member in named[delivery]:
            letters[member].append(delivery)
    reached = {m for m, about in letters.items() if write_to(m, partial(letter_about, about))}
    for delivery, people in named.items():
        by_mail = any(member in reached for member in people)
        if by_mail or not settings.ENV.mail_url or not people:
            actions.tell(delivery, [m.name for m in people], by_mail=by_mail)
        else:
            actions.tell_later(delivery, database_now() + TRY_AGAIN)


def ask_for_readers() -> None:
    """Whoever may approve a waiting post hears of it; and where nobody may, its author and the
    administrators do."""
    due = ReviewRequest.objects.to_tell(database_now())
    for request in due.select_related("post__author", "post__agency"):
        readers = queries.readers_of(request.post)
        people = readers or queries.instead_of_readers(request.post)
        letter = partial(letter_to_readers if readers else letter_without_readers, request)
        reached = [m for m in people if write_to(m, letter)]
        names = [m.name for m in people]
        actions.ask_to_read(request, names, by_mail=bool(reached), nobody=not readers)


def letter_to_readers(request: ReviewRequest) -> Letter:
    """What waits, since when and until when, and where to read it. The words themselves stay on
    the desk: a mailbox is not the place to approve from."""
    post = request.post
    named = named_in(request)
    lines = [_("%(author)s asks for a second pair of eyes on “%(post)s”.") % named]
    if post.urgent:
        lines.append(_("It is urgent."))
    if post.go_out_at:
        lines.append(_("It should go out on %(at)s.") % named)
    if request.told:
        lines.append(_("It has waited since %(since)s.") % named)
    lines.append(settings.ENV.site_url.rstrip("/") + reverse("say:approve", args=[post.pk]))
    subject = _("Urgent: “%(post)s” waits for your yes") if post.urgent else _(
        "“%(post)s” waits for your yes"
    )  # fmt: skip
    return subject % named, "\n\n".join(lines)


def letter_without_readers(request: ReviewRequest) -> Letter:
    named = named_in(request)
    lines = [
        _("“%(post)s” by %(author)s waits for approval, and nobody may give it.") % named,
        _("An approver is needed who did not write it and whose certificate is in force."
          " An administrator can give the role, and a trainer the certificate."),
        settings.ENV.site_url.rstrip("/") + request.post.get_absolute_url(),
    ]  # fmt: skip
    return _("Nobody may approve “%(post)s”") % named, "\n\n".join(lines)


def named_in(request: ReviewRequest) -> dict[str, str]:
    post = request.post
    return {
        "post": " ".join(str(post).split()), "author": post.author.name,
        "at": in_words(post.go_out_at), "since": in_words(request.asked_at),
    }  # fmt: skip


def in_words(at: datetime | None) -> str:
    return date_format(localtime(at), "j F, H:i") if at else ""


def tell_of_holds() -> None:
    """Whoever wrote a post, and whoever let it go out, hear that somebody holds it."""
    rows = Post.objects.held().filter(held_told_at=None)
    for post in rows.select_related("author", "held_by"):
        people = queries.concerned_by_hold(post)
        reached = [m for m in people if write_to(m, partial(hold_letter, post))]
        if reached or not settings.ENV.mail_url or not people:
            actions.tell_of_hold(post, [m.name for m in people], by_mail=bool(reached))


def hold_letter(post: Post) -> Letter:
    """Who holds it, why, and when it lapses."""
    who = post.held_by.name if post.held_by else _("The desk")
    named = {
        "post": " ".join(str(post).split()), "who": who, "why": post.held_because,
        "until": date_format(localtime(post.too_late_at), "j F, H:i"),
    }  # fmt: skip
    lines = [
        _("%(who)s holds back “%(post)s”: %(why)s") % named,
        _("It does not go out until an approver releases it. It lapses on %(until)s.") % named,
        settings.ENV.site_url.rstrip("/") + post.get_absolute_url(),
    ]
    return _("“%(post)s” is held") % named, "\n\n".join(lines)


def tell_of_glass() -> None:
    """Whoever could have read it in time hears that it went out without them."""
    due = BrokenGlass.objects.to_tell(database_now())
    for glass in due.select_related("post", "by", "agency"):
        people = queries.concerned_by_glass(glass)
        reached = [m for m in people if write_to(m, partial(glass_letter, glass))]
        actions.tell_of_glass(glass, [m.name for m in people], by_mail=bool(reached))


def glass_letter(glass: BrokenGlass) -> Letter:
    """Who published what alone, why, and until when somebody must look."""
    named = {
        "post": " ".join(str(glass.post).split()), "who": glass.by.name, "why": glass.reason,
        "until": date_format(localtime(glass.review_by), "j F, H:i"),
    }  # fmt: skip
    lines = [
        _("%(who)s published “%(post)s” without a second person: %(why)s") % named,
        _("Another approver must look at it until %(until)s, and say whether it was right.")
        % named,
        settings.ENV.site_url.rstrip("/") + glass.post.get_absolute_url(),
    ]
    return _("%(who)s published alone") % named, "\n\n".join(lines)


def write_to(member: Member, letter: Callable[[], Letter]) -> bool:
    """Whether it left: in the member's own language."""
    with translation.override(member.language or settings.LANGUAGE_CODE):
        return send(member.email, *letter())


def letter_about(about: list[Delivery]) -> Letter:
    subject = ngettext(
        "%(n)d delivery needs a person", "%(n)d deliveries need a person", len(about)
    ) % {"n": len(about)}
    lines = [line_about(delivery) for delivery in about]
    now = settings.ENV.site_url.rstrip("/") + reverse("now")
    ending = _("Take it on the first page of the desk, or more people are told every 15 minutes:")
    return subject, "\n\n".join([*lines, f"{ending}\n{now}"])


def line_about(delivery: Delivery) -> str:
    post = delivery.variant.post
    link = settings.ENV.site_url.rstrip("/") + post.get_absolute_url()
    what = {
        "post": " ".join(str(post).split()), "channel": delivery.variant.channel.name,
        "why": delivery.why or _("It is late, and the desk goes on trying."),
    }  # fmt: skip
    words = _("“%(post)s” on %(channel)s: %(why)s") % what
    return "\n".join([words, *thread_line(delivery), link])


def thread_line(delivery: Delivery) -> list[str]:
    """How far a thread came, and that somebody must decide what becomes of it."""
    whole = len(delivery.variant.parts)
    if whole < 2:
        return []
    out = delivery.variant.deliveries.filter(state="sent").count()
    words = ngettext(
        "%(out)d of %(whole)d parts of the thread is out. Go on with it, or take it back.",
        "%(out)d of %(whole)d parts of the thread are out. Go on with it, or take it back.",
        out,
    )
    return [words % {"out": out, "whole": whole}]
