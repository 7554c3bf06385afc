"""Letters as people write them, handed to a mailbox of the desk."""

from __future__ import annotations

from itertools import count

from tests import given

from commonground.channels.contract import Login, Receipt
from commonground.channels.networks.mailbox import taking
from commonground.channels.networks.mailbox.models import Received

US = "questions@harbour.example"
ANA = "ana@people.example"
number = count(1)


def a_mailbox(**but):
    return given.a_channel(**{"network": "mailbox", "name": "Questions", "handle": US, **but})


def a_letter(text="Is the bridge open?", *, body=None, **headers):
    """One letter, as the mail server hands it over. A header that is None is left out."""
    said = {
        "From": f"Ana Bell <{ANA}>", "To": US, "Subject": "The bridge",
        "Message-ID": f"<{next(number)}@people.example>",
        "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items() if value is not None)
    return (head + "\r\n").encode() + (text.encode() if body is None else body)


def write(text="Is the bridge open?", sent_to="", **how):
    return taking.take(a_letter(text, **how), sent_to)


def the_last():
    return Received.objects.latest("pk")


def login_of(channel):
    return Login(str(channel.pk), handle=channel.handle)


def receipt_of(letter):
    return Receipt(letter.mark, "")
