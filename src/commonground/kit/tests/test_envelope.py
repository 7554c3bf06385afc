"""A value opens in its place alone, with the key it names; it is closed anew unread."""

import base64
import os
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from commonground.kit.envelope import (
    SealBroken,
    newest,
    opened_text,
    rewrapped,
    rewrapped_text,
    sealed_text,
    unwrapped,
    wrapped,
)

HERE, THERE = b"table.column\n1", b"table.column\n2"


def test_what_is_sealed_opens_in_its_place_alone():
    text = sealed_text(b"secret", HERE)
    assert opened_text(text, HERE) == b"secret"
    with pytest.raises(SealBroken):
        opened_text(text, THERE)
    with pytest.raises(SealBroken):
        rewrapped_text(text.replace(newest().hex(), "00000000"), HERE)


def test_a_key_moved_to_another_value_does_not_open_it():
    one, other = (sealed_text(w, HERE).split(".") for w in (b"one", b"other"))
    with pytest.raises(SealBroken):
        opened_text(".".join([*one[:2], other[2]]), HERE)


def test_another_key_of_the_desk_leaves_the_value_untouched(settings):
    text, box = sealed_text(b"secret", HERE), wrapped(os.urandom(32), HERE)
    old, settings.SEAL_KEY = settings.SEAL_KEY, "newer"
    settings.OLD_SEAL_KEYS = [old]
    fresh = rewrapped_text(text, HERE)
    assert fresh.split(".")[2] == text.split(".")[2]
    assert fresh.split(".")[0] == newest().hex()
    assert rewrapped_text(fresh, HERE) == fresh
    again = rewrapped(box, HERE)
    settings.OLD_SEAL_KEYS = []
    assert opened_text(fresh, HERE) == b"secret"
    assert len(unwrapped(again, HERE)) == 32
    with pytest.raises(SealBroken, match="COMMONGROUND_OLD_SEAL_KEYS"):
        opened_text(text, HERE)


def test_a_value_is_opened_by_another_program_from_what_is_written_down(settings):
    """By hand, step by step: whoever changes one of them opens no value that was sealed before."""
    settings.SEAL_KEY, settings.OLD_SEAL_KEYS = "a key", []
    desk = sha256(b"sealed fields\na key").digest()
    called, box, body = sealed_text(b"secret", HERE).split(".")
    assert called == sha256(b"called\n" + desk).hexdigest()[:8] == newest().hex()
    box, body = base64.b64decode(box), base64.b64decode(body)
    own = AESGCM(desk).decrypt(box[:12], box[12:], HERE)
    assert len(own) == 32
    assert AESGCM(own).decrypt(body[:12], body[12:], HERE) == b"secret"


def test_nothing_but_the_one_spelling_is_opened():
    called, box, body = sealed_text(b"secret", HERE).split(".")
    odd_ones = [
        f"{called}.{box}.{body[:9]} {body[9:]}", f"{called}.{box[:9]}\n{box[9:]}.{body}",
        f"{called}.{box}", "", "x.y.z", f"{called}..{body}", f"{called}.{box}.!",
    ]  # fmt: skip
    for odd in odd_ones:
        with pytest.raises(SealBroken):
            opened_text(odd, HERE)
