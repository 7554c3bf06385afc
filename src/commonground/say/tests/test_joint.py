"""What agencies at one desk see of each other's posts, and that nobody speaks for another."""

import pytest
from django.urls import reverse
from tests import given

from commonground.kit.refusals import NotYours, Refused
from commonground.say import actions
from commonground.say.models import Post
from commonground.say.queries.joint import shared_posts
from commonground.say.states import State
from commonground.spot.actions.joint import end_sharing
from commonground.spot.models import Shown
from commonground.spot.tests.together import a_shared_moment, desk_for, someone

pytestmark = pytest.mark.django_db


def seen_by(agency, partner):
    return [post for seat in desk_for(agency, partner).others for post in shared_posts(seat)]


def a_post_of(moment, text="5 people hurt.", **but):
    return given.a_post(agency=moment.agency, moment=moment, text=text, **but)


@pytest.mark.parametrize(("shows", "seen"), [
    (Shown.IN_REVIEW, {State.IN_REVIEW, State.APPROVED, State.PUBLISHED}),
    (Shown.APPROVED, {State.APPROVED, State.PUBLISHED}),
    (Shown.PUBLISHED, {State.PUBLISHED}),
])  # fmt: skip
def test_each_side_shows_what_it_chose_and_never_a_draft(shows, seen):
    partner = a_shared_moment(shows=shows)
    states = (State.DRAFT, State.IN_REVIEW, State.APPROVED, State.PUBLISHED, State.WITHDRAWN)
    for state in states:
        post = a_post_of(partner.own_moment)
        Post.objects.filter(pk=post.pk).update(state=state, approved_digest="x")
    assert {p.state for p in seen_by(partner.moment.agency, partner)} == seen


def test_what_is_about_another_moment_or_answers_one_person_is_nobody_elses():
    partner = a_shared_moment()
    other = given.a_moment(agency=partner.agency)
    for moment, answers in ((other, ""), (None, ""), (partner.own_moment, "x" * 64)):
        post = given.a_post_in_review(agency=partner.agency)
        Post.objects.filter(pk=post.pk).update(moment=moment, answers=answers)
    assert seen_by(partner.moment.agency, partner) == []


def test_a_post_of_a_stranger_about_the_shared_moment_is_shown_to_nobody():
    """Whatever a row says: only what an agency says about its own moment is its own."""
    partner = a_shared_moment()
    post = given.a_post_in_review(agency=given.an_agency())
    Post.objects.filter(pk=post.pk).update(moment=partner.moment)
    assert seen_by(partner.agency, partner) == []


def test_nobody_writes_approves_or_takes_back_for_another_agency():
    partner = a_shared_moment()
    post = given.a_post_in_review(agency=partner.agency, moment=partner.own_moment)
    host = someone(partner.moment.agency)
    for act in (
        lambda: actions.approve(post, read=post.digest, by=host),
        lambda: actions.send_back(post, read=post.digest, reason="No.", by=host),
        lambda: actions.withdraw(post, reason="No.", by=host),
    ):
        with pytest.raises((NotYours, Refused)):
            act()
    post.refresh_from_db()
    assert post.state == State.IN_REVIEW


def test_the_panel_shows_words_of_the_others_without_a_way_into_their_desk(client):
    partner = a_shared_moment()
    post = a_post_of(partner.own_moment, "The mill is on fire.")
    actions.submit(post, by=post.author)
    client.force_login(someone(partner.moment.agency))
    page = client.get(reverse("spot:joint", args=[partner.moment_id])).content.decode()
    assert "The mill is on fire." in page
    assert post.get_absolute_url() not in page
    assert client.get(post.get_absolute_url()).status_code == 404


def test_a_draft_begun_at_the_desk_is_about_our_own_moment(client):
    partner = a_shared_moment()
    client.force_login(someone(partner.agency))
    page = client.get(reverse("spot:joint", args=[partner.moment_id])).content.decode()
    assert f"?moment={partner.own_moment_id}" in page
    assert f"?moment={partner.moment_id}" not in page
    assert client.get(f"{reverse('say:new')}?moment={partner.moment_id}").status_code in (302, 404)
    assert not Post.objects.filter(moment=partner.moment_id).exists()


def test_when_it_is_over_the_panel_is_not_there(client):
    partner = a_shared_moment()
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    end_sharing(partner, by=guest)
    for person, moment in ((host, partner.moment_id), (guest, partner.own_moment_id)):
        client.force_login(person)
        for name in ("say:joint_panel", "learn:figures"):
            assert client.get(reverse(name, args=[moment])).status_code == 404
            open_still = client.get(reverse(name, args=[moment]), headers={"HX-Request": "true"})
            assert open_still.status_code == 200  # a page that was open says so, and shows nothing
            assert b"blockquote" not in open_still.content
