"""Writes an answer as a letter, in the thread of the one it answers; and knows it again by its
name when it is answered, or comes back."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from hmac import compare_digest
from urllib.parse import urlsplit

from commonground.channels.engine import one_line
from commonground.channels.line.own import site_of
from commonground.channels.networks.mailbox.models import Dispatch, Reply, Writer
from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark

# Seven bits and CRLF: every server on the way takes it as it is, and no signature breaks.
POLICY = email.policy.SMTP.clone(cte_type="7bit")
SEAL = 16  # hex digits
NAMED = re.compile(rf"([2-7a-z]{{13}})\.([0-9a-f]{{{SEAL}}})@")
SUBJECT = 150


def seal_of(key: str) -> str:
    return mark(lasting_key("answers from a mailbox"), "answer", key)[:SEAL]


def message_id(reply: Reply) -> str:
    """The same for the same answer, whoever sends it, whenever."""
    host = urlsplit(site_of(reply.channel_id)).hostname or "localhost"
    return f"<{reply.key}.{seal_of(reply.key)}@{host}>"


def return_path(reply: Reply, address: str) -> str:
    """The envelope's sender: what comes back to it can only be about this answer."""
    box, _, host = address.rpartition("@")
    return f"{box}+{reply.key}.{seal_of(reply.key)}@{host}"


def key_in(words: Iterable[str]) -> str:
    """Which answer of ours is named there, if we made the name; "" if none."""
    for said in words:
        for key, seal in NAMED.findall(said[:1000] if said.endswith("@") else f"{said[:1000]}@"):
            if compare_digest(seal, seal_of(key)):
                return str(key)
    return ""


def letter_for(row: Dispatch, writer: Writer) -> bytes:
    """The answer as the one person who asked gets it."""
    reply, asked = row.issue, row.issue.answers
    said = asked.said if asked else {}
    letter = EmailMessage(policy=POLICY)
    box, _, host = reply.channel.handle.rpartition("@")
    letter["From"] = Address(one_line(reply.channel.agency.name), box, host)
    letter["To"] = Address(one_line(writer.said.get("name", "")), addr_spec=writer.said["address"])
    letter["Subject"] = subject_of(said.get("subject", ""), reply.channel.name)
    letter["Message-ID"] = message_id(reply)
    letter["Date"] = reply.made_at
    letter["Content-Language"] = reply.language
    letter["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    thread = [name for name in (*said.get("references", []), said.get("id", "")) if is_id(name)]
    if thread:
        letter["In-Reply-To"] = f"<{thread[-1]}>"
        letter["References"] = " ".join(f"<{name}>" for name in dict.fromkeys(thread))
    letter.set_content(reply.text)
    return letter.as_bytes()


def is_id(name: str) -> bool:
    """A stranger made it: nothing goes into a header of ours that could begin another."""
    return bool(name) and name.isascii() and name.isprintable() and not set(name) & set(" <>")


def subject_of(theirs: str, otherwise: str) -> str:
    words = one_line(theirs) or one_line(otherwise)
    return (words if words.casefold().startswith("re:") else f"Re: {words}")[:SUBJECT]
