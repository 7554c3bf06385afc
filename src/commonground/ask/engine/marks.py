"""What is kept in place of a person or an address: keyed digests that die with their key."""

from __future__ import annotations

from commonground.kit.marks import mark, network_of, plain_address

__all__ = ["code_of", "mark", "network_of", "plain_address", "plain_code"]

# No letters that are read for others on paper: no I, L, O, U (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MEANT = str.maketrans("ILO", "110")
CODE_LENGTH = 12  # 60 bits: nobody guesses one of a thousand codes in a lifetime of trying


def plain_code(typed: str) -> str:
    """A code as it was printed, however somebody typed it."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(MEANT)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def code_of(chance: bytes) -> str:
    """A code to print, from at least twelve bytes of chance: K7QF-2M9T-X0VD."""
    signs = "".join(ALPHABET[byte % len(ALPHABET)] for byte in chance[:CODE_LENGTH])
    return "-".join(signs[at : at + 4] for at in range(0, CODE_LENGTH, 4))
