"""Cards of links: read from their pages, the author's to change, approved, and sent as approved."""

import socket
from dataclasses import replace
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from tests import given

from commonground.channels.networks import networks
from commonground.channels.networks.site.models import Page
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.say import actions, queries, tasks
from commonground.say.actions import Wording
from commonground.say.line import pages
from commonground.say.models import Delivery, Shelf
from commonground.say.tasks.carrying import message_of
from commonground.say.tests.linked import page, silent, web

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_hurries(monkeypatch):
    """How long it may take is tried where it matters; else a busy machine would decide."""
    for name in ("SECONDS", "WORK_SECONDS", "PICTURE_SECONDS"):
        monkeypatch.setattr(pages, name, 60)


@pytest.fixture
def there():
    with web() as pages_of_the_web:
        yield pages_of_the_web


def a_photograph():
    exif, out = Image.Exif(), BytesIO()
    exif[0x010E] = "Corner of Mast Road, flat 4"
    Image.effect_noise((600, 300), 90).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def road(there):
    there.put("/map.jpg", a_photograph(), "image/jpeg")
    return there.put("/a12", page("The A12", "Closed until noon", "/map.jpg"))


def linking(url, **but):
    return given.a_post(text=f"The A12 is closed: {url}", **but)


def typed(post, **but):
    on = {f"on_{v.channel_id}": "on" for v in post.variants.all()}
    return {"title": "Bridge", "text": post.text, "language": "en", **on, **but}


def the_message(post):
    return message_of(Delivery(variant=post.variants.get(), part=1))


def test_a_page_is_read_into_a_card(there):
    post = linking(road(there))

    card = actions.read_card(post, there.url + "/a12", by=post.author)

    assert (card.title, card.about, card.trouble) == ("The A12", "Closed until noon", "")
    assert (card.type, card.width, card.height) == ("image/jpeg", 600, 300)
    assert b"Mast Road" not in bytes(card.content)
    assert there.asked == ["/a12", "/map.jpg"]


@pytest.mark.parametrize(("body", "kind"), [
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"), (b"GIF89a", "image/gif"),
    (b"\x89PNG\r\n", "image/png"), (b"", "image/png"),
])  # fmt: skip
def test_a_picture_that_is_none_leaves_a_card_without(there, body, kind):
    there.put("/p", body, kind)
    url = there.put("/a", page("The A12", "", "/p"))
    post = linking(url)

    card = actions.read_card(post, url, by=post.author)

    assert (card.title, card.sha256) == ("The A12", "")


def test_a_page_that_never_answers_is_given_up_and_the_draft_is_as_it_was(monkeypatch):
    monkeypatch.setattr(pages, "SECONDS", 0.3)
    with silent() as url:
        post = linking(url)
        card = actions.read_card(post, url, by=post.author)

    assert "did not answer in time" in card.trouble
    assert not card.goes_out
    post.refresh_from_db()
    assert (post.state, post.text) == ("draft", f"The A12 is closed: {url}")


@pytest.mark.parametrize(("status", "kind"), [(404, "text/html"), (200, "application/pdf"),
                                              (500, "text/html"), (200, "text/html")])  # fmt: skip
def test_a_page_that_says_nothing_leaves_a_card_to_write(there, status, kind):
    there.pages["/x"] = (status, {"Content-Type": kind}, b"<p>Words.</p>")
    post = linking(there.url + "/x")

    card = actions.read_card(post, there.url + "/x", by=post.author)

    assert card.trouble
    assert the_message(post).card is None
    actions.write_card(card, Wording("The A12", "Closed"), by=post.author)
    assert the_message(post).card.title == "The A12"


def test_a_link_into_our_own_network_is_not_followed(settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0)
        url = f"https://localhost:{door.getsockname()[1]}/"
        post = linking(url)
        card = actions.read_card(post, url, by=post.author)
        with pytest.raises(BlockingIOError):
            door.accept()

    assert card.trouble


def test_a_link_that_leads_on_says_where_it_ends(there):
    post = linking(there.send_on("/go", road(there).replace("127.0.0.1", "localhost")))

    card = actions.read_card(post, there.url + "/go", by=post.author)

    assert (card.host, card.led_to) == ("127.0.0.1", "localhost")


def test_the_host_of_a_link_is_the_true_one():
    """Hostile input 33: an address that looks like another one."""
    post = linking("https://police.example@evil.example/ https://police.example.evil.example/x")
    hosts = [link.host for link in queries.linked_in(post)]
    assert hosts == ["evil.example", "police.example.evil.example"]
    post = linking("https://pоlice.example/")  # with a Cyrillic letter
    assert queries.linked_in(post)[0].host.startswith("xn--")


def test_only_links_of_the_words_are_read(there):
    post = linking(road(there))
    with pytest.raises(Refused, match="not in the words"):
        actions.read_card(post, there.url + "/admin", by=post.author)
    assert there.asked == []


def test_only_its_author_touches_the_cards_of_a_draft(there):
    post = linking(road(there))
    card = actions.read_card(post, there.url + "/a12", by=post.author)
    other = given.a_member(agency=post.agency)
    for act in (
        lambda: actions.read_card(post, there.url + "/a12", by=other),
        lambda: actions.write_card(card, Wording("x", ""), by=other),
        lambda: actions.leave_out_card(card, by=other),
    ):
        with pytest.raises(NotYours):
            act()


def test_four_at_once_are_enough(there):
    post = linking(road(there))
    for _ in range(4):
        assert pages.AT_ONCE.acquire(blocking=False)
    try:
        card = actions.read_card(post, there.url + "/a12", by=post.author)
    finally:
        pages.AT_ONCE.release(4)
    assert "Try again" in card.trouble
    assert not actions.read_card(post, there.url + "/a12", by=post.author).trouble


def test_a_page_that_fails_later_keeps_the_card_it_had(there):
    post = linking(road(there))
    actions.read_card(post, there.url + "/a12", by=post.author)
    del there.pages["/a12"]

    card = actions.read_card(post, there.url + "/a12", by=post.author)

    assert card.title == "The A12"
    assert card.trouble


def test_a_card_left_out_is_not_sent_until_it_is_read_again(there):
    post = linking(road(there))
    card = actions.read_card(post, there.url + "/a12", by=post.author)

    actions.leave_out_card(card, by=post.author)
    assert the_message(post).card is None

    actions.read_card(post, there.url + "/a12", by=post.author)
    assert the_message(post).card.title == "The A12"


def test_what_stands_behind_the_card_of_a_vetted_resource_is_ours(there):
    post = linking(road(there))
    help_ = given.a_resource(agency=post.agency, url=there.url + "/a12", name="Roads", about="x")
    post.resources.add(help_)
    assert the_message(post).card.title == "Roads"


def shown_on(network, post):
    return Shelf.of(post).shown_on(networks()[network], post.text)


def test_each_network_is_told_what_it_shows(there):
    post = linking(road(there))
    card = actions.read_card(post, there.url + "/a12", by=post.author)
    actions.write_card(card, Wording("Closed!", "Until noon"), by=post.author)

    pictured, plain = shown_on("bluesky", post), shown_on("site", post)

    assert (pictured.title, pictured.picture.content) == ("Closed!", bytes(card.content))
    assert (plain.title, plain.picture) == ("Closed!", None)
    assert shown_on("facebook", post).url == there.url + "/a12"


def test_a_network_that_reads_pages_by_itself_is_given_the_link_unread():
    assert shown_on("facebook", linking("https://roads.example/")).url == "https://roads.example/"
    assert shown_on("bluesky", linking("https://roads.example/")) is None


# The yes is for the card as well


def approved(post):
    actions.submit(post, by=post.author)
    return actions.approve(post, read=post.digest, by=given.an_approver(post))


CHANGES = [{"title": "Send money here"}, {"about": "Or else"}, {"sha256": "0" * 64},
           {"pictured": False}, {"left_out": True}]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_card_that_changed_since_the_approval_does_not_go_out(place, there, change):
    post = linking(road(there))
    actions.read_card(post, there.url + "/a12", by=post.author)
    approved(post)

    post.cards.update(**change)
    tasks.go_out()

    post.refresh_from_db()
    assert (post.state, place.posts) == ("failed", {})


def test_an_approved_card_goes_out_whatever_became_of_its_page(place, there):
    post = linking(road(there))
    actions.read_card(post, there.url + "/a12", by=post.author)
    approved(post)
    there.pages.clear()

    tasks.go_out()

    (held,) = place.posts.values()
    assert held.message.card.title == "The A12"
    assert there.asked.count("/a12") == 1


def test_what_is_no_draft_any_more_keeps_its_cards(there):
    post = linking(road(there))
    card = actions.read_card(post, there.url + "/a12", by=post.author)
    approved(post)
    for act in (
        lambda: actions.read_card(post, there.url + "/a12", by=post.author),
        lambda: actions.write_card(card, Wording("x", ""), by=post.author),
        lambda: actions.leave_out_card(card, by=post.author),
    ):
        with pytest.raises((MovedOn, Refused)):
            act()


# Our own pages


def a_page_of_ours(agency, **but):
    channel = given.a_channel(agency=agency, network="site")
    known = {"key": "3kabcdefghijk", "title": "Roads are icy", "text": "Go slow."}
    return Page.objects.create(channel=channel, language="en", **{**known, **but})


def test_a_link_to_our_newsroom_has_its_card_without_any_network(settings, client):
    author = given.a_member()
    ours = a_page_of_ours(author.agency)
    post = linking(ours.receipt.url, by=author)
    client.force_login(author)

    client.post(reverse("say:write", args=[post.pk]), typed(post))

    card = post.cards.get()
    assert (card.title, card.about, card.trouble) == ("Roads are icy", "Go slow.", "")


def test_a_page_of_ours_that_is_none_is_not_asked_over_the_network(there, settings):
    settings.ENV = settings.ENV.model_copy(update={"site_url": there.url})
    post = linking(there.url + "/newsroom/3kzzzzzzzzzzz")

    assert actions.read_card(post, there.url + "/newsroom/3kzzzzzzzzzzz", by=post.author).trouble
    assert there.asked == []


def test_a_preview_knows_all_cards_with_one_question(django_assert_max_num_queries, there):
    post = linking(road(there))
    actions.read_card(post, there.url + "/a12", by=post.author)
    with django_assert_max_num_queries(6):
        queries.previews_of(post)


def test_the_message_changes_its_print_with_its_card(there):
    post = linking(road(there))
    actions.read_card(post, there.url + "/a12", by=post.author)
    message = the_message(post)
    card = Shelf.of(post).shown_on(networks()["bluesky"], post.text)
    prints = {
        message.fingerprint,
        replace(message, card=card).fingerprint,
        replace(message, card=replace(card, title="x")).fingerprint,
        replace(message, card=None).fingerprint,
    }
    assert len(prints) == 4
