"""Signing in at another house: the city's own sign-in, by OpenID Connect (code flow with PKCE).

Whom its word means here is settled once, by the member, signed in and freshly proved. An address of
e-mail settles nothing: whoever can write one into an account over there would be anybody here.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpcore2
import httpx2
import jwt
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.kit.refusals import Refused
from commonground.kit.wire import Errand, NotOutside, TooMuch, must_be_private_or_sealed

BEGUN, LASTS = "signing_in_elsewhere", 600  # seconds to sign in over there
SIGNED_BY = ["RS256", "PS256", "ES256", "EdDSA"]  # public keys alone: no shared secret, never none
MUST_SAY = ["iss", "sub", "aud", "exp", "iat", "nonce"]
CLOCKS_DIFFER = 60  # seconds
SECONDS, MOST = 15.0, 300_000  # for all questions together; bytes of one answer


class NotBelieved(Refused):
    """The other house's word does not hold, or was not meant for us. Nobody was signed in."""

    status = 403

    def __init__(self, why: str) -> None:
        super().__init__(
            _("%(house)s could not sign you in: %(why)s Try again from the beginning.")
            % {"house": settings.ENV.oidc_name, "why": why}
        )


def begin(request: HttpRequest, purpose: str) -> str:
    """Where the browser goes now. What comes back is believed in this browser alone, and once."""
    house = described(Errand(seconds=SECONDS, most=MOST, inside=True))
    verifier = secrets.token_urlsafe(48)
    begun = {
        "state": secrets.token_urlsafe(32), "nonce": secrets.token_urlsafe(32),
        "verifier": verifier, "purpose": purpose,
        "member": str(request.user.pk or ""), "at": timezone.now().timestamp(),
    }  # fmt: skip
    request.session[BEGUN] = begun
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code", "scope": "openid", "client_id": settings.ENV.oidc_client,
        "redirect_uri": our_door(), "state": begun["state"], "nonce": begun["nonce"],
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        # Whoever signed in over there longer ago than a session lasts here does so again.
        "max_age": str(settings.SESSION_COOKIE_AGE),
    }  # fmt: skip
    to = str(house["authorization_endpoint"])
    return f"{to}{'&' if '?' in to else '?'}{urlencode(asked)}"


def come_back(request: HttpRequest) -> tuple[str, str]:
    """What it was begun for, and who they are over there. Raises NotBelieved."""
    begun = request.session.pop(BEGUN, None)
    if not begun or timezone.now().timestamp() - begun["at"] > LASTS:
        raise NotBelieved(_("it was not begun in this browser, or too long ago."))
    # As bytes: letters that are not ASCII are no match, and no mistake of ours.
    if not compare_digest(begun["state"].encode(), request.GET.get("state", "").encode()):
        raise NotBelieved(_("the answer belongs to another sign-in."))
    if begun["member"] != str(request.user.pk or ""):
        raise NotBelieved(_("somebody else has signed in here since."))
    if request.GET.get("iss", settings.ENV.oidc_issuer) != settings.ENV.oidc_issuer:
        raise NotBelieved(_("the answer is not from there."))
    if "code" not in request.GET:
        raise NotBelieved(_("it said no."))
    errand = Errand(seconds=SECONDS, most=MOST, inside=True)
    house = described(errand)
    token = exchanged(errand, house, request.GET["code"], begun["verifier"])
    said = believed(token, asked(errand, "GET", str(house["jwks_uri"])), begun["nonce"])
    return str(begun["purpose"]), str(said["sub"])


def our_door() -> str:
    return str(settings.ENV.site_url.rstrip("/") + reverse("agency:come_back"))


def described(errand: Errand) -> dict[str, Any]:
    """What the other house says of itself. It must be the one the operator named, to the letter."""
    issuer: str = settings.ENV.oidc_issuer
    if not issuer:
        raise NotBelieved(_("this desk has no such sign-in."))
    house = asked(errand, "GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    if house.get("issuer") != issuer:
        raise NotBelieved(_("it calls itself by another name than your operator does."))
    for end in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if urlsplit(str(house.get(end))).scheme not in ("https", "http"):
            raise NotBelieved(_("it does not say where to ask."))
    return house


def exchanged(errand: Errand, house: dict[str, Any], code: str, verifier: str) -> str:
    """The signed word for a code, asked for by ourselves."""
    told = asked(
        errand, "POST", str(house["token_endpoint"]),
        data={
            "grant_type": "authorization_code", "code": code, "redirect_uri": our_door(),
            "client_id": settings.ENV.oidc_client, "client_secret": settings.ENV.oidc_secret,
            "code_verifier": verifier,
        },
    )  # fmt: skip
    return str(told.get("id_token", ""))


def believed(token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
    """What the word says, if it was signed by that house, for us, just now, for this sign-in."""
    try:
        head = jwt.get_unverified_header(token)
        if head.get("alg") not in SIGNED_BY:
            raise NotBelieved(_("it did not sign its word as it must."))
        key = next(k for k in keys["keys"] if k.get("kid") == head.get("kid"))
        said: dict[str, Any] = jwt.decode(
            token, jwt.PyJWK(key, algorithm=head["alg"]).key, algorithms=[head["alg"]],
            audience=settings.ENV.oidc_client, issuer=settings.ENV.oidc_issuer,
            leeway=CLOCKS_DIFFER, options={"require": MUST_SAY},
        )  # fmt: skip
    except (jwt.PyJWTError, StopIteration, LookupError, TypeError, ValueError) as error:
        raise NotBelieved(_("its word does not hold.")) from error
    ours = settings.ENV.oidc_client
    meant = compare_digest(str(said["nonce"]).encode(), nonce.encode())
    if not meant or said.get("azp", ours) != ours:
        raise NotBelieved(_("its word was meant for another sign-in."))
    if not is_fresh(said.get("auth_time")):
        raise NotBelieved(_("you signed in over there too long ago."))
    return said


def is_fresh(signed_in_at: object) -> bool:
    """It was told how old a sign-in may be; some houses obey that and do not say when it was."""
    if signed_in_at is None:
        return True
    if isinstance(signed_in_at, bool) or not isinstance(signed_in_at, int | float):
        return False
    age = timezone.now().timestamp() - signed_in_at
    return -CLOCKS_DIFFER <= age <= settings.SESSION_COOKIE_AGE + CLOCKS_DIFFER


def asked(errand: Errand, method: str, url: str, **question: Any) -> dict[str, Any]:
    try:
        must_be_private_or_sealed(url)
        reply = errand.ask(method, url, headers={"Accept": "application/json"}, **question)
        if reply.status_code != httpx2.codes.OK:
            raise NotBelieved(_("it answered with a refusal."))
        told = reply.json()
    except (
        httpx2.HTTPError, httpcore2.NetworkError, httpcore2.TimeoutException,
        httpcore2.ProtocolError, NotOutside, TooMuch, OSError, ValueError, RecursionError,
    ) as trouble:  # fmt: skip
        raise NotBelieved(_("it cannot be reached, or its answer cannot be read.")) from trouble
    if not isinstance(told, dict):
        raise NotBelieved(_("it cannot be reached, or its answer cannot be read."))
    return told
