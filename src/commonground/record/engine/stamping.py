"""When a stamp of time is due, and whether one is what was asked for (RFC 3161)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

EACH_DAY, AFTER_AN_ACT = timedelta(hours=24), timedelta(hours=1)
AGAIN = timedelta(minutes=10)  # after trouble
CLOCKS_DIFFER = timedelta(minutes=5)  # an authority further off than this is wrong, or lies


class NoStamp(Exception):
    """It is not a stamp of what was asked. The message says why."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a good stamp says: somebody else saw these bytes before this time."""

    at: datetime
    answer: bytes


def is_due(
    now: datetime, *, stamped_at: datetime | None, tried_at: datetime | None, public_since: bool
) -> bool:
    """Each day; and within the hour once something became public."""
    if tried_at and now - tried_at < AGAIN:
        return False
    wait = AFTER_AN_ACT if public_since else EACH_DAY
    return stamped_at is None or now - stamped_at >= wait


def question(text: bytes) -> TimeStampRequest:
    """What the authority is asked: it learns the digest, and nothing else."""
    return TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()


def read(
    answer: bytes, text: bytes, roots: Sequence[Certificate], asked: TimeStampRequest | None = None
) -> Stamped:
    """The stamp in an answer: over this text, and signed by somebody these roots vouch for.

    Raises NoStamp. The library refuses tokens whose set of certificates is not in the order of
    DER, which some authorities send: it is told, and another authority must be asked.
    """
    if not roots:
        raise NoStamp("no root certificate of the authority is known")
    try:
        found = decode_timestamp_response(answer)
        if found.status not in (0, 1):
            raise NoStamp("the authority refused: " + ", ".join(map(str, found.status_string)))
        asking = VerifierBuilder.from_request(asked) if asked else VerifierBuilder()
        # The builder keeps its lists when it is copied, and takes no certificate twice.
        for root in roots:
            own = root.issuer == root.subject
            asking = asking.add_root_certificate(root) if own else (
                asking.add_intermediate_certificate(root)
            )  # fmt: skip
        asking.build().verify_message(found, text)
        return Stamped(found.tst_info.gen_time, answer)
    except (VerificationError, ValueError) as why:
        raise NoStamp(f"it is not a stamp of this checkpoint: {why}") from why


def must_be_now(stamped: Stamped, now: datetime) -> None:
    """An authority whose clock is wrong proves nothing. Raises NoStamp."""
    if abs(stamped.at - now) > CLOCKS_DIFFER:
        raise NoStamp(f"the authority says it is {stamped.at:%Y-%m-%d %H:%M} (UTC)")
