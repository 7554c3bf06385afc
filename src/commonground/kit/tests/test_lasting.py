"""One secret is drawn with the database, and every lasting key follows from it."""

import hashlib

import pytest

from commonground.kit.lasting import READ, draw_root, lasting_key
from commonground.kit.models import LastingSecret

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_process_that_begins():
    READ.clear()
    yield
    READ.clear()


def test_a_lasting_key_is_what_its_purpose_and_the_secret_make():
    """By the bytes: after an upgrade the marks of before are found."""
    secret = bytes.fromhex(LastingSecret.objects.get().value)
    assert lasting_key("marks") == hashlib.sha256(b"marks\n" + secret).digest()
    assert lasting_key("marks") != lasting_key("log")


def test_where_there_is_one_none_is_drawn():
    before, held = lasting_key("marks"), LastingSecret.objects.get().value
    draw_root("default")
    assert LastingSecret.objects.get().value == held
    assert lasting_key("marks") == before


def test_a_new_database_gets_one_and_what_was_known_of_another_is_forgotten():
    before = lasting_key("marks")
    LastingSecret.objects.all().delete()
    assert lasting_key("marks") == before  # remembered
    draw_root(using="default")
    drawn = LastingSecret.objects.get()
    assert (drawn.name, len(bytes.fromhex(drawn.value))) == ("root", 32)
    assert lasting_key("marks") != before


def test_what_was_known_is_forgotten_even_where_the_new_one_does_not_open(settings):
    lasting_key("marks")
    settings.SEAL_KEY = "another"
    draw_root(using="default")
    assert READ == {}
