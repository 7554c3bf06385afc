"""Which programs elsewhere are told, of what, and with which secret."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.connect import rules
from commonground.connect.engine.events import known
from commonground.connect.engine.signing import as_text
from commonground.connect.models import Bookmark, Webhook, WebhookSecret
from commonground.connect.models.webhooks import BOTH_HOLD
from commonground.connect.queries import newest
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import witness

BYTES = 32


@transaction.atomic
def open_webhook(
    *, name: str, address: str, events: Collection[str], by: Member, owner: Member | None = None
) -> tuple[Webhook, str]:
    """Tell a program elsewhere from now on; and the secret it checks signatures with, which is
    seen this once."""
    rules.may_manage_webhooks(by)
    rules.must_not_be_a_drill(by.agency)
    rules.must_lead_outside(address)
    rules.must_have_room(by.agency)
    try:
        with transaction.atomic():
            webhook = Webhook.objects.create(
                agency=by.agency, owner=owner or by, name=name, address=address,
                events=known(events),
            )  # fmt: skip
    except IntegrityError:
        raise named_already() from None
    # What was before there was anybody to tell is nobody's news.
    Bookmark.objects.get_or_create(pk=1, defaults={"number": newest()})
    witness("open_webhook", webhook, by=by, address=address, events=webhook.events)
    return webhook, new_secret(webhook)


def named_already() -> Refused:
    return Refused(_("There is a program of this name already. Choose another."))


@transaction.atomic
def change_webhook(
    webhook: Webhook, *, name: str, address: str, events: Collection[str], by: Member
) -> Webhook:
    """Another name, place or choice of events, from now on. Its secret stays."""
    rules.may_change_webhook(webhook, by)
    rules.must_lead_outside(address)
    webhook.name, webhook.address, webhook.events = name, address, known(events)
    try:
        with transaction.atomic():
            webhook.save(update_fields=["name", "address", "events"])
    except IntegrityError:
        raise named_already() from None
    witness("change_webhook", webhook, by=by, address=address, events=webhook.events)
    return webhook


@transaction.atomic
def renew_secret(webhook: Webhook, *, by: Member) -> str:
    """A new secret. The old one signs beside it for a day, so that nothing is missed."""
    rules.may_change_webhook(webhook, by)
    webhook.secrets.filter(ends_at=None).update(ends_at=timezone.now() + BOTH_HOLD)
    witness("renew_secret", webhook, by=by)
    return new_secret(webhook)


def new_secret(webhook: Webhook) -> str:
    secret = secrets.token_bytes(BYTES)
    WebhookSecret.of(webhook, secret).save(force_insert=True)
    return as_text(secret)


@transaction.atomic
def pause_webhook(webhook: Webhook, *, by: Member) -> Webhook:
    """What happens meanwhile waits, and is told afterwards."""
    rules.may_change_webhook(webhook, by)
    return switched(webhook, "pause_webhook", by, paused=True)


@transaction.atomic
def resume_webhook(webhook: Webhook, *, by: Member) -> Webhook:
    """Tell it again, what waited first."""
    rules.may_change_webhook(webhook, by)
    webhook.notices.waiting().update(next_at=timezone.now(), tries=0)
    return switched(webhook, "resume_webhook", by, paused=False)


def switched(webhook: Webhook, verb: str, by: Member, *, paused: bool) -> Webhook:
    as_it_was = Webhook.objects.open().filter(pk=webhook.pk, paused_at__isnull=paused)
    at = timezone.now() if paused else None
    if not as_it_was.update(paused_at=at, given_up_at=None, told_at=None):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    webhook.refresh_from_db()
    witness(verb, webhook, by=by)
    return webhook


@transaction.atomic
def close_webhook(webhook: Webhook, *, by: Member) -> None:
    """It is told nothing any more, and its secrets are deleted."""
    rules.may_change_webhook(webhook, by)
    Webhook.objects.filter(pk=webhook.pk).update(closed_at=timezone.now())
    webhook.secrets.all().delete()
    witness("close_webhook", webhook, by=by)
