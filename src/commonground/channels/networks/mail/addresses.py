"""E-mail addresses: as they are written to, and as marks that say nothing without the key."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode

from commonground.channels.line.own import site_of
from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark

PUBLIC_HOST = re.compile(r"@[^@\[\]]+\.[^@\[\]]+$")  # a name in public, never a number or our own
LONGEST = 254  # RFC 5321, with its brackets taken off


class NoAddress(ValueError):
    """What was typed is no address that mail can be sent to."""


def normal(typed: str) -> str:
    """The address as we write to it: one spelling for each box, as far as we may tell.

    Case is not told apart: no provider of note gives Ana@ and ana@ to two people.
    """
    written, _, at = typed.strip().rpartition("@")
    if not written.isascii():  # folding would make another's name of it: weiß is not weiss
        raise NoAddress
    address = f"{written}@{at}".casefold()
    try:
        validate_email(address)
        name, _, host = address.rpartition("@")
        plain = f"{name}@{punycode(host.rstrip('.'))}"
    except (ValidationError, UnicodeError) as error:
        raise NoAddress from error
    if len(plain) > LONGEST or not plain.isascii() or not PUBLIC_HOST.search(plain):
        raise NoAddress
    return plain


def person(channel_id: object, address: str) -> str:
    """The mark an address is looked up by. Two lists do not know of each other's people."""
    return mark(lasting_key("addresses of letters"), f"subscriber {channel_id}", address)


def host_of_the_site(channel_id: object) -> str:
    return urlsplit(site_of(channel_id)).hostname or "localhost"


def sender() -> str:
    """The bare address our letters are from."""
    written: str = settings.DEFAULT_FROM_EMAIL
    return written.rpartition("<")[2].rstrip("> ").strip()


def bounces_to() -> str:
    """Where undeliverable letters come back, without a mark."""
    return settings.ENV.mail_bounces or f"bounce@{sender().rpartition('@')[2]}"


def return_path(token: str) -> str:
    """The envelope's sender: what comes back to it can only be about one letter to one person."""
    name, _, host = bounces_to().rpartition("@")
    return f"{name}+{token}@{host}"


def is_ours(address: str) -> bool:
    """Whether a letter to it would come back to this desk, for ever."""
    name, _, host = bounces_to().casefold().rpartition("@")
    box, _, at = address.rpartition("@")
    return address == sender().casefold() or (box.partition("+")[0], at) == (name, host)
