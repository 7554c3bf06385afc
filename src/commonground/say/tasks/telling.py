"""Tells people of trouble by e-mail; the screen shows it anyway. Again and again, until taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonground.agency.models import Member
from commonground.kit.clock import database_now
from commonground.kit.mail import send
from commonground.say import actions, queries
from commonground.say.engine.telling import TRY_AGAIN, whom
from commonground.say.models import Delivery


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
    reached = {member for member, about in letters.items() if write_to(member, about)}
    for delivery, people in named.items():
        by_mail = any(member in reached for member in people)
        if by_mail or not settings.ENV.mail_url or not people:
            actions.tell(delivery, [m.name for m in people], by_mail=by_mail)
        else:
            actions.tell_later(delivery, database_now() + TRY_AGAIN)


def write_to(member: Member, about: Iterable[Delivery]) -> bool:
    """Whether the letter left."""
    with translation.override(member.language or settings.LANGUAGE_CODE):
        return send(member.email, *letter_about(list(about)))


def letter_about(about: list[Delivery]) -> tuple[str, str]:
    """Its subject, and its words."""
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
    return _("“%(post)s” on %(channel)s: %(why)s") % what + f"\n{link}"
