"""Signs certificates as Open Badges with a key of the agency's own, and reads them again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _
from jwt.algorithms import RSAAlgorithm

from commonground.agency.models import Agency, Certificate
from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark
from commonground.kit.refusals import Refused
from commonground.train.engine.badge import Award, Issuer, claims, credential, revoked
from commonground.train.models import BadgeKey

ALGORITHM, BITS = "RS256", 3072


class NotABadge(Refused):
    """It was not signed with this key, was changed, or is not in force."""


def issuer_of(agency: Agency) -> Issuer:
    at = agency.site + reverse("train:badges", args=[agency.slug])
    return Issuer(at, agency.name)


def key_of(agency: Agency) -> BadgeKey:
    """The agency's key; drawn when it is first needed."""
    if held := BadgeKey.objects.filter(agency=agency).first():
        return held
    drawn = generate_private_key(public_exponent=65537, key_size=BITS)
    pem = drawn.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = json.loads(RSAAlgorithm.to_jwk(drawn.public_key()))
    told = {"public": {name: public[name] for name in ("kty", "n", "e")}, "sealed": {"pem": pem}}
    return BadgeKey.objects.get_or_create(agency=agency, defaults=told)[0]


def badge_of(certificate: Certificate) -> str:
    """A certificate as a compact token. Raises Refused for one that is not ours."""
    if not certificate.is_ours():
        raise Refused(_("This certificate was not awarded on the desk."))
    agency = certificate.member.agency
    key = key_of(agency)
    award = award_of(certificate)
    said = claims(credential(issuer_of(agency), award), award.since, award.until)
    secret = key.sealed["pem"]
    return jwt.encode(said, secret, algorithm=ALGORITHM, headers={"jwk": key.public})


def award_of(certificate: Certificate) -> Award:
    return Award(
        name=name_of(certificate),
        course=certificate.course,
        about=_("May speak for the service, where leadership authorises it."),
        criteria=_(
            "Read every lesson, answered the questions, those that could harm somebody without a "
            "mistake; a trainer awarded the certificate."
        ),
        email=certificate.member.email,
        salt=mark(lasting_key("badges"), "salt", str(certificate.pk))[:32],
        since=certificate.awarded_at,
        until=certificate.expires_at,
        language=get_language() or "en",
    )


def name_of(certificate: Certificate) -> str:
    of = f"{settings.ENV.site_url}#{certificate.member.agency_id}/{certificate.pk}"
    return uuid5(NAMESPACE_URL, of).urn


def revoked_by(agency: Agency) -> dict[str, Any]:
    gone = Certificate.objects.filter(member__agency=agency).exclude(revoked_at=None)
    names = [name_of(one) for one in gone.select_related("member").order_by("pk")]
    return revoked(issuer_of(agency), names)


def read(token: str, key: dict[str, Any], *, at: datetime | None = None) -> dict[str, Any]:
    """What a badge says, if this key signed it and it is in force. Raises NotABadge.

    The key in the badge's own header proves nothing: whoever forges one brings theirs along.
    """
    at = at or timezone.now()
    try:
        said: dict[str, Any] = jwt.decode(
            token.strip(), jwt.PyJWK(key, ALGORITHM), algorithms=[ALGORITHM],
            options={"verify_nbf": False, "verify_exp": False, "require": ["nbf", "exp", "jti"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise NotABadge(_("This key did not sign this badge: %(why)s") % {"why": error}) from error
    if not said["nbf"] <= at.timestamp() < said["exp"]:
        raise NotABadge(_("This badge is not in force."))
    return said
