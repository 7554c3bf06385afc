"""What strangers will try with other people's names, and with words nobody can read.

Numbers are the design's.
"""

import json
import time

import pytest
from django.test import Client

from commonground.channels.networks.fediverse import people, reading
from commonground.channels.networks.fediverse.documents import STREAMS, TYPE
from commonground.channels.networks.fediverse.models import Reply
from commonground.channels.networks.fediverse.people import MEMORY
from commonground.channels.networks.fediverse.tests.elsewhere import (
    SIGN,
    a_reply,
    an_activity,
    elsewhere,
    nothing_came_of,
    tell,
)
from commonground.channels.networks.fediverse.tests.world import a_note

pytestmark = pytest.mark.django_db
styles = pytest.mark.parametrize("style", SIGN)


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


def test_6_a_key_that_an_actor_lists_as_somebody_elses_is_not_theirs(there, asked):
    key = {**there.person()["publicKey"], "owner": "https://police.example/users/chief"}
    there.person(publicKey=key)

    nothing_came_of(tell(asked), 400)


def test_6_an_owner_that_calls_itself_a_neighbour_owns_nothing(there, home):
    ben = there.person("ben")
    key = {**there.person()["publicKey"], "id": f"{there.url}/keys/1"}
    there.serve("/keys/1", {"@context": STREAMS, **key})
    there.serve("/users/ana", {**ben, "publicKey": {**key, "owner": ben["id"]}})

    forged = an_activity("Follow", there.at("ben"), home)
    nothing_came_of(tell(forged, key_id=f"{there.url}/keys/1"), 400)


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
        inside.serve("/users/ana", there.person())  # it even has the right name in it
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


@pytest.mark.parametrize("where", ["", "/x"])
def test_no_database_is_asked_for_a_sign_it_cannot_hold(there, account, where):
    odd = f"http://localhost:8000{where}/\x00"
    for kind, thing in (("Follow", odd), ("Create", {"type": "Note", "inReplyTo": odd})):
        assert tell(an_activity(kind, there.at(), thing)).status_code == 202

    assert there.asked == []


# 18 and 19: what is said


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 40_000, b"{" + b'"a":[' * 30 + b"]" * 30 + b"}",
     b'{"type":"Follow","type":"Block"}', b'{"a": NaN}', b'{"a": ' + b"1" * 200_000 + b"}",
     b'{"a": "\\ud800"}', b"\xff\xfe", b"", b"null", b"[]", b'"Follow"', b'{"type": "Follow"',
     b'{"type": ["Follow", "Create"]}', b'{"type": {}}',
     b'"' + b'\\"' * 120_000, b'"' + b'\\"' * 120_000 + b"\\"],
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
