"""An approval is for these exact words, by a second, trained person."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.models import Authorisation
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.engine.words import Words
from commonground.say.models import Delivery, Variant

pytestmark = pytest.mark.django_db


def words(post, **but):
    channels = frozenset(v.channel_id for v in post.variants.all())
    return Words(
        **{"title": "T", "text": "New words.", "language": "en", "channels": channels, **but}
    )


def test_an_approved_post_has_a_delivery_for_each_channel_with_a_key_of_its_own():
    author = given.a_member()
    channels = [given.a_channel(agency=author.agency, authorised=[author]) for _ in range(3)]
    post = given.an_approved_post(by=author, channels=channels)

    keys = Delivery.objects.filter(variant__post=post).values_list("key", flat=True)

    assert post.state == "approved"
    assert len(set(keys)) == 3


def test_an_author_cannot_approve_their_own_words():
    author = given.a_member(roles=["author", "approver"])
    post = given.a_post_in_review(by=author)

    with pytest.raises(NotYours, match="another person"):
        actions.approve(post, read=post.digest, by=author)


@pytest.mark.parametrize("change", ["text", "channel", "picture", "time", "language", "title"])
def test_whatever_changed_since_it_was_read_voids_the_yes(change, a_picture):
    post = given.a_post_in_review()
    read = post.digest
    if change == "text":
        post.variants.update(text="The bridge is open.")
    elif change == "title":
        post.variants.update(title="Other")
    elif change == "channel":
        Variant.objects.create(post=post, channel=given.a_channel(agency=post.agency), text="x")
    elif change == "picture":
        post.pictures.create(content=b"x", sha256="y", type="image/png", width=1, height=1, alt="z")
    elif change == "time":
        post.go_out_at = timezone.now() + timedelta(hours=1)
        post.save()
    else:
        post.language = "fr"
        post.save()

    with pytest.raises(MovedOn, match="have changed"):
        actions.approve(post, read=read, by=given.an_approver(post))


def test_a_lapsed_certificate_closes_the_right_to_approve():
    post = given.a_post_in_review()
    lapsed = given.an_approver(post, certified=False)

    with pytest.raises(NotYours, match="certificate"):
        actions.approve(post, read=post.digest, by=lapsed)


def test_an_ended_authorisation_stops_a_post_even_after_it_was_written():
    post = given.a_post_in_review()
    Authorisation.objects.update(ended_at=timezone.now())

    with pytest.raises(NotYours, match="not authorised"):
        actions.approve(post, read=post.digest, by=given.an_approver(post))


def test_an_approver_of_another_agency_has_no_say():
    post = given.a_post_in_review()
    stranger = given.a_member(roles=["approver"])

    with pytest.raises(NotYours):
        actions.approve(post, read=post.digest, by=stranger)


def test_returning_and_rejecting_need_a_reason():
    post = given.a_post_in_review()
    approver = given.an_approver(post)

    for refuse in (actions.send_back, actions.reject):
        with pytest.raises(Refused, match="Say why"):
            refuse(post, reason="  ", read=post.digest, by=approver)

    back = actions.send_back(post, reason="Name the road.", read=post.digest, by=approver)
    assert (back.state, back.reason) == ("draft", "Name the road.")


def test_returning_an_approved_post_forgets_the_approval_and_its_deliveries():
    post = given.an_approved_post()
    approver = given.an_approver(post)

    back = actions.send_back(post, reason="Wrong road.", read=post.digest, by=approver)

    assert back.approved_digest == ""
    assert not Delivery.objects.exists()


def test_words_are_changed_in_a_draft_only():
    post = given.a_post_in_review()

    with pytest.raises(MovedOn, match="no longer a draft"):
        actions.write(post, words(post), by=post.author)

    post.refresh_from_db()
    assert post.text == "The bridge is closed."


def test_the_second_of_two_approvals_at_once_is_told():
    post = given.a_post_in_review()
    seen_by_another = type(post).objects.get(pk=post.pk)
    actions.approve(post, read=post.digest, by=given.an_approver(post))

    with pytest.raises(MovedOn):
        actions.approve(seen_by_another, read=post.digest, by=given.an_approver(post))

    assert Delivery.objects.count() == 1


def test_a_post_that_does_not_fit_is_not_sent_for_approval():
    post = given.a_post(text="x" * 25_000)

    with pytest.raises(Refused, match="characters too long"):
        actions.submit(post, by=post.author)


@pytest.mark.parametrize(
    ("network", "sizes", "words"),
    [
        ("instagram", [], "with a picture"),
        ("x", [(100, 100)] * 5, "4 pictures at most"),
        ("nextdoor", [(100, 100)], "takes no picture"),
    ],
)
def test_a_channel_says_before_approval_what_it_cannot_show(network, sizes, words):
    author = given.a_member()
    channel = given.a_channel(agency=author.agency, network=network, authorised=[author])
    post = given.a_post(channels=[channel], by=author)
    for width, height in sizes:
        post.pictures.create(
            content=b"x",
            sha256="0" * 64,
            type="image/jpeg",
            width=width,
            height=height,
            alt="A road",
        )

    with pytest.raises(Refused, match=words):
        actions.submit(post, by=post.author)


def test_every_step_is_in_the_record():
    post = given.an_approved_post()

    verbs = Entry.objects.about(post).values_list("verb", flat=True)

    assert list(verbs) == ["approve", "submit"]


def test_a_failed_step_leaves_no_entry():
    post = given.a_post()
    before = Entry.objects.count()

    with pytest.raises(NotYours):
        actions.submit(post, by=given.a_member())

    assert Entry.objects.count() == before


def test_a_card_that_changed_since_the_approval_does_not_go_out(place):
    author = given.a_member()
    helpline = given.a_resource(agency=author.agency, url="https://help.example/", name="Helpline")
    post = given.a_post(by=author, text="Call: https://help.example/ any time.")
    post.resources.add(helpline)
    actions.submit(post, by=author)
    actions.approve(post, read=post.digest, by=given.an_approver(post))

    type(helpline).objects.update(name="Send money here")
    tasks.go_out()

    post.refresh_from_db()
    assert (post.state, place.posts) == ("failed", {})


def test_who_decides_reads_the_card_too(client):
    author = given.a_member()
    helpline = given.a_resource(agency=author.agency, url="https://help.example/", name="Helpline")
    post = given.a_post(by=author, text="Call: https://help.example/ any time.")
    post.resources.add(helpline)
    client.force_login(author)

    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()

    assert '<strong dir="auto">Helpline</strong>' in page
