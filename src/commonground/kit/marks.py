"""What is kept in place of a person or an address: keyed digests that die with their key."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network


def mark(key: bytes, kind: str, of: str) -> str:
    """64 hex digits that are the same for the same thing, and mean nothing without the key."""
    return hmac.new(key, f"{kind}\n{of}".encode(), sha256).hexdigest()


def network_of(address: str) -> str:
    """The /24 or /64 an address lies in; "" for what is no address."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


def plain_address(typed: str) -> str:
    """An e-mail address as one person's: case and what follows a plus are not told apart."""
    name, _, host = typed.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host.rstrip('.')}"
