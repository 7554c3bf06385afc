"""A copy of the database gives no secret away, and no row can borrow another's."""

import json

import pytest
from django.core import serializers
from django.db import connection, transaction
from tests import given

from commonground.channels.models import Channel
from commonground.kit.envelope import newest, opened_text
from commonground.kit.models import LastingSecret
from commonground.kit.sealed import Closed, SealBroken, sealed_for

pytestmark = pytest.mark.django_db
TOKEN = {"token": "a very secret token"}


def stored(channel):
    key = channel.pk.hex if connection.vendor == "sqlite" else channel.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM commonground_channels_channel WHERE id = %s", [key])
        return cursor.fetchone()[0]


def test_what_is_stored_tells_nothing_and_opens_again():
    channel = given.a_channel(secrets=TOKEN)
    assert "secret token" not in stored(channel)
    assert Channel.objects.get(pk=channel.pk).secrets == TOKEN
    assert Channel.objects.defer("secrets").get(pk=channel.pk).secrets == TOKEN
    assert Channel.objects.only("name").get(pk=channel.pk).secrets == TOKEN


def test_saving_what_nobody_opened_changes_nothing():
    channel = given.a_channel(secrets=TOKEN)
    before = stored(channel)
    again = Channel.objects.get(pk=channel.pk)
    again.name = "Another name"
    again.save()
    assert stored(channel) == before


def test_token_copied_to_another_account_does_not_open():
    mine, theirs = given.a_channel(secrets=TOKEN), given.a_channel(secrets={"token": "other"})
    copied = stored(mine)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE commonground_channels_channel SET secrets = %s", [copied])
    assert Channel.objects.get(pk=mine.pk).secrets == TOKEN
    with pytest.raises(SealBroken):
        _ = Channel.objects.get(pk=theirs.pk).secrets


def test_token_copied_to_another_table_does_not_open():
    channel, root = given.a_channel(secrets=TOKEN), LastingSecret.objects.get()
    LastingSecret.objects.update(value=Closed(stored(channel)))
    with pytest.raises(SealBroken):
        _ = LastingSecret.objects.get(pk=root.pk).value


def test_each_value_has_a_key_of_its_own_and_says_which_key_that_is_under():
    one, other = (stored(given.a_channel(secrets=TOKEN)) for _ in "12")
    assert one.split(".")[0] == other.split(".")[0] == newest().hex()
    assert one.split(".")[1:] != other.split(".")[1:]


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_changed_letter_anywhere_opens_nothing(part):
    channel = given.a_channel(secrets=TOKEN)
    parts = stored(channel).split(".")
    parts[part] = ("A" if parts[part][4] != "A" else "B") + parts[part][1:]
    Channel.objects.filter(pk=channel.pk).update(secrets=Closed(".".join(parts)))
    with pytest.raises(SealBroken):
        _ = Channel.objects.get(pk=channel.pk).secrets


@pytest.mark.parametrize("text", ["x", ".", "..", "zz.zz.zz", "ñ.ñ.ñ", "00000000.AAAA.AAAA"])
def test_what_was_never_sealed_says_so(text):
    channel = given.a_channel()
    Channel.objects.filter(pk=channel.pk).update(secrets=Closed(text))
    with pytest.raises(SealBroken, match=r"commonground_channels_channel\.secrets"):
        _ = Channel.objects.get(pk=channel.pk).secrets


def test_an_older_key_opens_and_seals_nothing_new(settings):
    channel, first = given.a_channel(secrets=TOKEN), settings.SEAL_KEY
    settings.SEAL_KEY, settings.OLD_SEAL_KEYS = "another key", ["none", first]
    found = Channel.objects.get(pk=channel.pk)
    assert found.secrets == TOKEN
    before = stored(channel)
    found.save()
    assert stored(channel).split(".")[0] == newest().hex() != before.split(".")[0]


def test_another_key_opens_nothing(settings):
    channel = given.a_channel(secrets=TOKEN)
    settings.SEAL_KEY = "another key"
    with pytest.raises(SealBroken):
        _ = Channel.objects.get(pk=channel.pk).secrets


def test_update_takes_only_what_is_sealed_for_its_row():
    channel = given.a_channel()
    with pytest.raises(TypeError, match="sealed to its row"), transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(secrets=TOKEN)
    Channel.objects.filter(pk=channel.pk).update(**sealed_for(channel, secrets=TOKEN, name="New"))
    channel.refresh_from_db()
    assert (channel.secrets, channel.name) == (TOKEN, "New")
    Channel.objects.filter(pk=channel.pk).update(secrets={})
    channel.refresh_from_db()
    assert channel.secrets == {}


def test_a_value_is_bound_to_its_table_its_column_and_its_row():
    """By the bytes that docs/reference/cryptography.md names, so that another program opens it."""
    channel = given.a_channel(secrets=TOKEN)
    place = f"commonground_channels_channel.secrets\n{channel.pk}".encode()
    assert json.loads(opened_text(stored(channel), place)) == TOKEN
    assert Channel.secrets.field.place(channel) == place


def test_a_dump_gives_no_more_away_than_the_database():
    channel = given.a_channel(secrets=TOKEN)
    told = serializers.serialize("json", [Channel.objects.get(pk=channel.pk)])
    assert "secret token" not in told
    (row,) = json.loads(told)
    place = Channel.secrets.field.place(channel)
    assert json.loads(opened_text(row["fields"]["secrets"], place)) == TOKEN


def test_what_it_is_bound_to_must_be_known_before():
    """Else it would be bound to nothing, and every row without a key could borrow it."""
    nobody = Channel(agency=given.an_agency(), name="A channel", secrets=TOKEN)
    nobody.pk = None
    with pytest.raises(TypeError, match="is not known before it is saved"):
        sealed_for(nobody, secrets=TOKEN)


def test_where_nothing_is_held_nothing_is_sealed():
    channel = given.a_channel(secrets={})
    assert stored(channel) == ""
    assert Channel.objects.get(pk=channel.pk).secrets == {}
    (row,) = json.loads(serializers.serialize("json", [channel]))
    assert row["fields"]["secrets"] == ""


def test_looking_over_a_row_leaves_what_it_holds():
    channel = given.a_channel(secrets=TOKEN)
    channel.clean_fields(exclude=["agency"])
    assert channel.secrets == TOKEN
