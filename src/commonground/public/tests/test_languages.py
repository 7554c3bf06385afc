"""One page for a post in several languages: each reader in their own, machines in all."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as supposing, strategies as st
from lxml import etree
from tests import given

from commonground.channels.contract import Login, Message, Picture
from commonground.channels.contract.rendering import Rendering
from commonground.channels.networks.mail.adapter import MailingList
from commonground.channels.networks.push.adapter import Notices
from commonground.channels.networks.site.adapter import Newsroom
from commonground.channels.networks.site.models import Page
from commonground.public.engine import cap
from commonground.public.tests.test_alerts import ATOM, CAP, GAS, issued, schema, told

__all__ = ["schema"]
pytestmark = pytest.mark.django_db
FRENCH = Rendering(
    "fr", "Quittez Oldquay", "Du gaz s'échappe.", alts=("Un pont <fermé>",), event="Fuite de gaz",
    area="Oldquay et le port", instruction="Partez à pied.",
)  # fmt: skip
ARABIC = Rendering("ar", "غاز", "تسرب الغاز")


@pytest.fixture
def agency():
    return given.an_agency(name="Harbour Police", languages=["en", "fr"])


def published(agency, *, network="site", opened=Newsroom, also=(FRENCH, ARABIC), **but):
    channel = given.a_channel(agency=agency, network=network)
    adapter = opened(Login(str(channel.pk)))
    words = {"text": "Gas is leaking.", "title": "Leave Oldquay", "also": also, **but}
    return adapter.publish(Message(**words), key=adapter.new_key(timezone.now()))


def read(client, address, language="", status=200):
    reply = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
    assert reply.status_code == status
    return " ".join(reply.content.decode().split())


@pytest.mark.parametrize(
    ("asked", "browser", "title", "language"),
    [
        ("", "", "Leave Oldquay", "en"),
        ("", "fr-CA,en;q=0.5", "Quittez Oldquay", "fr"),
        ("", "ar,fr", "غاز", "ar"),
        ("", "de,fr;q=0.4", "Quittez Oldquay", "fr"),
        ("?in=fr", "en", "Quittez Oldquay", "fr"),
        ("?in=de", "en", "Leave Oldquay", "en"),
        ("?in=%00%3Cb%3E", "", "Leave Oldquay", "en"),
    ],
)
def test_a_page_is_read_in_the_reader_s_language(client, agency, asked, browser, title, language):
    address = f"/newsroom/{published(agency).network_id}"

    page = read(client, address + asked, browser)

    assert f"<h1>{title}</h1>" in page
    assert f'<article class="stack said" lang="{language}"' in page
    assert f'<strong lang="{language}" aria-current="true">' in page


def test_each_language_is_one_press_away_and_known_to_machines(client, agency):
    key = published(agency).network_id

    page = read(client, f"/newsroom/{key}?in=fr")

    for code in ("en", "ar"):
        assert f'<a href="/newsroom/{key}?in={code}" lang="{code}" hreflang="{code}">' in page
    for code in ("en", "fr", "ar"):
        assert f'rel="alternate" hreflang="{code}" href="http' in page
    assert 'hreflang="x-default"' in page
    assert f'<link rel="canonical" href="http://testserver/newsroom/{key}?in=fr">' in page or (
        f"/newsroom/{key}?in=fr" in page.partition('rel="canonical"')[2][:120]
    )
    assert '<html lang="fr"' in page  # the page's own words follow an address


def test_a_page_in_one_language_speaks_of_no_other(client, agency):
    key = published(agency, also=()).network_id

    page = read(client, f"/newsroom/{key}", "fr")

    assert "hreflang" not in page
    assert f'/newsroom/{key}">' in page.partition('rel="canonical"')[2][:120]


def test_pictures_and_alerts_are_told_in_each_language(client, agency):
    picture = Picture(b"pixels", "image/png", "A closed bridge", 64, 48)
    key = published(agency, alert=GAS, pictures=(picture,)).network_id

    english, french = (read(client, f"/newsroom/{key}?in={code}") for code in ("en", "fr"))

    assert "Gas leak: Oldquay &amp; the harbour front" in english
    assert 'alt="A closed bridge"' in english
    assert "Fuite de gaz: Oldquay et le port" in french
    assert "Partez à pied." in french
    assert 'alt="Un pont &lt;fermé&gt;"' in french
    assert "Gas leak" not in french


def test_what_was_taken_back_is_said_in_no_language(client, agency):
    receipt = published(agency)
    Page.objects.update(withdrawn_at=timezone.now(), why="Wrong street.")

    for asked in ("", "?in=fr"):
        page = read(client, f"/newsroom/{receipt.network_id}{asked}", status=410)
        assert "Quittez" not in page
        assert "Oldquay" not in page
    for name in ("rss", "atom", "json_feed"):
        assert "gaz" not in read(client, reverse(f"public:{name}") + "?in=fr")


def test_the_list_is_in_the_reader_s_language_and_costs_no_more(
    client, agency, django_assert_max_num_queries
):
    for _ in range(6):
        published(agency)
    client.get("/newsroom/")

    with django_assert_max_num_queries(6):
        page = read(client, "/newsroom/", "fr")

    assert page.count("Quittez Oldquay</a>") == 6
    assert "Leave Oldquay" not in page
    assert page.count('hreflang="en">English</a>') == 6


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_a_feed_has_all_languages_or_the_one_that_was_asked_for(client, agency, name):
    published(agency)

    everything = read(client, reverse(f"public:{name}"))
    french = read(client, reverse(f"public:{name}") + "?in=fr")

    assert "Gas is leaking." in everything
    assert '&lt;div lang="fr"&gt;' in everything
    assert "gaz" in everything
    assert "Quittez Oldquay" in french
    assert "Gas is leaking." not in french
    etree.fromstring(french.encode())


def test_the_json_feed_says_in_which_language_each_item_is(client, agency):
    published(agency)
    address = reverse("public:json_feed")

    (item,) = json.loads(read(client, address))["items"]
    (french,) = json.loads(read(client, address + "?in=fr"))["items"]

    assert (item["language"], french["language"]) == ("en", "fr")
    assert "gaz" in item["content_text"]
    assert french["content_text"] == FRENCH.text


@pytest.mark.parametrize("asked", ["?in=%00", "?in=<x>", "?in=" + "a" * 9000, "?in=zz"])
@pytest.mark.parametrize("name", ["rss", "atom", "json_feed", "newsroom"])
def test_no_address_breaks_a_feed(client, agency, name, asked):
    published(agency)

    assert "Leave Oldquay" in read(client, reverse(f"public:{name}") + asked)


@pytest.mark.parametrize(
    ("network", "opened", "place"), [("mail", MailingList, "letters"), ("push", Notices, "notices")]
)
def test_letters_and_notices_are_checked_in_the_language_they_came_in(
    client, agency, network, opened, place
):
    receipt = published(agency, network=network, opened=opened)

    page = read(client, f"/{place}/{receipt.network_id}?in=fr")

    assert "<h1>Quittez Oldquay</h1>" in page
    assert 'hreflang="en"' in page


def test_an_alert_is_one_document_with_a_block_for_each_language(client, agency, schema):
    picture = Picture(b"pixels", "image/png", "A closed bridge", 64, 48)
    key = published(agency, alert=GAS, pictures=(picture,)).network_id

    document = client.get(f"/newsroom/alerts/{key}.xml").content

    schema.assertValid(etree.fromstring(document))
    assert told(document, "//c:language") == ["en", "fr", "ar"]
    assert told(document, "//c:event") == ["Gas leak", "Fuite de gaz", "Gas leak"]
    assert told(document, "//c:headline") == ["Leave Oldquay", "Quittez Oldquay", "غاز"]
    assert told(document, "//c:areaDesc")[1] == "Oldquay et le port"
    assert told(document, "//c:resourceDesc")[:2] == ["A closed bridge", "Un pont <fermé>"]
    assert ATOM
    assert CAP


@supposing(st.lists(st.builds(Rendering, st.sampled_from(["fr", "ar"]), st.text(), st.text(),
           event=st.text(), area=st.text()), max_size=3))  # fmt: skip
def test_whatever_is_said_in_another_language_the_document_is_valid(schema, others):
    document = cap.document(issued(also=others))

    schema.assertValid(etree.fromstring(document))
    assert len(told(document, "//c:language")) == 1 + len(others)
