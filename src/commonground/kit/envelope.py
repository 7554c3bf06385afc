"""Envelopes: each value under a key of its own, and that key under one of the desk's.

The desk's keys are in its settings, never in its database. To change them, only the small inner
envelopes are closed anew; the values themselves are not touched.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12  # what AES-GCM asks for
KEY_BYTES = 32  # AES-256
ID_BYTES = 4  # enough to tell a handful of keys apart


class SealBroken(Exception):
    """A sealed value does not open with the keys this desk was started with, or not here."""


def locked(plain: bytes, under: bytes, place: bytes) -> bytes:
    """Bytes under a key of one's own (32 bytes), bound to a place: elsewhere they do not open."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(under).encrypt(nonce, plain, place)


def unlocked(closed: bytes, under: bytes, place: bytes) -> bytes:
    """What `locked` closed. Raises SealBroken."""
    return opened_with(AESGCM(under), closed, place)


def opened_with(cipher: AESGCM, closed: bytes, place: bytes) -> bytes:
    try:
        return cipher.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], place)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("this was locked with another key, or elsewhere") from error


@lru_cache(maxsize=8)
def ring(newest: str, older: tuple[str, ...]) -> dict[bytes, AESGCM]:
    """The desk's keys by what they are called in a row, the newest first."""
    keys = [hashlib.sha256(b"sealed fields\n" + k.encode()).digest() for k in (newest, *older)]
    return {hashlib.sha256(b"called\n" + k).digest()[:ID_BYTES]: AESGCM(k) for k in keys}


def keys() -> dict[bytes, AESGCM]:
    return ring(settings.SEAL_KEY, tuple(settings.OLD_SEAL_KEYS))


def newest() -> bytes:
    """What the key is called that everything new is closed with."""
    return next(iter(keys()))


def wrapped(data_key: bytes, place: bytes) -> bytes:
    """A value's own key, under the newest of the desk's; it begins with what that one is called."""
    called, cipher = next(iter(keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    return called + nonce + cipher.encrypt(nonce, data_key, place)


def unwrapped(box: bytes, place: bytes) -> bytes:
    """What `wrapped` closed, with whichever of the desk's keys it was. Raises SealBroken."""
    cipher = keys().get(box[:ID_BYTES])
    if cipher is None:
        raise SealBroken(
            f"this was sealed with the key {box[:ID_BYTES].hex()}, which this desk was not given: "
            "add it to COMMONGROUND_OLD_SEAL_KEYS"
        )
    return opened_with(cipher, box[ID_BYTES:], place)


def rewrapped(box: bytes, place: bytes) -> bytes:
    """The same under the newest key; unchanged if it is already. Raises SealBroken."""
    return box if box[:ID_BYTES] == newest() else wrapped(unwrapped(box, place), place)


def sealed_text(plain: bytes, place: bytes) -> str:
    """As it stands in a row: which key, the value's own key under that one, the value."""
    data_key = os.urandom(KEY_BYTES)
    return joined(wrapped(data_key, place), encoded(locked(plain, data_key, place)))


def opened_text(text: str, place: bytes) -> bytes:
    """Raises SealBroken."""
    box, body = parted(text)
    try:
        closed = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise SealBroken("this is nothing that was sealed") from error
    return unlocked(closed, unwrapped(box, place), place)


def rewrapped_text(text: str, place: bytes) -> str:
    """Its value stays as it is; only the key around it is closed anew. Raises SealBroken."""
    box, body = parted(text)
    return joined(rewrapped(box, place), body)


def joined(box: bytes, body: str) -> str:
    return f"{box[:ID_BYTES].hex()}.{encoded(box[ID_BYTES:])}.{body}"


def parted(text: str) -> tuple[bytes, str]:
    called, _, rest = text.partition(".")
    box, _, body = rest.partition(".")
    try:
        return bytes.fromhex(called) + base64.b64decode(box, validate=True), body
    except ValueError as error:
        raise SealBroken("this is nothing that was sealed") from error


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
