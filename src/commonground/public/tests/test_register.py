"""The register as a document: dated, signed, good for a while, with what was closed and when."""

import json
import re
import shutil
import subprocess
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from hypothesis import given as supposing, settings as hypothesis, strategies as st
from tests import given

from commonground.channels import actions as channels
from commonground.protect.engine.register import GOOD_FOR, NotGood, name_of, opened, text_of
from commonground.protect.line.looking import our_key
from commonground.record.engine import notes
from commonground.record.queries.log import log_key, signing_key

pytestmark = pytest.mark.django_db
SIGNED = "/.well-known/commonground-accounts.txt"
PAGE = Path(__file__).parents[4] / "docs/how-to/prove-your-accounts.md"


@pytest.fixture
def agency():
    return given.an_agency(name="Harbour Police", slug="harbour")


@pytest.fixture
def account(agency):
    return given.a_channel(
        agency=agency, network="mastodon", name="Traffic", handle="@traffic@social.example",
        url="https://social.example/@traffic",
    )  # fmt: skip


def signed(client):
    return client.get(SIGNED).content.decode()


def test_it_is_signed_dated_and_says_how_long_it_is_good(client, account):
    found = opened(signed(client), our_key(), timezone.now())
    assert found.urls == [account.url]
    assert found.good_until - found.made_at == GOOD_FOR
    assert client.get("/.well-known/commonground-accounts.key").content.decode().strip() == str(
        our_key()
    )
    plain = client.get("/.well-known/commonground-accounts.json").json()
    assert {**found.said, "key": str(our_key())} == {
        **plain, "as_of": found.said["as_of"], "good_until": found.said["good_until"]
    }  # fmt: skip


def test_a_copy_that_is_too_old_is_not_believed_nor_one_from_tomorrow(client, account):
    raw = signed(client)
    with pytest.raises(NotGood, match="ask for a new one"):
        opened(raw, our_key(), timezone.now() + GOOD_FOR + timedelta(minutes=1))
    with pytest.raises(NotGood, match="yet to come"):
        opened(raw, our_key(), timezone.now() - timedelta(hours=1))


def test_a_closed_account_moves_to_the_closed_ones_with_its_date(client, account):
    admin = given.a_member(agency=account.agency, roles=["admin"])
    with time_machine.travel("2026-03-07T12:00:00Z", tick=True):
        channels.close(account, by=admin)
    said = opened(signed(client), our_key(), timezone.now()).said
    assert said["accounts"] == []
    assert said["closed"][0]["url"] == account.url
    assert said["closed"][0]["closed"].startswith("2026-03-07T12:00")
    page = client.get("/accounts/").content.decode()
    assert "closed on 7 March 2026" in page


def test_an_agency_in_look_alike_letters_shows_and_is_not_signed_by_us(client, account):
    theirs = text_of(our_key().name, {
        "version": 1, "agency": "Harbоur Police", "address": "https://harbour.example",
        "as_of": "2026-11-29T09:41:00Z", "good_until": "2036-11-29T09:41:00Z", "accounts": [],
        "closed": [], "not_ours": [],
    })  # fmt: skip
    assert "Harb\\u043eur" in theirs
    key = notes.Ed25519PrivateKey.generate()
    for name in (our_key().name, "evil.example/accounts"):
        with pytest.raises(NotGood):
            opened(notes.signed(theirs, name, key), our_key(), timezone.now())


def test_neither_a_checkpoint_nor_a_register_passes_for_the_other(client, account):
    checkpoint = notes.Checkpoint(log_key(1).name, 3, bytes(32))
    note = notes.signed(str(checkpoint), log_key(1).name, signing_key())
    with pytest.raises(NotGood):
        opened(note, our_key(), timezone.now())
    with pytest.raises(notes.NotANote):
        notes.opened(signed(client), log_key(1))
    as_ours = notes.signed(str(checkpoint), our_key().name, signing_key())
    with pytest.raises(NotGood):
        opened(as_ours, our_key(), timezone.now())


def test_no_change_of_one_character_is_believed(client, account):
    raw, key, now = signed(client), our_key(), timezone.now()

    @hypothesis(max_examples=300)
    @supposing(st.integers(0, len(raw) - 1), st.characters(codec="utf-8"))
    def changed(place, other):
        if other != raw[place]:
            with pytest.raises(NotGood):
                opened(raw[:place] + other + raw[place + 1 :], key, now)

    changed()


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.replace('"accounts":', '"accounts":[],"accounts":', 1),
        lambda said: said.replace('{"', '{ "', 1),
        lambda said: said.replace('"version":1', '"version":2'),
        lambda said: said.replace('"closed":[]', '"closed":{}'),
        lambda said: said + "more\n",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_though_it_is_signed(client, account, change):
    text = notes.Note.read(signed(client)).text
    changed = change(text)
    assert changed != text
    note = notes.signed(changed, our_key().name, signing_key())
    with pytest.raises(NotGood):
        opened(note, our_key(), timezone.now())


def test_an_outsider_checks_it_with_one_command(client, account, tmp_path):
    file = tmp_path / "register.txt"
    file.write_text(signed(client))
    told = StringIO()
    call_command("protect", "verify", str(file), "--key", str(our_key()), stdout=told)
    assert account.url in told.getvalue()
    assert "Harbour Police" in told.getvalue()
    wrong = [["--at", "2036-01-01T00:00:00Z"], ["--key", str(log_key(1))], ["--key", "x"]]
    for words in wrong:
        with pytest.raises(CommandError, match="DO NOT RELY"):
            call_command("protect", "verify", str(file), "--key", str(our_key()), *words)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="DO NOT RELY"):
        call_command("protect", "verify", str(file), "--key", str(our_key()))


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_the_recipe_of_the_docs_checks_it_with_openssl_alone(client, account, tmp_path):
    [recipe] = re.findall(r"```sh\n(# check.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "register.txt").write_text(signed(client))
    (tmp_path / "key.txt").write_text(f"{our_key()}\n")

    def run():
        return subprocess.run(["sh", "-c", recipe], cwd=tmp_path, capture_output=True, text=True)

    assert "Verified Successfully" in run().stdout
    register = tmp_path / "register.txt"
    register.write_text(register.read_text().replace("social.example", "evil.example"))
    assert "Verified Successfully" not in run().stdout


def test_the_name_of_the_key_is_the_site_and_the_same_key_serves_the_record():
    assert our_key().name == name_of("localhost:8000")
    assert our_key().public == log_key(1).public
    assert our_key().id != log_key(1).id


def test_json_of_the_register_is_for_any_page_and_short_kept(client, account):
    for address in (SIGNED, "/.well-known/commonground-accounts.json"):
        reply = client.get(address)
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert "max-age=300" in reply.headers["Cache-Control"]
        assert not reply.cookies
    json.loads(client.get("/.well-known/commonground-accounts.json").content)
