"""The pair of keys of an account: RSA with 2048 bits, which is what the fediverse verifies."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PEM = serialization.Encoding.PEM


def new_pair() -> tuple[str, str]:
    """The private and the public key, as PEM."""
    pair = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    private = pair.private_bytes(
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = pair.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()
