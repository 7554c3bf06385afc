"""A hard stop holds a post back until a second person lets exactly these words pass."""

import pytest
from django.urls import reverse
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions
from commonground.say.tests.test_review import words

pytestmark = pytest.mark.django_db

STOPPED = "We arrested the killer this morning."
REASON = "The court published the verdict an hour ago."


def an_overridden_post(**but):
    post = given.a_post(text=STOPPED, **but)
    second = given.an_approver(post)
    actions.override(post, reason=REASON, read=post.digest, by=second)
    return post


def test_a_stopped_draft_is_not_sent_for_approval_and_says_which_words():
    post = given.a_post(text=STOPPED)

    with pytest.raises(Refused, match="arrested the killer"):
        actions.submit(post, by=post.author)


def test_a_stop_in_one_channels_own_words_or_in_a_picture_holds_it_too(a_picture):
    own, pictured = given.a_post(), given.a_post()
    own.variants.update(text=STOPPED, detached=True)
    actions.add_picture(pictured, a_picture, "The killer was arrested.", by=pictured.author)

    for post in (own, pictured):
        with pytest.raises(Refused, match="coach stops"):
            actions.submit(post, by=post.author)


def test_a_second_person_lets_it_pass_in_writing_and_the_record_says_so():
    post = an_overridden_post()

    actions.submit(post, by=post.author)

    entry = Entry.objects.about(post).get(verb="override")
    assert post.state == "in_review"
    assert entry.detail["reason"] == REASON
    assert entry.detail["stops"] == [{"rule": "guilt", "quote": "arrested the killer"}]


def test_one_changed_letter_stops_it_again():
    post = an_overridden_post()
    actions.write(post, words(post, text=STOPPED + "!"), by=post.author)

    with pytest.raises(Refused, match="coach stops"):
        actions.submit(post, by=post.author)


def test_nobody_overrides_their_own_words_not_without_a_reason_role_or_certificate():
    post = given.a_post(text=STOPPED, by=given.a_member(roles=["author", "approver"]))
    second, lapsed = given.an_approver(post), given.an_approver(post, certified=False)
    only_an_author = given.a_member(agency=post.agency, roles=["author"])

    for by in (post.author, lapsed, only_an_author, given.a_member(roles=["approver"])):
        with pytest.raises(NotYours):
            actions.override(post, reason=REASON, read=post.digest, by=by)
    with pytest.raises(Refused, match="Say why"):
        actions.override(post, reason=" ", read=post.digest, by=second)
    with pytest.raises(MovedOn):
        actions.override(post, reason=REASON, read="other words", by=second)


def test_words_that_nothing_stops_need_no_override():
    post = given.a_post()

    with pytest.raises(Refused, match="does not stop"):
        actions.override(post, reason=REASON, read=post.digest, by=given.an_approver(post))


def test_a_number_of_the_library_is_no_stop():
    post = given.a_post(text="His sister says: talk to 613-555-0147.")
    with pytest.raises(Refused):
        actions.submit(post, by=post.author)

    post.agency.resources.create(name="Line", about="Help", phone="613 555 0147")

    actions.submit(post, by=post.author)
    assert post.state == "in_review"


def test_the_approver_sees_the_override_and_the_words_it_is_for(client):
    post = an_overridden_post()
    actions.submit(post, by=post.author)
    client.force_login(given.an_approver(post))

    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()

    assert REASON in page
    assert "<mark>arrested the killer</mark>" in page


def test_the_second_person_overrides_on_the_posts_own_page_without_script(client):
    post = given.a_post(text=STOPPED)
    client.force_login(given.an_approver(post))
    page = client.get(post.get_absolute_url()).content.decode()

    done = client.post(
        reverse("say:override", args=[post.pk]), {"read": post.digest, "reason": REASON}
    )

    assert "Override with this reason" in page
    assert done.status_code == 302
    assert post.reviews.get().verdict == "override"


def test_the_author_sees_remarks_while_writing_but_no_way_to_override(client):
    post = given.a_post(text=STOPPED)
    client.force_login(post.author)

    page = client.get(reverse("say:write", args=[post.pk])).content.decode()

    assert "Stop: this may not go out" in page
    assert "Override with this reason" not in page


def test_remarks_are_redrawn_as_the_words_are_kept(client):
    post = given.a_post()
    channel = post.variants.get().channel_id
    client.force_login(post.author)
    typed = {"title": "T", "text": STOPPED, "language": "en", f"on_{channel}": "on", "good_for": 60}

    part = client.post(
        reverse("say:write", args=[post.pk]), typed, headers={"HX-Request": "true"}
    ).content.decode()

    assert "<mark>arrested the killer</mark>" in part
