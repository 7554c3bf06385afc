"""What the clock does for CONNECT: tells other programs, and people of keys that end."""

from __future__ import annotations

import json
import random
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.connect import actions, queries
from commonground.connect.engine.events import PLACES
from commonground.connect.engine.signing import headers
from commonground.connect.models import Notice, Token, Webhook
from commonground.kit.clock import Lane, every
from commonground.kit.mail import send
from commonground.kit.outbound import Unreachable, again_after, post

CARRIERS = 3  # threads of one worker; a program that hangs holds one of them, for its own news
SECONDS = 10.0  # for a whole answer: whoever needs longer answers first and works afterwards
MOST_ANSWER = 64 * 1024  # bytes we read of an answer nobody looks at
HEARD = range(200, 300)


@every(seconds=1)
def pull() -> None:
    actions.pull()


@every(seconds=0.5, lane=Lane.LINES, hands=CARRIERS)
def tell_programs() -> bool:
    """One of them; whether there was one."""
    notice = Notice.objects.due(timezone.now()).select_related("webhook__agency").first()
    if notice is None:
        return False
    tell(notice)
    return True


def tell(notice: Notice, seconds: float = SECONDS) -> None:
    """One try. No transaction is open while the other side thinks."""
    now = timezone.now()
    if not actions.hold_notice(notice, now):
        return
    body = json.dumps(told(notice), separators=(",", ":")).encode()
    signed = headers(notice.webhook.secrets_in_force(), notice.name, int(now.timestamp()), body)
    chance = random.random()  # noqa: S311 - no secret: so that not all come back at once
    try:
        answer = post(
            notice.webhook.address, body, headers=signed, most=MOST_ANSWER, seconds=seconds
        )
    except Unreachable as why:
        actions.note_unheard(notice, str(why), chance=chance)
        return
    if answer.status in HEARD:
        actions.note_heard(notice, answer.status)
    else:
        said = _("It answered %(status)s.") % {"status": answer.status}
        wait = again_after(answer.headers)
        actions.note_unheard(notice, said, chance=chance, status=answer.status, asked=wait)


def told(notice: Notice) -> dict[str, Any]:
    """What happened, to what, and where to read it. The words themselves are fetched with a token:
    whoever reads a letter that went astray learns no draft from it."""
    kind, _colon, key = notice.subject.partition(":")
    base = settings.ENV.site_url.rstrip("/")
    about: dict[str, Any] = {"agency": str(notice.webhook.agency_id)}
    if notice.entry is not None:
        about |= {"entry": notice.entry, "kind": kind, "id": key}
    if kind in PLACES:
        about["read"] = f"{base}{reverse('api:api-root')}{PLACES[kind]}/{key}"
    return {"type": notice.event, "timestamp": notice.at.isoformat(), "data": about}


@every(seconds=10, lane=Lane.MAIL)
def tell_of_webhooks() -> None:
    for webhook in Webhook.objects.to_tell().select_related("owner", "agency"):
        people = queries.who_answers(webhook)
        reached = [member for member in people if write_of_webhook(member, webhook)]
        if reached or not settings.ENV.mail_url or not people:
            actions.tell_of_webhook(webhook, [m.name for m in people], by_mail=bool(reached))


def write_of_webhook(member: Member, webhook: Webhook) -> bool:
    with translation.override(member.language or settings.LANGUAGE_CODE):
        last = webhook.notices.exclude(why="").order_by("-tried_at").first()
        lines = [
            _("“%(name)s” does not answer any more, so the desk stopped telling it.")
            % {"name": webhook.name},
            last.why if last else "",
            _("Nothing is lost: what happens meanwhile waits. When it works again, resume it:"),
            settings.ENV.site_url.rstrip("/") + reverse("connect:webhook", args=[webhook.pk]),
        ]
        subject = _("“%(name)s” does not answer") % {"name": webhook.name}
        return send(member.email, subject, "\n\n".join(filter(None, lines)))


@every(seconds=3600, lane=Lane.MAIL)
def tell_of_tokens() -> None:
    rows = Token.objects.to_tell(timezone.now()).select_related("member")
    for token in rows:
        reached = write_of_token(token)
        if reached or not settings.ENV.mail_url:
            actions.tell_of_token(token, [token.member.name], by_mail=reached)


def write_of_token(token: Token) -> bool:
    with translation.override(token.member.language or settings.LANGUAGE_CODE):
        named = {
            "name": token.name,
            "at": date_format(localtime(token.expires_at), "j F, H:i"),
        }
        lines = [
            _("The key of the program “%(name)s” ends on %(at)s. Until then, make a new one and"
              " give it to the program.") % named,
            settings.ENV.site_url.rstrip("/") + reverse("connect:programs"),
        ]  # fmt: skip
        subject = _("The key of “%(name)s” ends soon") % named
        return send(token.member.email, subject, "\n\n".join(lines))


@every(seconds=3600)
def forget() -> None:
    now = timezone.now()
    actions.forget_uses(now)
    actions.forget_asked(now)
    actions.forget_notices(now)
