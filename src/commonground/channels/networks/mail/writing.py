"""Writes letters: the post for one person, and what concerns their own subscription."""

from __future__ import annotations

import email.policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from hashlib import sha256

from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, TimestampSigner
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from commonground.channels.engine import cut, one_line
from commonground.channels.line.own import site_of
from commonground.channels.networks.mail import addresses
from commonground.channels.networks.mail.models import (
    CONFIRM_WITHIN,
    Letter,
    Owed,
    Recipient,
    Subscriber,
)


class AsWritten(UnstructuredHeader, BaseHeader):
    """A header in one line, whatever its length. The library would write a long address as an
    encoded word, in which no mail program finds it."""

    def fold(self, *, policy: email.policy.Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
for machine_reads in ("list-unsubscribe", "list-unsubscribe-post", "list-id"):
    HEADERS.map_to_type(machine_reads, AsWritten)
# Seven bits and CRLF: every server on the way takes it as it is, and no signature breaks.
POLICY = email.policy.SMTP.clone(cte_type="7bit", header_factory=HEADERS)
# What Exchange should not answer. Never "All": we need to hear what could not be delivered.
QUIET = "OOF, AutoReply, RN, NRN"
SUBJECT = 120  # characters; phones show a third of it
# No colon: some mail programs end a link there.
SIGNER = TimestampSigner(sep=".", salt="mail.confirm")


def link_to(subscriber: Subscriber, path: str) -> str:
    return site_of(subscriber.channel_id) + path


def leave_link(subscriber: Subscriber) -> str:
    return link_to(subscriber, f"/letters/leave/{subscriber.token}")


def confirm_link(subscriber: Subscriber) -> str:
    return link_to(subscriber, f"/letters/confirm/{SIGNER.sign(subscriber.token)}")


def token_in(link: str) -> str | None:
    """Whose link it is, if we made it, and not too long ago."""
    try:
        return SIGNER.unsign(link, max_age=CONFIRM_WITHIN)
    except BadSignature:
        return None


def letter_for(recipient: Recipient, subscriber: Subscriber) -> bytes:
    """The post as this one person gets it: the same words as plain text and as a page."""
    letter = recipient.issue
    agency = letter.channel.agency
    named = f"{letter.channel_id.hex}.{addresses.host_of_the_site(letter.channel_id)}"
    letter.speak(subscriber.language, agency.language)
    leave = leave_link(subscriber)
    with translation.override(subscriber.language):
        about = {
            "letter": letter, "agency": agency, "leave": leave, "address": address_of(letter),
            "pictures": pictures_of(letter), "language": subscriber.language,
        }  # fmt: skip
        written = EmailMultiAlternatives(
            subject=subject_of(letter),
            body=render_to_string("mail/letter.txt", about),
            from_email=sender_of(agency.name),
            to=[subscriber.address],
            headers={
                "Message-ID": message_id(recipient),
                "List-ID": f"<{named}>",
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Content-Language": letter.language,
                "Precedence": "list",  # answering machines stay silent
                "X-Auto-Response-Suppress": QUIET,
            },
        )
        written.attach_alternative(render_to_string("mail/letter.html", about), "text/html")
    return written.message(policy=POLICY).as_bytes()


def address_of(letter: Letter) -> str:
    """Its page, in the language of the letter that leads there."""
    return letter.receipt.url + (f"?in={letter.language}" if letter.also else "")


def own_letter(subscriber: Subscriber, agency_name: str, list_name: str) -> bytes:
    """What somebody gets who typed this address: a link to confirm, or that they are on it."""
    with translation.override(subscriber.language):
        confirms = subscriber.owed == Owed.CONFIRM
        about = {
            "agency": agency_name, "list": list_name, "confirms": confirms,
            "link": confirm_link(subscriber) if confirms else leave_link(subscriber),
        }  # fmt: skip
        subject = _("Please confirm: letters from %(agency)s") if confirms else _(
            "You get letters from %(agency)s already"
        )  # fmt: skip
        written = EmailMultiAlternatives(
            subject=one_line(subject % {"agency": agency_name}),
            body=render_to_string("mail/own.txt", about),
            from_email=sender_of(agency_name),
            to=[subscriber.address],
            headers={
                "Auto-Submitted": "auto-generated",  # RFC 3834: no machine answers it
                "Content-Language": subscriber.language,
                "X-Auto-Response-Suppress": QUIET,
            },
        )
    return written.message(policy=POLICY).as_bytes()


def subject_of(letter: Letter) -> str:
    return cut(one_line(letter.title or letter.text), SUBJECT)


def sender_of(name: str) -> str:
    box, _, host = addresses.sender().rpartition("@")
    return str(Address(one_line(name), box, host))


def message_id(recipient: Recipient) -> str:
    """The same for the same letter to the same person, whoever sends it, whenever."""
    tag = sha256(f"{recipient.issue.key} {recipient.token}".encode()).hexdigest()[:24]
    host = addresses.host_of_the_site(recipient.issue.channel_id)
    return f"<{recipient.issue.key}.{tag}@{host}>"


def pictures_of(letter: Letter) -> list[dict[str, object]]:
    """Where each picture is, without its bytes. No link says who follows it."""
    at = letter.receipt.url
    return [
        {"url": f"{at}/picture-{p.place}", "alt": p.alt, "width": p.width, "height": p.height}
        for p in letter.pictures.all()
    ]
