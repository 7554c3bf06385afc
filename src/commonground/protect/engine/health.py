"""What is wrong with how one of our accounts is kept, on its network.

The United States' SEC lost its account on 9 January 2024: the second factor had been off for six
months, and nobody knew. So a check that is old is as bad as none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CHECKED_EVERY = timedelta(days=30)


class Factor(StrEnum):
    KEY = "key"  # a passkey or a security key
    CODE = "code"  # from an app
    TEXT = "text"  # by text message: whoever talks a company out of our number has it
    NONE = "none"


class Fault(StrEnum):
    UNPROVED = "unproved"  # a proof that stood is broken
    UNCHECKED = "unchecked"
    NO_FACTOR = "no factor"
    BY_TEXT = "by text"
    NO_RECOVERY = "no recovery"
    NOBODY = "nobody"
    ONE_PERSON = "one person"
    LEAVER = "leaver"


GRAVE = frozenset({Fault.UNPROVED, Fault.UNCHECKED, Fault.NO_FACTOR, Fault.NOBODY, Fault.LEAVER})


@dataclass(frozen=True, slots=True)
class Kept:
    """How a person found an account kept."""

    at: datetime
    factor: Factor
    recovery_is_ours: bool
    owners: int  # members who can sign in there and still serve
    leavers: int  # and who no longer do


def faults(kept: Kept | None, now: datetime) -> list[Fault]:
    """Everything that somebody must put right, the gravest first."""
    if kept is None:
        return [Fault.UNCHECKED]
    found = {
        Fault.UNCHECKED: now - kept.at >= CHECKED_EVERY,
        Fault.NO_FACTOR: kept.factor == Factor.NONE,
        Fault.LEAVER: kept.leavers > 0,
        Fault.NOBODY: kept.owners == 0,
        Fault.BY_TEXT: kept.factor == Factor.TEXT,
        Fault.NO_RECOVERY: not kept.recovery_is_ours,
        Fault.ONE_PERSON: kept.owners == 1,
    }
    return [fault for fault, is_so in found.items() if is_so]
