"""What strangers will try on the inbox, and what must come of it. Numbers are the design's."""

import json
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from commonground.channels.networks.fediverse import people, reading, signatures
from commonground.channels.networks.fediverse.documents import STREAMS, TYPE
from commonground.channels.networks.fediverse.models import Follower, HeardActivity, Parcel, Reply
from commonground.channels.networks.fediverse.people import MEMORY
from commonground.channels.networks.fediverse.tests.elsewhere import (
    SIGN,
    a_reply,
    an_activity,
    elsewhere,
    pair,
    tell,
)
from commonground.channels.networks.fediverse.tests.world import a_note, actor_of

pytestmark = pytest.mark.django_db
styles = pytest.mark.parametrize("style", SIGN)


@pytest.fixture
def home(account):
    return actor_of(account).id_url


@pytest.fixture
def asked(there, home):
    return an_activity("Follow", there.at(), home)


def nothing_came_of(answer, *statuses):
    assert answer.status_code in (statuses or (401,)), answer.content
    assert answer.content.decode().isprintable()
    assert answer.content
    for kept in (Follower, Parcel, Reply, HeardActivity):
        assert not kept.objects.exists()


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


# 1 to 11: whose key it is


@pytest.mark.parametrize("kind", ["text/html", "application/json", "image/png", ""])
def test_1_an_actor_that_is_served_as_an_upload_is_nobody(there, asked, kind):
    there.serve("/users/ana", there.person(), kind=kind)

    nothing_came_of(tell(asked), 400)


def test_1_linked_data_without_the_streams_is_nobody(there, asked):
    there.serve("/users/ana", there.person(), kind="application/ld+json")

    nothing_came_of(tell(asked), 400)


def test_2_an_actor_that_calls_itself_somebody_on_another_host_is_nobody(there, asked):
    there.serve("/users/ana", {**there.person(), "id": "https://police.example/users/chief"})

    nothing_came_of(tell(asked), 400)


def test_2_an_actor_that_calls_itself_a_neighbour_is_nobody(there, asked):
    """Whoever may put a document on a host must not become everybody on it."""
    ben = there.person("ben")
    there.serve("/users/ana", {**ben, "publicKey": there.person("ana")["publicKey"]})

    nothing_came_of(tell(asked), 400)
    nothing_came_of(tell({**asked, "actor": there.at("ben")}), 400, 401)


@styles
def test_4_nobody_speaks_for_somebody_on_another_host(there, home, style):
    with elsewhere() as other:
        other.person("mallory")
        forged = an_activity("Follow", there.at(), home)
        key_id = f"{other.at('mallory')}#main-key"

        nothing_came_of(tell(forged, name="mallory", key_id=key_id, style=style))
        assert (there.asked, other.asked) == ([], [])


def test_4_nobody_speaks_for_a_neighbour(there, home):
    there.person("mallory")
    forged = an_activity("Follow", there.at(), home)

    nothing_came_of(tell(forged, name="mallory", key_id=f"{there.at('mallory')}#main-key"))


def test_4_a_reply_put_into_another_mouth_is_refused(there, account):
    note = a_note(account)
    for but in ({"attributedTo": there.at("ben")}, {"id": "https://police.example/1"},
                {"attributedTo": [there.at()]}, {"attributedTo": None}):  # fmt: skip
        said = a_reply(there.at(), note.id_url) | but
        assert tell(an_activity("Create", there.at(), said)).status_code == 400
    assert not Reply.objects.exists()


def test_5_a_signature_inside_the_document_changes_nothing(there, asked):
    inside = {**asked, "signature": {"type": "RsaSignature2017", "creator": asked["actor"]}}
    answer = Client().post("/fediverse/riverside/inbox", json.dumps(inside), content_type=TYPE)

    nothing_came_of(answer)


def test_6_a_key_that_says_it_belongs_to_another_host_is_refused(there, asked):
    key = {**there.person()["publicKey"], "owner": "https://police.example/users/chief"}
    there.serve("/keys/1", {"@context": STREAMS, **key, "id": f"{there.url}/keys/1"})

    nothing_came_of(tell(asked, key_id=f"{there.url}/keys/1"), 400)


def test_6_a_key_its_owner_does_not_know_is_refused(there, asked):
    key = {**there.person()["publicKey"], "id": f"{there.url}/keys/1"}
    there.serve("/keys/1", {"@context": STREAMS, **key})

    nothing_came_of(tell(asked, key_id=f"{there.url}/keys/1"), 400)


def test_a_key_with_an_address_of_its_own_that_its_owner_knows_is_believed(there, asked):
    whole = there.person()
    key = {**whole["publicKey"], "id": f"{there.url}/keys/1"}
    there.serve("/keys/1", {"@context": STREAMS, **key})
    there.serve("/users/ana", {**whole, "publicKey": key})

    assert tell(asked, key_id=f"{there.url}/keys/1").status_code == 202


@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1:{port}", "localhost:{port}", "169.254.169.254", "[::1]:{port}", "0.0.0.0:{port}",
     "[::]:{port}", "0x7f000001:{port}", "2130706433:{port}", "0177.0.0.1:{port}", "127.1:{port}",
     "[::ffff:127.0.0.1]:{port}", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "10.0.0.1"],
)  # fmt: skip
def test_7_9_10_11_a_key_inside_our_own_network_is_not_fetched(there, home, inside, settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    for scheme in ("http", "https"):
        host = inside.replace("{port}", there.url.rpartition(":")[2])
        actor = f"{scheme}://{host}/users/ana"

        nothing_came_of(tell(an_activity("Follow", actor, home)), 401, 503)
    assert there.asked == []


def test_8_a_key_that_sends_us_into_our_own_network_is_not_followed(there, asked):
    with elsewhere() as inside:
        inside.person("ana")
        there.serve("/users/ana", b"", status=302, Location=f"{inside.url}/users/ana")
        nothing_came_of(tell(asked), 400)


@pytest.mark.parametrize(
    "odd",
    ["http://good@{host}/users/ana", "http:\\\\{host}/users/ana", "http://{host}\t/users/ana",
     "http://{host}/users/ana\n", "//{host}/users/ana", "file:///etc/passwd", "http://", "x", "",
     "http://{host}:99999/a", "http://ex\u00e4mple.example/a", "http://[::1/a", "acct:ana@{host}"],
)  # fmt: skip
def test_13_an_odd_address_is_nobodys(there, home, odd):
    actor = odd.replace("{host}", there.url.removeprefix("http://"))
    safe = actor.encode("ascii", "ignore").decode().replace("\n", "")

    nothing_came_of(tell(an_activity("Follow", actor, home), key_id=f"{safe}#main-key"), 401)
    assert there.asked == []


def test_17_hosts_are_compared_in_one_way():
    assert reading.same_host("https://Example.COM/a", "https://example.com:443/b#c")
    assert reading.same_host("https://example.com./a", "https://example.com/b")
    assert not reading.same_host("https://example.com/a", "http://example.com/b")
    assert not reading.same_host("https://example.com/a", "https://example.com.evil.example/b")
    assert not reading.same_host("", "")


@pytest.mark.parametrize("bits", [1024])
def test_a_toy_key_is_refused(there, asked, bits):
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    weak = rsa.generate_private_key(public_exponent=65_537, key_size=bits).public_key()
    pem = weak.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    whole = there.person()
    there.serve("/users/ana", whole | {"publicKey": {**whole["publicKey"], "publicKeyPem": pem}})

    nothing_came_of(tell(asked))


# 18 and 19: what is said


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 40_000, b"{" + b'"a":[' * 30 + b"]" * 30 + b"}",
     b'{"type":"Follow","type":"Block"}', b'{"a": NaN}', b'{"a": ' + b"1" * 200_000 + b"}",
     b'{"a": "\\ud800"}', b"\xff\xfe", b"", b"null", b"[]", b'"Follow"', b'{"type": "Follow"',
     b'{"type": ["Follow", "Create"]}', b'{"type": {}}'],
    ids=lambda body: repr(body[:24]),
)  # fmt: skip
@styles
def test_18_19_what_nobody_can_read_is_refused_at_once(there, account, body, style):
    began = time.monotonic()

    answer = tell(body, key_id=f"{there.at()}#main-key", style=style)

    nothing_came_of(answer, 400, 415)
    assert there.asked == []
    assert time.monotonic() - began < 2


def test_18_what_is_too_long_is_not_read(there, asked):
    long = {**asked, "to": ["x" * 100] * 5_000}

    nothing_came_of(tell(long), 413)
    assert there.asked == []


def test_18_an_actor_that_never_ends_is_not_read(there, asked):
    there.serve("/users/ana", b" " * 2_000_000)

    nothing_came_of(tell(asked), 400, 503)


def test_18_an_actor_that_nests_too_deep_is_nobody(there, asked):
    there.serve("/users/ana", b"[" * 100_000)

    nothing_came_of(tell(asked), 400)


@pytest.mark.parametrize(
    "but",
    [{"inbox": "https://victim.example/inbox"}, {"inbox": None}, {"inbox": ["x"]},
     {"endpoints": {"sharedInbox": "https://victim.example/inbox"}}, {"type": ["Person"]},
     {"type": "Note"}, {"preferredUsername": None}, {"publicKey": []}, {"publicKey": "x"},
     {"publicKey": [{}] * 5_000}],
    ids=str,
)  # fmt: skip
def test_19_an_actor_with_odd_parts_is_nobody(there, asked, but):
    """Above all: nobody makes us deliver to a server that is not their own."""
    there.person(**but)

    nothing_came_of(tell(asked), 400)


def test_19_thousands_of_recipients_are_counted_once(there, account):
    note = a_note(account)
    said = a_reply(there.at(), note.id_url, to=["https://x.example/a"] * 5_000)

    assert tell(an_activity("Create", there.at(), said)).status_code == 202
    assert note.replies.get().said["public"] is False


def test_21_what_somebody_passes_on_is_not_taken_for_theirs(there, account):
    note = a_note(account)
    with elsewhere() as other:
        other.person("blocked")
        said = an_activity("Create", other.at("blocked"), a_reply(other.at("blocked"), note.id_url))
        assert tell(an_activity("Announce", there.at(), said)).status_code == 202
        nothing_came_of(tell(said, key_id=f"{there.at()}#main-key"))


def test_strangers_cannot_make_us_knock_at_others_all_day(there, home):
    for n in range(people.MOST_OF_ONE_HOST + 5):
        name = f"nobody-{n}"
        answer = tell(an_activity("Follow", there.at(name), home), name="mallory")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert len(there.asked) == people.MOST_OF_ONE_HOST
    MEMORY.forget()


def test_a_server_that_is_away_is_asked_again_later(there, asked):
    there.serve("/users/ana", b"", status=500)

    nothing_came_of(tell(asked), 503)


def test_another_type_of_body_is_not_read(there, asked):
    answer = Client().post("/fediverse/riverside/inbox", json.dumps(asked), content_type="text/xml")

    nothing_came_of(answer, 415)


def test_an_inbox_only_hears(client, account):
    assert client.get("/fediverse/riverside/inbox").status_code == 405
    assert client.post("/fediverse/nobody/inbox").status_code == 404


def test_markup_that_never_closes_is_no_words(there, account):
    note = a_note(account)
    said = a_reply(there.at(), note.id_url, "<a" * 20_000)
    began = time.monotonic()

    assert tell(an_activity("Create", there.at(), said)).status_code == 202
    assert time.monotonic() - began < 2
    assert "<" not in note.replies.get().said["text"][:1]
