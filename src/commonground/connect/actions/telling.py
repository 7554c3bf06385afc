"""What happened is pulled from the record, and told until it was heard or a person must look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.connect import rules
from commonground.connect.engine.events import TEST, event_of, verbs
from commonground.connect.engine.retrying import wait_after
from commonground.connect.models import Bookmark, Notice, Webhook
from commonground.connect.models.webhooks import HELD_FOR, KEPT
from commonground.connect.queries import newest
from commonground.kit.refusals import Refused
from commonground.record.actions import THE_DESK, witness
from commonground.record.models import Entry

AT_ONCE = 500  # entries of one look
MOST_WAITING = 5000  # for one program: whoever sleeps for a month starts afresh by reading


def pull() -> int:
    """Write down what is to be told of all that was recorded since the last look."""
    seen = Bookmark.objects.filter(pk=1).first()
    # Without a mark there never was a program to tell.
    return read_on() if seen and seen.number < newest() else 0


@transaction.atomic
def read_on() -> int:
    mark = Bookmark.objects.select_for_update().get(pk=1)
    last = min(newest(), mark.number + AT_ONCE)
    made = Notice.objects.bulk_create(news(mark.number, last), ignore_conflicts=True)
    mark.number = last
    mark.save(update_fields=["number"])
    return len(made)


def news(after: int, last: int) -> list[Notice]:
    listening: dict[str, list[Webhook]] = defaultdict(list)
    for webhook in Webhook.objects.open():
        listening[str(webhook.agency_id)].append(webhook)
    if not listening:
        return []
    rows = Entry.objects.filter(
        number__gt=after, number__lte=last, verb__in=verbs(), agency__in=listening
    )
    found = []
    for number, agency, verb, subject, at in rows.values_list(
        "number", "agency", "verb", "subject", "at"
    ):
        event = event_of(subject, verb)
        found += [
            Notice(webhook=webhook, event=event, entry=number, subject=subject, at=at)
            for webhook in listening[agency]
            if event in webhook.events
        ]
    return found


def send_test(webhook: Webhook, *, by: Member) -> Notice:
    """Something that did not happen, so that whoever builds the other end sees it arrive."""
    rules.may_change_webhook(webhook, by)
    return Notice.objects.create(webhook=webhook, event=TEST)


def resend(notice: Notice, *, by: Member) -> Notice:
    """Tell it once more, under the same name: whoever heard it before knows it."""
    rules.may_change_webhook(notice.webhook, by)
    now = timezone.now()
    again = {"told_at": None, "given_up_at": None, "next_at": now, "tries": 0, "why": ""}
    free = Q(held_until=None) | Q(held_until__lte=now)
    if not Notice.objects.filter(free, pk=notice.pk).update(**again):
        raise Refused(_("It is being told at this moment."))
    notice.refresh_from_db()
    return notice


def hold_notice(notice: Notice, now: datetime) -> bool:
    """Take it in hand, unless another worker has it."""
    free = Q(held_until=None) | Q(held_until__lte=now)
    mine = Notice.objects.waiting().filter(free, pk=notice.pk)
    return bool(mine.update(held_until=now + HELD_FOR, tries=F("tries") + 1, tried_at=now))


def note_heard(notice: Notice, status: int) -> None:
    now = timezone.now()
    heard = {"told_at": now, "status": status, "why": "", "held_until": None}
    Notice.objects.filter(pk=notice.pk).update(**heard)
    Webhook.objects.filter(pk=notice.webhook_id).update(answered_at=now)


@transaction.atomic
def note_unheard(
    notice: Notice, why: str, *, chance: float, status: int | None = None, asked: float = 0.0
) -> None:
    """Try again later; after the last try the program is paused, and a person must look."""
    notice.refresh_from_db(fields=["tries"])
    wait, now = wait_after(notice.tries, chance, asked), timezone.now()
    row = Notice.objects.filter(pk=notice.pk)
    told = {"why": why[:300], "status": status, "held_until": None}
    if wait is not None:
        row.update(next_at=now + wait, **told)
        return
    row.update(given_up_at=now, **told)
    give_up(notice.webhook, why, now)


def give_up(webhook: Webhook, why: str, now: datetime) -> None:
    running = Webhook.objects.running().filter(pk=webhook.pk)
    if running.update(paused_at=now, given_up_at=now, told_at=None):
        witness("pause_webhook", webhook, by=THE_DESK, why=why[:300])


@transaction.atomic
def tell_of_webhook(webhook: Webhook, names: Sequence[str], *, by_mail: bool) -> None:
    """Note who knows that the desk gave up on it."""
    unknown = Webhook.objects.to_tell().filter(pk=webhook.pk)
    if unknown.update(told_at=timezone.now()):
        route = "screen and e-mail" if by_mail else "screen"
        witness("tell_of_webhook", webhook, by=THE_DESK, names=list(names), route=route)


@transaction.atomic
def forget_notices(now: datetime) -> int:
    """Delete what is a month old; and of a program that sleeps, what nobody will read."""
    old = Notice.objects.filter(at__lt=now - KEPT).delete()[0]
    for webhook in Webhook.objects.open():
        waiting = webhook.notices.waiting().order_by("-at", "-pk")
        beyond = waiting.values_list("pk", flat=True)[MOST_WAITING : MOST_WAITING + AT_ONCE]
        old += Notice.objects.filter(pk__in=list(beyond)).delete()[0]
    return old
