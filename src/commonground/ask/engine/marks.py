"""What is kept in place of a person or an address: keyed digests that die with their key."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

# No letters that are read for others on paper: no I, L, O, U (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MEANT = str.maketrans("ILO", "110")
CODE_LENGTH = 12  # 60 bits: nobody guesses one of a thousand codes in a lifetime of trying


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


def plain_code(typed: str) -> str:
    """A code as it was printed, however somebody typed it."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(MEANT)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def code_of(chance: bytes) -> str:
    """A code to print, from at least twelve bytes of chance: K7QF-2M9T-X0VD."""
    signs = "".join(ALPHABET[byte % len(ALPHABET)] for byte in chance[:CODE_LENGTH])
    return "-".join(signs[at : at + 4] for at in range(0, CODE_LENGTH, 4))
