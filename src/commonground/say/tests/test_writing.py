"""What an author typed is never lost, nor overwritten unseen."""

import pytest
from django.test import Client
from django.urls import reverse
from tests import given

from commonground.say.tests.test_views import sign_in, typed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HERE = "http://testserver"


def opened(client, post):
    """What a page that is open carries besides the words."""
    form = client.get(reverse("say:write", args=[post.pk])).context["form"]
    return {name: form[name].value() for name in ("page", "before")}


def test_two_windows_on_one_draft_lose_no_words(client):
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    first, second = opened(client, post), opened(client, post)
    client.post(path, typed(post, text="The long good text.", **second))

    reply = client.post(path, typed(post, text="An old window.", **first))

    post.refresh_from_db()
    page = reply.content.decode()
    assert reply.status_code == 409
    assert post.text == "The long good text."
    assert "The long good text." in page
    assert "An old window." in page


def test_a_window_that_keeps_what_is_typed_does_not_overwrite_another(client):
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    first, second = opened(client, post), opened(client, post)
    client.post(path, typed(post, text="The long good text.", **second), headers=HTMX)

    reply = client.post(path, typed(post, text="An old window.", **first), headers=HTMX)

    post.refresh_from_db()
    assert post.text == "The long good text."
    assert "another window" in reply.content.decode()


def test_one_window_saves_as_often_as_it_likes(client):
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    only = opened(client, post)

    for text in ("One.", "One two.", "One two three."):
        assert client.post(path, typed(post, text=text, **only), headers=HTMX).status_code == 200

    post.refresh_from_db()
    assert post.text == "One two three."


def test_a_saving_that_was_overtaken_on_its_way_undoes_nothing(client):
    """The page keeps what is typed while its author presses Send: the older words come second."""
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    only = opened(client, post)
    client.post(path, typed(post, text="All of it.", **only, turn=8))

    client.post(path, typed(post, text="Half", **only, turn=7), headers=HTMX)

    post.refresh_from_db()
    assert post.text == "All of it."


def test_who_has_seen_the_other_windows_words_may_replace_them(client):
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    first, second = opened(client, post), opened(client, post)
    client.post(path, typed(post, text="The long good text.", **second))
    form = client.post(path, typed(post, text="Mine.", **first)).context["form"]

    known = {name: form[name].value() for name in ("page", "before")}
    client.post(path, typed(post, text="Mine.", **known))

    post.refresh_from_db()
    assert post.text == "Mine."


@pytest.mark.parametrize("time", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_slip_of_the_year_is_told(client, time):
    post = given.a_post()
    sign_in(client, post.author)

    reply = client.post(reverse("say:write", args=[post.pk]), typed(post, go_out_at=time))

    assert reply.status_code == 422
    assert "Check the year." in reply.content.decode()


def test_a_session_that_ended_takes_no_words_with_it(client):
    post = given.a_post()
    path = reverse("say:write", args=[post.pk])

    reply = client.post(path, typed(post, text="The long good text."))
    kept_typing = client.post(path, typed(post, text="The long good text."), headers=HTMX)

    assert (reply.status_code, kept_typing.status_code) == (403, 403)
    assert "The long good text." in reply.content.decode()
    assert "/account/login/?next=" in reply.content.decode()
    assert kept_typing["HX-Retarget"] == "#notes"
    assert "not saved" in kept_typing.content.decode()


def test_a_form_from_before_the_last_sign_in_takes_no_words_with_it():
    post = given.a_post()
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, post.author)
    path = reverse("say:write", args=[post.pk])

    ours = strict.post(path, typed(post, text="Long words."), headers={"Origin": HERE})
    theirs = strict.post(path, typed(post, text="Long words."), headers={"Origin": "https://x.y"})

    assert (ours.status_code, theirs.status_code) == (403, 403)
    assert "Long words." in ours.content.decode()
    assert "Long words." not in theirs.content.decode()


def test_a_secret_is_not_given_back(client):
    post = given.a_post()
    path = reverse("say:write", args=[post.pk])

    reply = client.post(path, {"app_password": "open se same", "text": "Some words."})

    assert "open se same" not in reply.content.decode()


def test_what_cannot_be_saved_while_typing_is_said(client):
    post = given.a_post()
    sign_in(client, post.author)

    reply = client.post(
        reverse("say:write", args=[post.pk]), typed(post, title="", text="Long."), headers=HTMX
    )

    assert "not being saved" in reply.content.decode()


def test_a_headline_that_only_the_machine_wrote_is_pointed_out(client):
    author = given.a_member()
    moment = given.a_moment(agency=author.agency, label="Abuse: video")
    post = given.a_post_in_review(by=author, moment=moment, title="Abuse: video")
    sign_in(client, given.an_approver(post))

    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()

    assert "nobody wrote it" in page


def test_only_help_that_readers_are_given_is_said_to_be_in_place(client):
    author = given.a_member()
    named = given.a_resource(agency=author.agency, name="Lantern Line", phone="555-0100")
    cut = given.a_resource(agency=author.agency, name="Harbour House", phone="555-0199")
    post = given.a_post(by=author, text="Call 555-0100 at any hour.")
    post.resources.set([named, cut])
    sign_in(client, author)

    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()

    assert "Lantern Line" in page
    assert "Harbour House" not in page
