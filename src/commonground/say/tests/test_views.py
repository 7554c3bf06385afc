"""What people can do on the pages of SAY, with and without script."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse
from django.urls.converters import IntConverter
from django.utils import timezone
from tests import given

from commonground.say.models import Delivery, Post
from commonground.say.panels import what_waits
from commonground.say.urls import urlpatterns
from commonground.spot.actions import call_grave

pytestmark = pytest.mark.django_db


def typed(post, **but):
    on = {f"on_{v.channel_id}": "on" for v in post.variants.all()}
    return {"title": "Bridge", "text": "The bridge is closed.", "language": "en", **on, **but}


def sign_in(client, member):
    client.force_login(member)
    return member


# A calendar cannot sign in; what opens that file is tried in test_calendar.
ROUTES = [p.name for p in urlpatterns if p.name != "calendar_file"]


def address(name):
    route = next(p for p in urlpatterns if p.name == name)
    kinds = route.pattern.converters.items()
    needed = {name: 1 if isinstance(kind, IntConverter) else uuid4() for name, kind in kinds}
    return reverse(f"say:{name}", kwargs=needed)


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_enters_without_signing_in(client, name, method):
    reply = getattr(client, method)(address(name))

    assert reply.status_code == 302
    assert reply["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", [n for n in ROUTES if "post_id" in next(
    p for p in urlpatterns if p.name == n).pattern.converters])  # fmt: skip
def test_another_agencys_post_is_not_there(client, name):
    post = given.a_post()
    sign_in(client, given.a_member(roles=["author", "approver", "admin"]))
    route = next(p for p in urlpatterns if p.name == name)
    kwargs = dict.fromkeys(route.pattern.converters, 1) | {"post_id": post.pk}
    path = reverse(f"say:{name}", kwargs=kwargs)

    replies = [client.get(path).status_code, client.post(path).status_code]

    assert set(replies) <= {404, 405}
    assert 404 in replies


def test_a_draft_starts_from_a_moment_with_its_resources_in_the_words(client):
    author = given.a_member()
    moment = given.a_moment(agency=author.agency)
    help_line = given.a_resource(agency=author.agency, name="Helpline", phone="555-0100")
    moment.matches.create(resource=help_line, score=0.9)
    given.a_channel(agency=author.agency, authorised=[author])
    sign_in(client, author)

    reply = client.post(reverse("say:new"), {"moment": moment.pk}, follow=True)

    post = Post.objects.get()
    assert post.moment == moment
    assert "Helpline: 555-0100" in post.text
    assert "Helpline: 555-0100" in reply.content.decode()


def test_a_moment_of_another_agency_starts_nothing(client):
    sign_in(client, given.a_member())

    reply = client.post(reverse("say:new"), {"moment": given.a_moment().pk})

    assert reply.status_code == 404
    assert not Post.objects.exists()


@pytest.mark.parametrize("moment", ["nonsense", "1 OR 1=1"])
def test_a_moment_that_is_none_is_not_found(client, moment):
    sign_in(client, given.a_member())

    assert client.get(reverse("say:new"), {"moment": moment}).status_code == 404


def test_writing_keeps_one_text_and_a_detached_one(client):
    author = given.a_member()
    first, second = (given.a_channel(agency=author.agency, authorised=[author]) for _ in "ab")
    post = given.a_post(by=author, channels=[first, second])
    sign_in(client, author)
    own = {f"own_{second.pk}": "on", f"text_{second.pk}": "Shorter."}

    client.post(reverse("say:write", args=[post.pk]), typed(post, text="New words.", **own))

    texts = {v.channel_id: (v.text, v.detached) for v in post.variants.all()}
    assert texts == {first.pk: ("New words.", False), second.pk: ("Shorter.", True)}


def test_what_is_typed_wrongly_is_said_and_nothing_typed_is_lost(client):
    author = given.a_member()
    post = given.a_post(by=author)
    sign_in(client, author)

    reply = client.post(
        reverse("say:write", args=[post.pk]), typed(post, title="", text="Precious words.")
    )

    page = reply.content.decode()
    assert "There is a problem" in page
    assert "Precious words." in page


def test_the_check_redraws_previews_with_true_counters(client, settings):
    author = given.a_member()
    post = given.a_post(by=author)
    sign_in(client, author)

    reply = client.post(
        reverse("say:write", args=[post.pk]), typed(post, text="Ten chars!"),
        headers={"HX-Request": "true"},
    )  # fmt: skip

    page = reply.content.decode()
    assert "10 of " in page
    assert "<html" not in page


def test_a_channel_nobody_authorised_me_on_cannot_be_slipped_in(client):
    author = given.a_member()
    post = given.a_post(by=author)
    foreign = given.a_channel(agency=author.agency)
    sign_in(client, author)

    client.post(reverse("say:write", args=[post.pk]), typed(post, **{f"on_{foreign.pk}": "on"}))

    assert foreign.pk not in post.variants.values_list("channel_id", flat=True)


def test_from_draft_to_scheduled_by_two_people(client):
    author = given.a_member()
    post = given.a_post(by=author)
    approver = given.an_approver(post)
    at = (timezone.now() + timedelta(hours=3)).replace(second=0, microsecond=0)
    sign_in(client, author)
    client.post(
        reverse("say:write", args=[post.pk]),
        typed(post, go_out_at=f"{at:%Y-%m-%dT%H:%M}", then="submit"),
    )
    sign_in(client, approver)
    page = client.get(reverse("say:approve", args=[post.pk]))
    assert f"{author.name} wants to post on" in page.content.decode()

    client.post(
        reverse("say:approve", args=[post.pk]), {"read": page.context["digest"], "have_read": "on"}
    )

    post.refresh_from_db()
    assert (post.state, post.go_out_at) == ("scheduled", at)
    assert Delivery.objects.get().due_at == at


def test_a_yes_without_having_read_is_asked_again(client):
    post = given.a_post_in_review()
    sign_in(client, given.an_approver(post))

    reply = client.post(reverse("say:approve", args=[post.pk]), {"read": post.digest})

    assert reply.status_code == 422
    post.refresh_from_db()
    assert post.state == "in_review"


def test_a_yes_for_words_that_changed_is_refused_in_words(client):
    post = given.a_post_in_review()
    sign_in(client, given.an_approver(post))
    read = post.digest
    post.variants.update(text="The bridge is open.")

    reply = client.post(reverse("say:approve", args=[post.pk]), {"read": read, "have_read": "on"})

    assert reply.status_code == 409
    assert "have changed since you read them" in reply.content.decode()


def test_the_author_is_told_they_need_another_person(client):
    post = given.a_post_in_review(by=given.a_member(roles=["author", "approver"]))
    sign_in(client, post.author)

    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()

    assert "You need another person" in page
    assert "Approve and publish" not in page


def test_a_returned_post_says_why_to_its_author(client):
    post = given.a_post_in_review()
    sign_in(client, given.an_approver(post))
    client.post(
        reverse("say:send_back", args=[post.pk]), {"reason": "Name the road.", "read": post.digest}
    )
    sign_in(client, post.author)

    page = client.get(reverse("say:write", args=[post.pk])).content.decode()

    assert "Name the road." in page


def test_a_picture_needs_words_and_loses_everything_hidden(client, a_picture):
    author = given.a_member()
    post = given.a_post(by=author)
    sign_in(client, author)
    path = reverse("say:add_picture", args=[post.pk])

    silent = client.post(path, {"upload": SimpleUploadedFile("a.png", a_picture), "alt": " "})
    client.post(path, {"upload": SimpleUploadedFile("a.png", a_picture), "alt": "A blue square"})

    assert silent.status_code == 422
    picture = post.pictures.get()
    shown = client.get(reverse("say:picture", args=[post.pk, picture.pk]))
    assert shown["Content-Type"] == picture.type
    assert shown["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("verb", ["add_picture", "remove_picture"])
def test_words_typed_before_a_picture_comes_or_goes_are_kept(client, a_picture, verb):
    author = given.a_member()
    post = given.a_post(by=author)
    sign_in(client, author)
    upload = {"upload": SimpleUploadedFile("a.png", a_picture), "alt": "A blue square"}
    place = [post.pk]
    if verb == "remove_picture":
        client.post(reverse("say:add_picture", args=[post.pk]), upload)
        place.append(post.pictures.get().pk)

    reply = client.post(
        reverse(f"say:{verb}", args=place), typed(post, text="Typed, not saved.", **upload)
    )

    post.refresh_from_db()
    assert (reply.status_code, post.text) == (302, "Typed, not saved.")
    assert post.pictures.count() == (verb == "add_picture")


def test_words_that_cannot_be_saved_yet_still_stand_there_beside_the_new_picture(client, a_picture):
    author = given.a_member()
    post = given.a_post(by=author)
    sign_in(client, author)
    upload = {"upload": SimpleUploadedFile("a.png", a_picture), "alt": "A blue square"}

    reply = client.post(
        reverse("say:add_picture", args=[post.pk]),
        typed(post, title="", text="Precious words.", **upload),
    )

    page = reply.content.decode()
    assert reply.status_code == 422
    assert "Precious words." in page
    assert "A blue square" in page


@pytest.mark.parametrize("upload", [b"<svg onload='x()'/>", b"%PDF-1.4", b"\x89PNG broken", b"PK"])
def test_what_is_not_a_picture_is_refused_in_words(client, upload):
    author = given.a_member()
    post = given.a_post(by=author)
    sign_in(client, author)

    reply = client.post(
        reverse("say:add_picture", args=[post.pk]),
        {"upload": SimpleUploadedFile("a.png", upload), "alt": "?"},
    )

    assert reply.status_code == 409
    assert "picture" in reply.content.decode()


def test_hostile_words_are_shown_as_words(client):
    text = "<script>alert(1)</script> &#x27; #tag https://a.example/?x=<b>"
    post = given.an_approved_post(text=text)
    sign_in(client, post.author)

    page = client.get(post.get_absolute_url()).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_pages_of_many_posts_ask_the_database_little(client, django_assert_max_num_queries):
    author = given.a_member(roles=["author", "approver"])
    channel = given.a_channel(agency=author.agency, authorised=[author])
    other = given.a_member(agency=author.agency)
    channel.authorisations.create(member=other, decided_by=author)
    for n in range(12):
        given.a_post(by=author, channels=[channel], text=f"Mine {n}")
        given.a_post_in_review(by=other, channels=[channel], text=f"Theirs {n}")
    sign_in(client, author)

    for name in ("posts", "waiting", "calendar"):
        with django_assert_max_num_queries(15):
            assert client.get(reverse(f"say:{name}")).status_code == 200
    request = RequestFactory().get("/")
    request.user = author
    with django_assert_max_num_queries(15):
        assert "What waits for you" in what_waits(request)


@pytest.mark.django_db
def test_while_a_moment_is_grave_what_is_queued_must_be_looked_at(client):
    author = given.a_member()
    moment = given.a_moment(agency=author.agency)
    queued = given.an_approved_post(by=author, text="Come to the summer fair!")
    client.force_login(author)
    panel = reverse("say:moment_panel", args=[moment.pk])
    asked = "send back what people in fear should not read"
    assert asked not in client.get(panel).content.decode()
    call_grave(moment, grave=True, by=author)
    page = client.get(panel).content.decode()
    assert asked in page
    assert str(queued) in page
