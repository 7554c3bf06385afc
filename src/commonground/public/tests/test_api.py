"""What other servers of the fediverse read of us."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from PIL import Image
from tests import given

from commonground.channels import actions
from commonground.channels.contract import Picture
from commonground.channels.networks.fediverse.tests.world import a_note, actor_of, an_account
from commonground.say.models import Delivery
from commonground.say.tasks import go_out

pytestmark = pytest.mark.django_db
STREAMS = "application/activity+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.fixture
def account():
    return an_account(agency=given.an_agency(name="Harbour Police"), purpose="Roads & harbour")


def read(client, address, accept=STREAMS, **asked):
    return client.get(address, asked, headers={"Accept": accept})


@pytest.mark.parametrize(
    "resource",
    ["acct:riverside@localhost:8000", "acct:Riverside@LOCALHOST:8000",
     "http://localhost:8000/fediverse/riverside"],
)  # fmt: skip
def test_webfinger_finds_the_account(client, account, resource):
    answer = client.get("/.well-known/webfinger", {"resource": resource})

    assert answer.headers["Content-Type"] == "application/jrd+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = answer.json()
    assert found["subject"] == "acct:riverside@localhost:8000"
    links = {link["rel"]: link for link in found["links"]}
    assert links["self"]["href"] == actor_of(account).id_url
    assert links["self"]["type"] == STREAMS


@pytest.mark.parametrize(
    "resource",
    ["acct:nobody@localhost:8000", "acct:riverside@evil.example", "riverside", "acct:", "x" * 9000,
     "https://evil.example/fediverse/riverside", "acct:riverside@localhost:8000@evil.example"],
)  # fmt: skip
def test_webfinger_knows_nobody_else(client, account, resource):
    assert client.get("/.well-known/webfinger", {"resource": resource}).status_code == 404


def test_webfinger_asks_for_a_name(client, account):
    assert client.get("/.well-known/webfinger").status_code == 400


def test_nodeinfo_says_what_we_are_and_names_nobody(client, account):
    a_note(account)
    place = client.get("/.well-known/nodeinfo").json()["links"][0]["href"]
    told = client.get(place.removeprefix("http://localhost:8000")).json()

    assert (told["software"]["name"], told["protocols"]) == ("commonground", ["activitypub"])
    assert (told["usage"]["users"]["total"], told["usage"]["localPosts"]) == (1, 1)


@pytest.mark.parametrize("accept", [STREAMS, LD, f"{LD}, {STREAMS}"])
def test_the_actor_is_a_document_for_servers(client, account, accept):
    answer = read(client, "/fediverse/riverside", accept)
    told, actor = answer.json(), actor_of(account)

    assert answer.headers["Content-Type"] == STREAMS
    assert "Accept" in answer.headers["Vary"]
    assert (told["id"], told["name"]) == (actor.id_url, "Harbour Police")
    assert told["summary"] == "<p>Roads &amp; harbour</p>"
    assert told["publicKey"]["owner"] == actor.id_url
    assert told["publicKey"]["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY")
    assert "PRIVATE" not in answer.content.decode()


def test_the_actor_is_a_page_for_people(client, account):
    a_note(account, "The bridge is open.")
    answer = read(client, "/fediverse/riverside", BROWSER)

    assert "@riverside@localhost:8000" in answer.content.decode()
    assert "The bridge is open." in answer.content.decode()
    assert b"<script" not in answer.content
    assert not answer.cookies


def test_a_closed_account_is_gone(client):
    admin = given.a_member(roles=["admin"])
    account = an_account(agency=admin.agency)
    note = a_note(account)
    actions.close(actor_of(account).channel, by=admin)

    assert read(client, "/fediverse/riverside").status_code == 410
    assert read(client, "/fediverse/riverside/outbox").status_code == 404
    finger = {"resource": "acct:riverside@localhost:8000"}
    assert client.get("/.well-known/webfinger", finger).status_code == 404
    assert read(client, note.get_absolute_url()).status_code == 200


def test_the_outbox_is_paged_newest_first_and_holds_each_note_once(client, account):
    now = timezone.now()
    for n in range(45):
        a_note(account, f"Note {n}.", at=now - timedelta(minutes=n))
    whole = read(client, "/fediverse/riverside/outbox").json()
    address, said, pages = whole["first"], [], 0
    while address:
        page = read(client, address.removeprefix("http://localhost:8000")).json()
        assert page["id"] == address
        said += [item["object"]["content"] for item in page["orderedItems"]]
        address, pages = page.get("next"), pages + 1

    assert (whole["totalItems"], pages) == (45, 3)
    assert said == [f"<p>Note {n}.</p>" for n in range(45)]


def test_a_page_of_the_outbox_costs_the_same_however_much_was_said(
    client, account, django_assert_max_num_queries
):
    for n in range(12):
        a_note(account, f"Note {n}.")
    with django_assert_max_num_queries(4):
        read(client, "/fediverse/riverside/outbox", page=1)


def test_followers_are_counted_and_not_named(client, account):
    told = read(client, "/fediverse/riverside/followers").json()

    assert told["totalItems"] == 0
    assert not told.keys() & {"items", "orderedItems", "first"}


def a_picture():
    drawn = io.BytesIO()
    Image.new("RGB", (4, 3)).save(drawn, "PNG")
    return Picture(drawn.getvalue(), "image/png", "A <closed> street", 4, 3)


def test_a_note_is_what_was_said_and_nothing_in_it_is_markup(client, account):
    words = 'See <b>this</b> & https://riverside.example/?a="1"\n#A12 is closed.\n\nBye.'
    note = a_note(account, words, language="fr", pictures=(a_picture(),))
    told = read(client, note.get_absolute_url()).json()

    assert told["content"].startswith("<p>See &lt;b&gt;this&lt;/b&gt; &amp; <a href=")
    assert "<b>" not in told["content"]
    assert told["content"].endswith("is closed.</p><p>Bye.</p>")
    assert list(told["contentMap"]) == ["fr"]
    assert [tag["name"] for tag in told["tag"]] == ["#A12"]
    (shown,) = told["attachment"]
    assert shown["name"] == "A <closed> street"
    picture = client.get(shown["url"].removeprefix("http://localhost:8000"))
    assert picture.content == bytes(note.pictures.get().content)


def test_a_withdrawn_note_is_a_tombstone_for_servers_and_people(client, account):
    note = a_note(account, "Said in error.", pictures=(a_picture(),))
    account.withdraw(note.receipt)
    told, page = (
        read(client, note.get_absolute_url()),
        read(client, note.get_absolute_url(), BROWSER),
    )

    assert (told.status_code, told.json()["type"]) == (410, "Tombstone")
    assert page.status_code == 410
    assert "Said in error" not in told.content.decode() + page.content.decode()
    assert client.get(f"{note.get_absolute_url()}/picture-0").status_code == 404


def test_people_are_led_to_the_newsrooms_page_of_the_same_post(client):
    author = given.a_member()
    account = an_account(agency=author.agency)
    channels = [actor_of(account).channel, given.a_channel(agency=author.agency, network="site")]
    for channel in channels:
        channel.authorisations.create(member=author, decided_by=author)
    given.an_approved_post(by=author, channels=channels)
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        go_out()
    note = actor_of(account).notes.get()

    led = read(client, note.get_absolute_url(), BROWSER)

    assert led.status_code == 302
    assert client.get(led.headers["Location"]).status_code == 200
    assert read(client, note.get_absolute_url()).json()["type"] == "Note"
    page = Delivery.objects.get(variant__channel__network="site")
    assert led.headers["Location"].endswith(page.network_id)


def test_a_note_that_is_nowhere_else_has_a_page_of_its_own(client, account):
    note = a_note(account, "Only here.")

    assert "Only here." in read(client, note.get_absolute_url(), BROWSER).content.decode()
    assert read(client, f"/fediverse/nobody/notes/{note.key}").status_code == 404
