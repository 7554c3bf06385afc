"""What strangers will try on the inbox, and what must come of it. Numbers are the design's."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from commonground.channels.networks.fediverse import signatures
from commonground.channels.networks.fediverse.documents import TYPE
from commonground.channels.networks.fediverse.tests.elsewhere import (
    SIGN,
    nothing_came_of,
    pair,
    tell,
)

pytestmark = pytest.mark.django_db
styles = pytest.mark.parametrize("style", SIGN)


def test_an_unsigned_request_is_told_so_and_costs_nothing(there, asked):
    answer = Client().post("/fediverse/riverside/inbox", json.dumps(asked), content_type=TYPE)

    nothing_came_of(answer)
    assert there.asked == []


@styles
def test_a_signature_by_another_key_is_refused(there, asked, style):
    nothing_came_of(tell(asked, name="mallory", style=style))


@styles
def test_23_a_body_that_was_changed_on_the_way_is_refused(there, asked, style):
    nothing_came_of(tell({**asked, "to": "x"}, signed=json.dumps(asked).encode(), style=style))
    assert there.asked == []


@pytest.mark.parametrize("header", ["digest", "date", "host", "signature"])
def test_23_whatever_is_missing_is_missed(there, asked, header):
    nothing_came_of(tell(asked, **{header: ""}), 400, 401)
    assert there.asked == []


@pytest.mark.parametrize("header", ["content-digest", "signature-input", "signature"])
def test_24_whatever_is_missing_by_the_new_rules_too(there, asked, header):
    nothing_came_of(tell(asked, style="rfc9421", **{header: ""}))
    assert there.asked == []


def test_23_a_date_that_was_not_signed_is_not_believed(there, asked):
    old = timezone.now() - timedelta(days=3)
    now = signatures.format_datetime(timezone.now().astimezone(signatures.UTC), usegmt=True)

    nothing_came_of(tell(asked, at=old, date=now))


@styles
@pytest.mark.parametrize("minutes", [-1440, -10, -6, 6, 1440])
def test_23_a_request_from_another_time_is_refused(there, asked, style, minutes):
    nothing_came_of(tell(asked, style=style, at=timezone.now() + timedelta(minutes=minutes)))
    assert there.asked == []


@styles
@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_differ_by_minutes(there, asked, style, minutes):
    at = timezone.now() + timedelta(minutes=minutes)

    assert tell(asked, style=style, at=at).status_code == 202


@styles
def test_a_request_for_one_inbox_is_not_believed_at_another(there, asked, style):
    body = json.dumps(asked).encode()
    signed = signatures.Request(
        "POST", "http://localhost:8000/fediverse/shared-inbox", {"content-type": TYPE}, body
    )
    key_id = f"{there.at()}#main-key"
    headers = SIGN[style](signed, key_id, pair("ana")[0], timezone.now())
    headers |= {"host": "localhost:8000"}

    answer = Client().post(
        "/fediverse/riverside/inbox", body, content_type=headers.pop("content-type"),
        headers=headers,
    )  # fmt: skip
    nothing_came_of(answer)


def test_a_request_that_was_signed_for_another_server_is_refused(there, asked):
    nothing_came_of(tell(asked, host="localhost"))


def new_style(change):
    """The request as RFC 9421 signs it, with its Signature-Input changed."""

    def send(asked):
        body = json.dumps(asked).encode()
        url = "http://localhost:8000/fediverse/riverside/inbox"
        request = signatures.Request("POST", url, {"content-type": TYPE}, body)
        key_id = f"{asked['actor']}#main-key"
        sent = signatures.new_signature(request, key_id, pair("ana")[0], timezone.now())
        sent["Signature-Input"] = change(sent["Signature-Input"])
        return Client().post("/fediverse/riverside/inbox", body, content_type=TYPE, headers=sent)

    return send


@pytest.mark.parametrize(
    "change",
    {
        "two signatures": lambda said: f"{said}, sig2={said.partition('=')[2]}",
        "the same label twice": lambda said: f"{said}, {said}",
        "a request that is over": lambda said: said + ";expires=1000000000",
        "hs2019": lambda said: said.replace("rsa-v1_5-sha256", "hs2019"),
        "a shared secret": lambda said: said.replace("rsa-v1_5-sha256", "hmac-sha256"),
        "no address": lambda said: said.replace('"@target-uri" ', ""),
        "no method": lambda said: said.replace('"@method" ', ""),
        "no digest": lambda said: said.replace(' "content-digest"', ""),
        "the digest of an answer": lambda said: said.replace('-digest"', '-digest";req'),
        "no time": lambda said: said.replace("created=", "nonce="),
        "a time in words": lambda said: said.replace("created=1", 'created="1').replace(
            ";keyid", '";keyid'
        ),
        "no key": lambda said: said.replace("keyid=", "tag="),
        "nothing": lambda said: "",
        "nonsense": lambda said: "((((",
        "far too much": lambda said: said + ";x" * 9000,
    }.items(),
    ids=lambda change: change[0],
)
def test_24_the_new_rules_are_kept_to_the_letter(there, asked, change):
    nothing_came_of(new_style(change[1])(asked))
    assert there.asked == []


def test_24_the_same_request_unchanged_is_believed(there, asked):
    assert new_style(str)(asked).status_code == 202


@pytest.mark.parametrize(
    "signature",
    ["", "x", 'keyId=""', 'keyId="a",keyId="b"', 'headers="(request-target) host date digest"',
     'keyId="{key}",headers="date",signature="AA=="',
     'keyId="{key}",headers="(request-target) host digest",signature="AA=="',
     'keyId="{key}",headers="host date digest",signature="AA=="',
     'keyId="{key}",headers="(request-target) date digest",signature="AA=="',
     'keyId="{key}",headers="(request-target) host date",signature="AA=="',
     'keyId="{key}",headers="(request-target) host date digest digest",signature="AA=="',
     'keyId="{key}",headers="(request-target) host date digest x-none",signature="AA=="',
     'keyId="{key}",algorithm="hmac-sha256",headers="(request-target) host date digest"',
     'keyId="{key}",headers="(request-target) host (created) digest",created=1,signature="AA=="',
     "a=" * 9000],
)  # fmt: skip
def test_the_old_rules_are_kept_too(there, asked, signature):
    whose = f"{there.at()}#main-key"
    nothing_came_of(tell(asked, signature=signature.replace("{key}", whose)))
    assert there.asked == []


def test_a_signature_that_is_no_base64_is_refused(there, asked):
    key = f"{there.at()}#main-key"
    said = f'keyId="{key}",headers="(request-target) host date digest",signature="***"'
    nothing_came_of(tell(asked, signature=said))
