"""A certificate as an Open Badge 3.0: a credential that anybody can verify, offline, for years.

Source: 1EdTech Open Badges Specification 3.0 (an AchievementCredential, W3C Verifiable Credentials
2.0), secured as a compact JWS (section "JSON Web Token Proof Format"): RS256, the public key in the
header. Who holds it is told by a salted digest of their address, so that a badge that is shown
about says nothing to who does not know the address already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


@dataclass(frozen=True)
class Issuer:
    """Who says so: an address of theirs, and their name."""

    url: str
    name: str


@dataclass(frozen=True)
class Award:
    """What is said. `name` is the badge's own, a URN; `criteria` in plain words; times aware."""

    name: str
    course: str
    about: str
    criteria: str
    email: str
    salt: str
    since: datetime
    until: datetime
    language: str


def credential(issuer: Issuer, award: Award) -> dict[str, Any]:
    """What is signed."""
    return {
        "@context": CONTEXT,
        "id": award.name,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": award.course,
        "issuer": {"id": issuer.url, "type": ["Profile"], "name": issuer.name, "url": issuer.url},
        "validFrom": as_time(award.since),
        "validUntil": as_time(award.until),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [identity(award.email, award.salt)],
            "achievement": {
                "id": f"{issuer.url}#{slug(award.course)}",
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": award.course,
                "description": award.about,
                "criteria": {"narrative": award.criteria},
                "inLanguage": award.language,
            },
        },
        "credentialStatus": {"id": f"{issuer.url}revoked", "type": "1EdTechRevocationList"},
    }


def claims(said: dict[str, Any], since: datetime, until: datetime) -> dict[str, Any]:
    """The credential as the payload of a token: what every reader of tokens checks, besides it."""
    return said | {
        "iss": said["issuer"]["id"], "jti": said["id"], "sub": said["id"],
        "nbf": int(since.timestamp()), "exp": int(until.timestamp()),
    }  # fmt: skip


def identity(email: str, salt: str) -> dict[str, Any]:
    return {
        "type": "IdentityObject", "hashed": True, "identityType": "emailAddress", "salt": salt,
        "identityHash": "sha256$" + sha256((email + salt).encode()).hexdigest(),
    }  # fmt: skip


def is_about(said: dict[str, Any], email: str) -> bool:
    """Whether whoever has this address is whom the credential is about."""
    told = said.get("credentialSubject", {}).get("identifier", [])
    return any(identity(email, one.get("salt", "")) == one for one in told)


def revoked(issuer: Issuer, names: list[str]) -> dict[str, Any]:
    """The list that `credentialStatus` leads to."""
    return {
        "id": f"{issuer.url}revoked", "issuer": issuer.url,
        "revokedCredential": [{"id": name, "revoked": True} for name in names],
    }  # fmt: skip


def as_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "course"
