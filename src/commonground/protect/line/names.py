"""What the DNS says. A name server is a stranger's, so a question has a few seconds and no more."""

from __future__ import annotations

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

from commonground.kit import troubles

SECONDS = 5.0  # for all servers and all tries of one question
MOST_TEXTS = 64  # an agency with more accounts names its key, and lists them in its file


class Unanswered(Exception):
    """Nobody could say: it may be there or not."""


def texts_at(name: str) -> list[str]:
    """The TXT records of a name; none where it has none. Raises Unanswered."""
    try:
        found = resolver().resolve(name, "TXT", search=False, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, ValueError) as error:
        raise Unanswered(troubles.NO_NAME_SERVER % {"what": name}) from error
    return [b"".join(record.strings).decode("utf-8", "replace") for record in found][:MOST_TEXTS]


def resolver() -> dns.resolver.Resolver:
    """Asks the servers that the settings name, or else this machine's own."""
    named: list[str] = settings.ENV.name_servers
    asks = dns.resolver.Resolver(configure=not named)
    if named:
        asks.nameservers = [server(one) for one in named]
    asks.timeout = SECONDS / 2
    return asks


def server(named: str) -> dns.nameserver.Nameserver:
    """192.0.2.1, 192.0.2.1:5353, 2001:db8::1 or [2001:db8::1]:5353."""
    host, colon, port = named.rpartition(":")
    if not colon or (":" in host and not host.startswith("[")):
        host, port = named, "53"
    return dns.nameserver.Do53Nameserver(host.strip("[]"), int(port))
