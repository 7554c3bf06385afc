"""Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint,
tlog-cosignature), with Ed25519."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

BY_A_LOG, BY_A_WITNESS = 1, 4  # the byte that says what a key signs
MOST_SIGNATURES = 64  # the standard asks for at least 16
SIZE = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)


class NotANote(ValueError):
    """It is not what it claims to be; the message says where."""


@dataclass(frozen=True, slots=True)
class Key:
    """Who signs: a name, the 32 bytes of an Ed25519 public key, and what it signs."""

    name: str
    public: bytes
    kind: int = BY_A_LOG

    @property
    def id(self) -> bytes:
        """Four bytes that lead to this key; no proof of it."""
        seen = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(seen).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    @classmethod
    def read(cls, text: str) -> Key:
        """From the form it is printed in. Raises NotANote."""
        name, _, rest = text.partition("+")
        mark, _, body = rest.partition("+")
        raw = unb64(body)
        if not is_name(name) or len(raw) != 33 or raw[0] not in (BY_A_LOG, BY_A_WITNESS):
            raise NotANote("this is not a key we can read")
        key = cls(name, raw[1:], raw[0])
        if key.id.hex() != mark:
            raise NotANote("the name of this key does not fit its bytes")
        return key

    def signed(self, signature: bytes, text: str) -> bool:
        """Whether this key signed this text; a witness signs the time as well."""
        said = text.encode()
        if self.kind == BY_A_WITNESS:
            if len(signature) != 72:
                return False
            at, signature = int.from_bytes(signature[:8]), signature[8:]
            said = f"cosignature/v1\ntime {at}\n".encode() + said
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, said)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signatures: name, key id, the bytes."""

    text: str
    signatures: Sequence[tuple[str, bytes, bytes]]

    @classmethod
    def read(cls, raw: str) -> Note:
        """Strictly: whatever could be read in two ways is no note."""
        text, gap, below = raw.rpartition("\n\n")
        if not gap or any(ord(c) < 32 and c != "\n" for c in raw) or not below.endswith("\n"):
            raise NotANote("a note is a text, an empty line and signatures")
        lines = below.removesuffix("\n").split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise NotANote("more signatures than anybody needs")
        found = [signature_in(line) for line in lines]
        if len({(name, mark) for name, mark, _ in found}) != len(found):
            raise NotANote("a key signs a note once")
        return cls(text + "\n", found)

    def signed_by(self, keys: Iterable[Key]) -> list[Key]:
        """Which of these keys signed it. A signature of theirs that is wrong spoils the note."""
        found = []
        for key in keys:
            for name, mark, signature in self.signatures:
                if (name, mark) != (key.name, key.id):
                    continue
                if not key.signed(signature, self.text):
                    raise NotANote(f"a signature of {key.name} is not right")
                found.append(key)
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many leaves a log had, and the hash over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        lines = text.removesuffix("\n").split("\n")
        if len(lines) < 3 or not all(lines) or not SIZE.fullmatch(lines[1]):
            raise NotANote("this is not a checkpoint")
        root = unb64(lines[2])
        if len(root) != 32:
            raise NotANote("the root of a checkpoint has 32 bytes")
        return cls(lines[0], int(lines[1]), root)


def opened(raw: str, key: Key) -> Checkpoint:
    """The checkpoint in a note that this log signed. Raises NotANote."""
    note = Note.read(raw)
    if not note.signed_by([key]):
        raise NotANote(f"{key.name} did not sign this")
    checkpoint = Checkpoint.read(note.text)
    if checkpoint.origin != key.name:
        raise NotANote("this is a checkpoint of another log")
    return checkpoint


def signed(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """The text as a note with one signature."""
    key = key_of(name, private)
    return f"{text}\n{line(name, key.id + private.sign(text.encode()))}"


def cosigned(text: str, name: str, private: Ed25519PrivateKey, at: int) -> str:
    """The line a witness adds: that it saw this text, at `at` (seconds of POSIX time)."""
    key = key_of(name, private, BY_A_WITNESS)
    said = f"cosignature/v1\ntime {at}\n{text}".encode()
    return line(name, key.id + at.to_bytes(8) + private.sign(said))


def line(name: str, signature: bytes) -> str:
    return f"— {name} {b64(signature)}\n"


def key_of(name: str, private: Ed25519PrivateKey, kind: int = BY_A_LOG) -> Key:
    return Key(name, private.public_key().public_bytes_raw(), kind)


def signature_in(text: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = text.partition(" ")
    name, _, body = rest.partition(" ")
    raw = unb64(body)
    if dash != "—" or not is_name(name) or len(raw) < 5:
        raise NotANote("a signature line is a dash, a name and the signature")
    return name, raw[:4], raw[4:]


def is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def unb64(text: str) -> bytes:
    """Strict: bits that no byte needs must be zero, or one text could be written in two ways."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise NotANote("this is not base64") from error
    if b64(raw) != text:
        raise NotANote("this base64 is not written in the one right way")
    return raw
