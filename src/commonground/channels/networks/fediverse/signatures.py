"""Who a request is from: both ways in which servers of the fediverse sign.

The draft of Cavage, which all of them speak, and RFC 9421, which the newer ones speak. Signatures
inside JSON are not looked at. Pure but for the library: the key and the time are arguments.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import http_sf
from cryptography.exceptions import InvalidSignature as DoesNotMatch
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSignaturesException as Odd,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import RSA_V1_5_SHA256

CLOCKS_DIFFER = timedelta(minutes=5)  # a signature older, or younger, than this is not believed
COVERED = ("@method", "@target-uri", "content-digest")
OLD_COVERED = {"(request-target)", "host", "digest"}
OLD_FIELD = re.compile(r'\s*([a-zA-Z]+)=(?:"([^"]*)"|(\d+))\s*')
LONGEST = 8_000  # characters of a header, or of a key, that we read at all


class Forged(Exception):
    """We do not believe it. The message says why, to the server that sent it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its signer saw it."""

    method: str
    url: str  # all of it, as the public writes it
    headers: Mapping[str, str]  # names in small letters
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        value = self.headers.get(name, "")
        if not value or len(value) > LONGEST:
            raise Forged(f"The header {name} is missing, or too long.")
        return value

    @property
    def target(self) -> str:
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose key a request says it was signed with; `check` raises Forged unless that is so."""

    key_id: str
    check: Callable[[str], None]


def claim_of(request: Request, now: datetime) -> Claim:
    """Everything that can be checked without the key: digest, times, and what was signed."""
    if "signature-input" in request.headers:
        return new_claim(request, now)
    return old_claim(request, now)


# RFC 9421


class Verifier(HTTPMessageVerifier):
    max_clock_skew = CLOCKS_DIFFER


def new_claim(request: Request, now: datetime) -> Claim:
    request.header("signature")
    covered, params = signed_parts(request.header("signature-input"))
    key_id = params.get("keyid")
    if not isinstance(key_id, str) or not key_id:
        raise Forged("The signature does not say whose key it is.")
    if params.get("alg", RSA_V1_5_SHA256.algorithm_id) != RSA_V1_5_SHA256.algorithm_id:
        raise Forged("Sign with rsa-v1_5-sha256.")
    if missing := [part for part in COVERED if part not in covered]:
        raise Forged(f"The signature must cover {', '.join(missing)}.")
    must_be_now(params.get("created"), now)
    must_not_be_over(params.get("expires"), now)
    try:
        ContentDigest.verify(request.header("content-digest"), request.body)
    except Odd as error:
        raise Forged("The digest is not that of the body.") from error
    return Claim(key_id, lambda key: new_check(request, key_id, key))


def signed_parts(header: str) -> tuple[list[str], dict[str, Any]]:
    """What the one signature covers, and its parameters."""
    try:
        found: Any = http_sf.parse(header.encode(), tltype="dictionary", on_duplicate_key=never)
        ((members, params),) = found.values()
        if any(more for _, more in members):
            raise ValueError("a part with parameters")
        return [name for name, _ in members], dict(params)
    except (ValueError, TypeError) as error:
        raise Forged("Exactly one signature, of whole parts, is wanted.") from error


def never(name: str, context: str) -> None:
    raise ValueError(f"{name} is given twice")


def new_check(request: Request, key_id: str, key: str) -> None:
    must_be_rsa(key)
    keys = MappingKeyResolver(public_keys={key_id: key.encode()}, private_keys={})
    verifier = Verifier(signature_algorithm=RSA_V1_5_SHA256, key_resolver=keys)
    try:
        verifier.verify(
            request, max_age=timedelta(0), require_components=COVERED, body=request.body
        )
    except (Odd, ValueError, TypeError) as error:
        raise Forged("The signature does not match.") from error


def new_signature(request: Request, key_id: str, private: str, now: datetime) -> dict[str, str]:
    """The headers that sign this request by RFC 9421."""
    keys = MappingKeyResolver(public_keys={}, private_keys={key_id: private.encode()})
    signer = HTTPMessageSigner(signature_algorithm=RSA_V1_5_SHA256, key_resolver=keys)
    signed = Request(request.method, request.url, dict(request.headers), request.body)
    signer.sign(
        signed, key_id=key_id, created=now, label="sig1", body=request.body,
        covered_component_ids=("@method", "@target-uri"),
    )  # fmt: skip
    return dict(signed.headers)


# The draft of Cavage


def old_claim(request: Request, now: datetime) -> Claim:
    said = old_fields(request.header("signature"))
    covered = said.get("headers", "").lower().split()
    if len(set(covered)) != len(covered) or not set(covered) >= OLD_COVERED:
        raise Forged("The signature must cover (request-target), host and digest, each once.")
    if said.get("algorithm", "hs2019") not in ("hs2019", "rsa-sha256"):
        raise Forged("Sign with rsa-sha256.")
    if not said.get("keyId"):
        raise Forged("The signature does not say whose key it is.")
    if request.header("host").lower() != urlsplit(request.url).netloc.lower():
        raise Forged("This was signed for another server.")
    must_be_dated(request, said, covered, now)
    must_be_digest(request.header("digest"), request.body)
    signed = words_signed(request, said, covered)
    return Claim(said["keyId"], lambda key: old_check(signed, said.get("signature", ""), key))


def old_fields(header: str) -> dict[str, str]:
    """The names and values of the header, if it is nothing but those, each once."""
    found: dict[str, str] = {}
    for part in re.split(r",(?=\s*[a-zA-Z]+=)", header):
        match = OLD_FIELD.fullmatch(part)
        if match is None or match[1] in found:
            raise Forged("The header Signature cannot be read.")
        found[match[1]] = match[2] if match[2] is not None else match[3]
    return found


def must_be_dated(
    request: Request, said: dict[str, str], covered: list[str], now: datetime
) -> None:
    """A time that was signed, and is now."""
    if "(created)" in covered:
        must_be_now(number(said.get("created")), now)
    elif "date" in covered:
        try:
            at = parsedate_to_datetime(request.header("date"))
            seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, OverflowError) as error:
            raise Forged("The date cannot be read.") from error
        must_be_now(int(seconds), now)
    else:
        raise Forged("The signature must cover its date.")
    if "expires" in said:
        must_not_be_over(number(said["expires"]), now)


def number(digits: str | None) -> int | None:
    return int(digits) if digits and digits.isascii() and digits.isdigit() else None


def must_be_now(seconds: object, now: datetime) -> None:
    if type(seconds) is not int or abs(seconds - now.timestamp()) > CLOCKS_DIFFER.total_seconds():
        raise Forged("This was not signed just now: signatures hold for five minutes.")


def must_not_be_over(seconds: object, now: datetime) -> None:
    if seconds is not None and (type(seconds) is not int or seconds < now.timestamp()):
        raise Forged("The signature is over.")


def must_be_digest(header: str, body: bytes) -> None:
    name, _, value = header.partition("=")
    if name.strip().upper() != "SHA-256" or not hmac.compare_digest(
        value.strip().encode(), digest_of(body).encode()
    ):
        raise Forged("The digest is not that of the body.")


def digest_of(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def words_signed(request: Request, said: dict[str, str], covered: list[str]) -> bytes:
    special = {
        "(request-target)": f"{request.method.lower()} {request.target}",
        "(created)": said.get("created", ""), "(expires)": said.get("expires", ""),
    }  # fmt: skip
    lines = [
        f"{name}: {special[name] if name in special else request.header(name).strip()}"
        for name in covered
    ]
    return "\n".join(lines).encode()


def old_check(signed: bytes, signature: str, key: str) -> None:
    try:
        raw = base64.b64decode(signature, validate=True)
        must_be_rsa(key).verify(raw, signed, padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, DoesNotMatch) as error:
        raise Forged("The signature does not match.") from error


def old_signature(request: Request, key_id: str, private: str, now: datetime) -> dict[str, str]:
    """The headers that sign this request as everybody in the fediverse understands."""
    headers = {
        **request.headers,
        "host": urlsplit(request.url).netloc,
        "date": format_datetime(now.astimezone(UTC), usegmt=True),
    }
    covered = ["(request-target)", "host", "date"]
    if request.method == "POST":
        headers["digest"] = f"SHA-256={digest_of(request.body)}"
        covered.append("digest")
    full = Request(request.method, request.url, headers, request.body)
    pair = load_pem_private_key(private.encode(), None)
    if not isinstance(pair, rsa.RSAPrivateKey):
        raise TypeError("our own keys are RSA")
    raw = pair.sign(words_signed(full, {}, covered), padding.PKCS1v15(), hashes.SHA256())
    headers["signature"] = (
        f'keyId="{key_id}",algorithm="rsa-sha256",headers="{" ".join(covered)}",'
        f'signature="{base64.b64encode(raw).decode()}"'
    )
    return headers


def must_be_rsa(key: str) -> rsa.RSAPublicKey:
    """The key, if it is one that others use: no toy, and none that takes minutes to verify."""
    try:
        found = load_pem_public_key(key.encode())
    except ValueError as error:
        raise Forged("The key cannot be read.") from error
    if not isinstance(found, rsa.RSAPublicKey) or not 2048 <= found.key_size <= 8192:
        raise Forged("The key must be RSA with 2048 to 8192 bits.")
    return found
