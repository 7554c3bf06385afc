"""What anyone may see: whole, small, without script or cookie, and never another agency's."""

import gzip
import json
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone
from PIL import Image
from tests import given

from commonground.channels.contract import Declined, Login, Message, Picture
from commonground.channels.line import address_of
from commonground.channels.networks.site.adapter import Newsroom
from commonground.channels.networks.site.models import Page
from commonground.hear.models import Source, Topic
from commonground.say.models import Post
from commonground.say.states import State
from commonground.spot.models import Resource

ADDRESSES = (
    "/newsroom/", "/follow/", "/help/", "/accounts/", "/listening/", "/about/",
    "/newsroom/rss.xml", "/newsroom/atom.xml", "/newsroom/feed.json",
    "/.well-known/commonground-accounts.json",
)  # fmt: skip


@pytest.fixture
def agency():
    return given.an_agency(name="Harbour Police", slug="harbour")


def a_picture():
    drawn = BytesIO()
    Image.new("RGB", (4, 3)).save(drawn, "PNG")
    return Picture(drawn.getvalue(), "image/png", "A <closed> street", 4, 3)


def a_page(agency, text="Go slow.", *, title="Roads are icy", pictures=(), withdrawn="", at=None):
    channel = agency.channels.filter(network="site").first()
    channel = channel or given.a_channel(agency=agency, network="site", name="Newsroom")
    room = Newsroom(Login(str(channel.pk)))
    key = room.new_key(at or timezone.now())
    receipt = room.publish(Message(text, title=title, pictures=tuple(pictures)), key=key)
    if withdrawn:
        room.withdraw(receipt, why=withdrawn)
    return Page.objects.get(key=key)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_anyone_may_read_it_without_a_cookie_or_a_script(client, agency, address):
    a_page(agency)
    answer = client.get(address)
    assert answer.status_code == 200
    assert not answer.cookies
    assert b"<script" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_before_there_is_an_agency_there_is_nothing(client, address):
    given.an_agency(drill=True)
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_full_newsroom_weighs_under_sixty_kilobytes(client, agency):
    for n in range(25):
        a_page(agency, f"{n} " + "Words about the weather and the bridge. " * 20)
    look = Path(__file__).parents[2] / "kit/static/kit/look.css"
    page = client.get("/newsroom/").content
    assert len(gzip.compress(page)) + len(gzip.compress(look.read_bytes())) < 60_000
    assert b"before=" in page


@pytest.mark.django_db
def test_the_newsroom_costs_the_same_however_much_was_said(
    client, agency, django_assert_max_num_queries
):
    for n in range(25):
        a_page(agency, str(n), pictures=[a_picture()])
    with django_assert_max_num_queries(6):
        client.get("/newsroom/")


@pytest.mark.django_db
def test_what_a_drill_or_another_agency_said_is_not_here(client, agency):
    other = given.an_agency(name="Zeta City")
    theirs = a_page(other, "Not ours")
    assert b"Not ours" not in client.get("/newsroom/").content
    assert client.get(theirs.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_a_post_can_be_read_shared_and_checked(client, agency):
    page = a_page(agency, "Stay <in>.\nHelp: https://harbour.example/safe", pictures=[a_picture()])
    shown = client.get(page.get_absolute_url()).content.decode()
    assert "Stay &lt;in&gt;." in shown
    assert 'href="https://harbour.example/safe"' in shown
    assert 'alt="A &lt;closed&gt; street"' in shown
    assert f'<meta property="og:url" content="{page.receipt.url}">' in shown
    assert "https://bsky.app/intent/compose?text=" in shown
    assert page.fingerprint in shown
    assert "{'" not in shown


@pytest.mark.django_db
def test_a_picture_is_served_while_its_page_stands(client, agency):
    page = a_page(agency, pictures=[a_picture()])
    address = f"{page.get_absolute_url()}/picture-0"
    assert client.get(address).headers["Content-Type"] == "image/png"
    assert client.get(f"{page.get_absolute_url()}/picture-1").status_code == 404
    Newsroom(Login(str(page.channel_id))).withdraw(page.receipt, why="Wrong street")
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_withdrawn_post_leaves_the_reason_and_none_of_its_words(client, agency):
    page = a_page(agency, "Jo did it", title="Jo Doe", withdrawn="It named a person.")
    answer = client.get(page.get_absolute_url())
    assert answer.status_code == 410
    everywhere = [answer.content, *(client.get(a).content for a in ADDRESSES)]
    assert b"It named a person." in everywhere[0]
    assert not [body for body in everywhere if b"Jo " in body]
    assert client.get(f"{page.get_absolute_url()}/share/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "server"),
    [
        ("example.social", "example.social"),
        ("https://Example.Social/@me", "example.social"),
        ("@me@example.social", "example.social"),
        ("javascript:alert(1)", ""),
        ('"><script>', ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_sharing_on_mastodon_goes_to_the_readers_own_server(client, agency, typed, server):
    page = a_page(agency)
    shown = client.get(f"{page.get_absolute_url()}/share/", {"server": typed}).content.decode()
    assert (f'href="https://{server}/share?text=' in shown) is bool(server)
    assert "<script" not in shown


@pytest.mark.django_db
def test_feeds_say_what_was_said_and_what_was_taken_back(client, agency):
    page = a_page(agency, "Black ice & fog\non the <bridge>", pictures=[a_picture()])
    a_page(agency, "Jo did it", title="Jo", withdrawn="It named a person.")
    for address in ("/newsroom/rss.xml", "/newsroom/atom.xml"):
        raw = client.get(address).content
        ElementTree.fromstring(raw)  # noqa: S314 - our own bytes
        feed = feedparser.parse(raw)
        assert [e.title for e in feed.entries] == ["We took a post back", "Roads are icy"]
        assert feed.entries[1].link == page.receipt.url
        assert "Black ice &amp; fog<br />on the &lt;bridge&gt;" in feed.entries[1].summary
        assert not feed.bozo
    items = json.loads(client.get("/newsroom/feed.json").content)["items"]
    assert items[1]["content_text"] == "Black ice & fog\non the <bridge>"
    assert items[1]["attachments"][0]["url"] == f"{page.receipt.url}/picture-0"
    assert items[0]["content_text"] == "It named a person."


@pytest.mark.django_db
def test_a_feed_reader_that_has_it_all_is_told_so(client, agency):
    page = a_page(agency)
    seen = client.get("/newsroom/rss.xml").headers["Last-Modified"]
    again = {"If-Modified-Since": seen}
    assert client.get("/newsroom/rss.xml", headers=again).status_code == 304
    Page.objects.filter(pk=page.pk).update(withdrawn_at=timezone.now() + timedelta(minutes=1))
    assert client.get("/newsroom/rss.xml", headers=again).status_code == 200


@pytest.mark.django_db
def test_help_is_shown_in_the_language_asked_for_and_never_once_retired(client, agency):
    def offer(name, languages, **but):
        Resource.objects.create(agency=agency, name=name, about=".", languages=languages, **but)

    offer("Helpline", ["en", "fr"], kind="helpline")
    offer("Shelter", ["es"], kind="shelter")
    offer("Old line", ["en"], retired_at=timezone.now())
    page = client.get("/help/?language=es").content.decode()
    assert "Shelter" in page
    assert "Helpline" not in page
    assert "Old line" not in client.get("/help/").content.decode()
    assert "Helpline" in client.get("/help/?language=xx").content.decode()


@pytest.mark.django_db
def test_the_register_names_every_listed_account_and_proves_it_both_ways(client, agency):
    listed = given.a_channel(
        agency=agency, network="mastodon", name="Traffic", handle="@traffic@harbour.example",
        url="https://harbour.example/@traffic", proved_at=timezone.now(),
    )  # fmt: skip
    given.a_channel(agency=agency, name="Hidden one", listed=False)
    given.a_channel(agency=agency, name="Closed one", state="closed")
    page = client.get("/accounts/").content.decode()
    assert '<a rel="me" href="https://harbour.example/@traffic">Traffic</a>' in page
    assert "Hidden one" not in page
    assert "Closed one" not in page
    file = client.get("/.well-known/commonground-accounts.json").json()
    assert [a["handle"] for a in file["accounts"]] == [listed.handle]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "ours"),
    [
        ("@traffic@harbour.example", True),
        ("traffic@harbour.example", True),
        ("https://HARBOUR.example/@traffic/?utm=1", True),
        ("@traffic_alerts@harbour.example", False),
        ("@", False),
    ],
)
def test_a_name_is_checked_against_the_register(client, agency, typed, ours):
    given.a_channel(
        agency=agency, network="mastodon", handle="@traffic@harbour.example",
        url="https://harbour.example/@traffic", proved_at=timezone.now(),
    )  # fmt: skip
    given.a_channel(agency=agency, network="site", handle="", url="")
    page = client.get("/accounts/", {"account": typed}).content.decode()
    assert ("Yes, this is ours." in page) is ours
    assert ("No, we have no account" in page) is not ours


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "proved"), [("new", False), ("ready", False), ("sign_in_needed", True)]
)
def test_nobody_is_told_that_an_account_is_ours_which_may_not_be(client, agency, state, proved):
    given.a_channel(
        agency=agency, network="mastodon", name="Traffic", handle="@traffic@harbour.example",
        url="https://harbour.example/@traffic", state=state,
        proved_at=timezone.now() if proved else None,
    )  # fmt: skip

    asked = client.get("/accounts/", {"account": "@traffic@harbour.example"}).content.decode()

    assert "Yes, this is ours." not in asked
    assert "cannot confirm" in asked
    assert "Traffic" not in client.get("/follow/").content.decode()
    file = client.get("/.well-known/commonground-accounts.json").json()
    assert [a["vouched"] for a in file["accounts"]] == [False]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("@old@harbour.example", "This was ours, and is closed."),
        ("@traff1c@harbour.example", "only looks like ours"),
        ("@tra\u00adffic@social.example", "only looks like ours"),
        ("@trаffіс@harbour.example", "only looks like ours"),
        ("https://social.example/@TraffIc", "only looks like ours"),
        ("@weather@harbour.example", "No, we have no account of this name."),
    ],
)
def test_a_closed_account_and_a_name_that_only_looks_like_ours_are_told(
    client, agency, typed, said
):
    given.a_channel(
        agency=agency, network="mastodon", handle="@traffic@harbour.example",
        url="https://harbour.example/@traffic", proved_at=timezone.now(),
    )  # fmt: skip
    given.a_channel(
        agency=agency, network="mastodon", handle="@old@harbour.example", state="closed"
    )
    assert said in client.get("/accounts/", {"account": typed}).content.decode()
    file = client.get("/.well-known/commonground-accounts.json").json()
    assert [a["handle"] for a in file["closed"]] == ["@old@harbour.example"]
    assert file["as_of"]


@pytest.mark.django_db
def test_only_live_topics_are_named_with_who_approved_them(client, agency):
    one, two = given.a_member(agency=agency), given.a_member(agency=agency, name="Inspector C")
    soon = timezone.now() + timedelta(days=9)
    live = {"state": "live", "approved_by": two, "proposed_by": one, "purpose": "To help."}
    Topic.objects.create(agency=agency, name="Crashes", expires_on=soon, **live)
    Topic.objects.create(agency=agency, name="Over", expires_on=timezone.now(), **live)
    Topic.objects.create(agency=agency, name="Wish", expires_on=soon, proposed_by=one, purpose=".")
    Source.objects.create(agency=agency, name="Bluesky", kind="jetstream", keep_hours=24)
    page = client.get("/listening/").content.decode()
    assert "Inspector C" in page
    assert "texts are deleted after 24 hours" in page
    assert "Over" not in page
    assert "Wish" not in page


def attached(agency, state, picture=None):
    picture = picture or a_picture()
    digest = sha256(picture.content).hexdigest()
    post = given.a_post(by=given.a_member(agency=agency))
    post.pictures.create(content=picture.content, sha256=digest, type=picture.type,
                         width=4, height=3, alt=picture.alt)  # fmt: skip
    # Whatever a post of that state must have besides.
    held = {"held_by": post.author, "held_at": timezone.now(), "held_because": "Wait."}
    Post.objects.filter(pk=post.pk).update(
        state=state, approved_digest="x", go_out_at=timezone.now(), **held
    )
    return urlsplit(address_of(picture)).path


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
def test_networks_fetch_a_picture_from_the_yes_to_its_post_until_it_is_withdrawn(
    client, agency, state
):
    answer = client.get(attached(agency, state))

    if state not in (State.PUBLISHING, State.PUBLISHED):
        assert answer.status_code == 404
        return
    assert answer["Content-Type"] == "image/jpeg"
    drawn = Image.open(BytesIO(answer.content))
    assert (drawn.format, drawn.size) == ("JPEG", (4, 3))
    assert not answer.cookies


@pytest.mark.django_db
def test_a_picture_of_a_drill_or_of_nobody_is_fetched_by_no_network(client, agency):
    drill = attached(given.an_agency(drill=True), State.PUBLISHED)
    assert client.get(drill).status_code == 404
    assert client.get(f"/pictures/{'0' * 64}.jpg").status_code == 404


def test_a_desk_without_a_public_address_says_that_nobody_can_fetch(settings):
    settings.ENV = settings.ENV.model_copy(
        update={"allow_private_addresses": False, "site_url": "http://desk.example"}
    )
    with pytest.raises(Declined, match="not public"):
        address_of(a_picture())
