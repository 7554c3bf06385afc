"""Reads what comes back: which letter to whom was not delivered, and whether it is for good.

A bounce counts only if it came to the secret return path of one letter to one person. What it
says besides is a stranger's word: it can stop letters to that one person, and nothing else.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message as Mail

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.channels.line import statuses
from commonground.channels.networks.mail import links
from commonground.channels.networks.mail.models import Letter, Recipient, Subscriber, Tally

MOST = 256_000  # bytes that are read: a report stands at the beginning
PARTS = 50
IN_A_ROW = 5  # letters that came back before we stop writing
SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
TOKEN = re.compile(rf"\+([0-9a-f]{{{links.NAME + links.SEAL}}})@")


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says of one letter."""

    tokens: tuple[str, ...]
    failed: tuple[str, ...]  # the statuses of what was not delivered


def read(raw: bytes, sent_to: str = "") -> Report | None:
    """The report in a message, if it is one. Strangers write these: nothing here may fail."""
    try:
        mail = email.message_from_bytes(raw[:MOST], policy=email.policy.compat32)
        tokens = tuple(dict.fromkeys(tokens_in(mail, sent_to)))
        if not tokens or mail.get_content_type() != "multipart/report":
            return None
        told = [told_in(part) for part in statuses_in(mail)]
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return None
    return Report(tokens, tuple(status for action, status in told if action == "failed"))


def tokens_in(mail: Mail, sent_to: str) -> Iterator[str]:
    """The marks in whatever says to which address this came."""
    said = [sent_to, *(str(v) for name in SENT_TO for v in mail.get_all(name, [])[:5])]
    for words in said:
        yield from TOKEN.findall(words[:1000].casefold())


def statuses_in(mail: Mail) -> Iterator[Mail]:
    """The blocks about recipients in the report's own part; never in what it quotes."""
    for part in inside(mail):
        if part.get_content_type() == "message/delivery-status":
            yield from inside(part)


def inside(mail: Mail) -> list[Mail]:
    parts = mail.get_payload()
    found = parts[:PARTS] if isinstance(parts, list) else []
    return [part for part in found if isinstance(part, Mail)]


def told_in(block: Mail) -> tuple[str, str]:
    """What was done, and the status as three numbers."""
    action = str(block.get("Action", "")).strip().casefold()
    return action, statuses.status_in(str(block.get("Status", ""))[:100])


def take(raw: bytes, sent_to: str = "") -> str:
    """Do what one message that came back asks for; and say in a word what that was."""
    report = read(raw, sent_to)
    if report is None:
        return "no report about a letter of ours"
    if not report.failed:
        return "not delivered yet"
    words = [note_bounce(token, report.failed) for token in report.tokens[:PARTS]]
    return next((word for word in words if word), "no letter of ours has this mark")


@transaction.atomic
def note_bounce(token: str, failed: Sequence[str]) -> str:
    """One letter did not arrive. "" if there is none with this mark."""
    nobody = any(map(statuses.nobody_there, failed))
    called = links.called_by("recipient", token)
    row = Recipient.objects.select_for_update().filter(name=called).first()
    if row is None:
        return never_confirmed(token) if nobody else ""
    if row.bounced_at:
        return "known already"
    if not nobody and any(map(statuses.about_us, failed)):
        refused = _("Some servers refuse letters from us (%(status)s).") % {"status": failed[0]}
        Letter.objects.filter(pk=row.issue_id).update(trouble=refused)
        return "it is we who are refused"
    return "stopped" if note_refusal(row, nobody=nobody) else "counted"


def never_confirmed(token: str) -> str:
    """The letter that asks for a yes found no box: there is nobody to wait for."""
    rows = Subscriber.objects.of(token).filter(confirmed_at=None)
    return "forgotten" if rows.delete()[0] else ""


def note_refusal(row: Recipient, *, nobody: bool) -> bool:
    """A letter was not taken for somebody. Whether we stop writing to them."""
    now = timezone.now()
    Recipient.objects.filter(pk=row.pk).update(bounced_at=now)
    if row.reader_id is None or not (nobody or in_a_row(row)):
        return False
    stopped = Subscriber.objects.filter(pk=row.reader_id, bounced_at=None)
    if stopped.update(bounced_at=now):
        Tally.one_more(row.issue.channel_id, "bounced")
        return True
    return False


def in_a_row(row: Recipient) -> bool:
    """Whether this letter and the four before it all came back. Later ones may still be under
    way: reports take days."""
    before = Recipient.objects.filter(reader=row.reader_id, pk__lte=row.pk)
    last = list(before.order_by("-pk").values_list("bounced_at", flat=True)[:IN_A_ROW])
    return len(last) == IN_A_ROW and all(last)
