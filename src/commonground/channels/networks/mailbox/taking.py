"""Takes in what the mail server hands over: each letter once, or a word why not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from email.message import Message as Mail
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _, ngettext

from commonground.channels.line import statuses
from commonground.channels.networks.mailbox import reading, writing
from commonground.channels.networks.mailbox.models import Dispatch, Received, Tally, Writer
from commonground.channels.networks.mailbox.reading import Letter, inside
from commonground.kit.clock import database_now
from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark

AN_HOUR = timedelta(hours=1)
OF_ONE = 30  # letters an hour; more is a loop, or somebody who means no good
SENT_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")


class NotOurs(Exception):
    """No mailbox of this desk has this address: whoever set up the mail server must look."""


def take(raw: bytes, sent_to: str = "") -> str:
    """What was done with one letter, in a word. Raises NotOurs."""
    mail = reading.parsed(raw)
    channel = channel_for(mail, sent_to)
    if mail is None:
        return set_aside(channel, "unreadable")
    if came_back := writing.key_in(addressed_to(mail, sent_to)):
        return note_bounce(channel, came_back, mail)
    if reading.written_by_a_machine(mail):
        return set_aside(channel, "machine")
    letter = reading.read(mail)
    if letter is None:
        return set_aside(channel, "unreadable")
    if is_ours(letter.address):
        return set_aside(channel, "loop")
    return keep(channel, letter, raw)


def channel_for(mail: Mail | None, sent_to: str) -> Any:
    """The mailbox it was sent to, whatever mark stands in the address."""
    said = [bare(a) for a in addressed_to(mail, sent_to)]
    boxes = mailboxes().exclude(state="closed").filter(drill=False)
    # Of two that say the same address, whoever proved it first has it: the last in a dict stays.
    boxes = boxes.order_by(F("proved_at").desc(nulls_first=True))
    found = {box.handle.casefold(): box for box in boxes}
    for address in said:
        if address in found:
            return found[address]
    raise NotOurs(", ".join(said[:3]))


def mailboxes() -> Any:
    return apps.get_model("commonground_channels", "Channel").objects.filter(network="mailbox")


def others_with(address: str, own: Any) -> Any:
    """Other mailboxes of this server that say this address. Their letters are not ours to read."""
    return mailboxes().exclude(state="closed").exclude(pk=own).filter(handle__iexact=address)


def addressed_to(mail: Mail | None, sent_to: str) -> list[str]:
    """What the mail server says first; it knows, and the letter only claims."""
    if sent_to:
        return ADDRESS.findall(sent_to[:1000].casefold())
    said = [str(v)[:1000] for name in SENT_TO for v in (mail.get_all(name, []) if mail else [])[:5]]
    return [a for words in said for a in ADDRESS.findall(words.casefold())]


def bare(address: str) -> str:
    box, _at, host = address.rpartition("@")
    return f"{box.partition('+')[0]}@{host}"


def is_ours(address: str) -> bool:
    """A letter of our own that came round: whoever answered it would answer themselves."""
    ours = {handle.casefold() for handle in mailboxes().values_list("handle", flat=True)}
    sender = str(settings.DEFAULT_FROM_EMAIL).rpartition("<")[2].rstrip("> ").strip()
    return bare(address) in ours | {sender.casefold()}


def set_aside(channel: Any, why: str) -> str:
    Tally.one_more(channel.pk, why)
    return f"set aside: {why}"


@transaction.atomic
def keep(channel: Any, letter: Letter, raw: bytes) -> str:
    """One letter from a person. A mail server that hands it over twice changes nothing."""
    named = letter.id or hashlib.sha256(raw).hexdigest()
    own_mark = mark_of(channel, f"letter {named} {letter.address}")
    if Received.objects.filter(mark=own_mark).exists():
        return "known already"
    writer = writer_for(channel, letter)
    if writer.received.filter(came_at__gt=database_now() - AN_HOUR).count() >= OF_ONE:
        return set_aside(channel, "flood")
    said = {"id": letter.id, "references": list(letter.references[::-1][-10:]),
            "subject": letter.subject, "text": in_whole(letter)}  # fmt: skip
    _kept, is_new = Received.objects.get_or_create(
        mark=own_mark,
        defaults={"channel": channel, "writer": writer, "said": said, "at": letter.at,
                  "called": mark_named(channel, letter.id),
                  "beneath": beneath(channel, letter.references)},
    )  # fmt: skip
    return "taken in" if is_new else "known already"


def writer_for(channel: Any, letter: Letter) -> Writer:
    said = {"address": letter.address, "name": letter.name}
    person = mark_of(channel, f"writer {letter.address}")
    return Writer.objects.get_or_create(channel=channel, person=person, defaults={"said": said})[0]


def mark_of(channel: Any, words: str) -> str:
    return mark(lasting_key("letters to a mailbox"), f"mailbox {channel.pk}", words)


def in_whole(letter: Letter) -> str:
    """Its subject, its words, and that something was enclosed: nothing is left out in silence."""
    enclosed = ngettext(
        "[%(n)d file was enclosed. It is in the mailbox, not here.]",
        "[%(n)d files were enclosed. They are in the mailbox, not here.]",
        letter.enclosed,
    ) % {"n": letter.enclosed}
    is_answer = letter.subject.casefold().startswith(("re:", "aw:", "sv:", "tr:", "ré:"))
    parts = ["" if is_answer else letter.subject, letter.text, enclosed if letter.enclosed else ""]
    return "\n\n".join(part for part in parts if part) or letter.subject


def beneath(channel: Any, references: Sequence[str]) -> str:
    """What it goes on with: the nearest answer of ours or letter of theirs that is known here.

    Anybody may name any letter. It only says in which thread this one is shown: whoever wrote
    it has a conversation of their own there, and nobody is answered with another's words.
    """
    for reference in references[: reading.REFERENCES]:
        if key := writing.key_in([reference]):
            return key
        known = Received.objects.filter(channel=channel, called=mark_named(channel, reference))
        if found := known.first():
            return found.mark
    return ""


def mark_named(channel: Any, message_id: str) -> str:
    return mark_of(channel, f"id {message_id}") if message_id else ""


@transaction.atomic
def note_bounce(channel: Any, key: str, mail: Mail) -> str:
    """An answer of ours did not arrive. Whoever had the conversation is told in its thread."""
    row = Dispatch.objects.select_for_update().filter(issue__key=key).first()
    told = failures_in(mail)
    if row is None or row.reader is None or not told:
        return "no report about an answer of ours"
    why = _("It came back: the mail server could not deliver this answer (%(status)s).") % {
        "status": told
    }
    said = {"text": why, "came_back": True}
    _kept, is_new = Received.objects.get_or_create(
        mark=mark_of(channel, f"came back {key}"),
        defaults={"channel_id": row.reader.channel_id, "writer": row.reader, "said": said,
                  "beneath": key},
    )  # fmt: skip
    if is_new:
        type(row.issue)._default_manager.filter(pk=row.issue_id).update(trouble=why[:200])
    return "came back" if is_new else "known already"


def failures_in(mail: Mail) -> str:
    """The first status for good in a report's own part; never in what it quotes."""
    try:
        if mail.get_content_type() != "multipart/report":
            return ""
        told = [p for p in inside(mail) if p.get_content_type() == "message/delivery-status"]
        for block in (block for part in told for block in inside(part)):
            if "failed" in str(block.get("Action", "")).casefold():
                return statuses.status_in(str(block.get("Status", ""))[:100]) or "5.0.0"
    except reading.ODD:
        return ""
    return ""
