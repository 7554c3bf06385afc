"""A post that is also a public alert: asked for, read by a second person, and void when changed."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.networks.site.models import Page
from commonground.kit.refusals import MovedOn, Refused
from commonground.say import actions
from commonground.say.models import PublicAlert
from commonground.say.states import State
from commonground.say.tasks import go_out

pytestmark = pytest.mark.django_db

TYPED = {
    "is_alert": "on", "alert_event": "Gas leak", "alert_area": "Oldquay",
    "alert_response": "Evacuate", "alert_hours": "3", "alert_category": "Safety",
    "alert_urgency": "Immediate", "alert_severity": "Severe", "alert_certainty": "Observed",
}  # fmt: skip


@pytest.fixture
def post():
    author = given.a_member(roles=["author"])
    room = given.a_channel(agency=author.agency, authorised=[author], network="site")
    return given.a_post(by=author, channels=[room], text="Leave Oldquay on foot.")


def write(client, post, then="save", **but):
    client.force_login(post.author)
    on = {f"on_{v.channel_id}": "on" for v in post.variants.all()}
    words = {"title": "Leave Oldquay", "text": "Leave Oldquay on foot.", "language": "en"}
    address = reverse("say:write", args=[post.pk])
    return client.post(address, {**words, **on, **TYPED, "then": then, **but})


def test_half_an_alert_is_kept_in_the_draft_and_goes_no_further(client, post):
    write(client, post, alert_area="")
    assert PublicAlert.objects.get(post=post).event == "Gas leak"
    post.refresh_from_db()
    with pytest.raises(Refused, match="Say where people are meant"):
        actions.submit(post, by=post.author)


def test_unticked_it_is_no_alert_any_more(client, post):
    write(client, post)
    write(client, post, is_alert="")
    assert not PublicAlert.objects.filter(post=post).exists()


def test_nobody_is_asked_for_an_alert_that_no_channel_can_carry(client):
    post = given.a_post()
    client.force_login(post.author)
    page = client.get(reverse("say:write", args=[post.pk])).content.decode()
    assert "is_alert" not in page


def test_alert_needs_the_newsroom(post):
    PublicAlert.objects.create(post=post, event="Gas leak", area="Oldquay")
    elsewhere = given.a_channel(agency=post.agency, authorised=[post.author])
    post.variants.update(channel=elsewhere)
    with pytest.raises(Refused, match="stands in the newsroom"):
        actions.submit(post, by=post.author)


def test_coach_reads_the_instruction_too(post):
    assert not post.stops("en")
    said = "The suspect John Carver of 12 Tern Avenue is guilty."
    PublicAlert.objects.create(post=post, event="Search", area="Oldquay", instruction=said)
    post.refresh_from_db()
    assert post.stops("en")


def test_reader_sees_its_terms_and_a_changed_term_voids_the_yes(client, post, settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})
    write(client, post, then="submit")
    post.refresh_from_db()
    approver = given.an_approver(post)
    client.force_login(approver)
    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()
    assert "Gas leak" in page
    assert "Leave the area" in page
    read = post.digest
    PublicAlert.objects.filter(post=post).update(area="Ropewalk")
    post.refresh_from_db()
    with pytest.raises(MovedOn):
        actions.approve(post, read=read, by=approver)
    actions.approve(post, read=post.digest, by=approver)
    go_out()
    page = Page.objects.get()
    assert (page.warning.area, page.warning.response) == ("Ropewalk", "Evacuate")
    post.refresh_from_db()
    assert post.state == State.PUBLISHED


def test_blank_in_a_term_keeps_it_from_going_out(client, post):
    write(client, post, alert_area="[[where]]")
    post.refresh_from_db()
    with pytest.raises(Refused, match="where"):
        actions.submit(post, by=post.author)


def test_signs_that_show_nothing_are_left_out(client, post):
    write(client, post, title="Leave\x0b Oldquay", alert_event="Gas\x0c leak")
    post.refresh_from_db()
    assert (post.title, post.alert.event) == ("Leave Oldquay", "Gas leak")


def test_term_of_an_alert_that_is_none_keeps_nothing_from_being_saved(client, post):
    write(client, post, is_alert="", alert_hours="100", title="Another headline")
    post.refresh_from_db()
    assert post.title == "Another headline"


def test_alert_is_not_lost_where_the_page_does_not_ask_for_it(client, post):
    write(client, post)
    elsewhere = given.a_channel(agency=post.agency, authorised=[post.author])
    post.author.authorisations.exclude(channel=elsewhere).update(ended_at=timezone.now())
    write(client, post, **{f"on_{elsewhere.pk}": "on"})
    assert PublicAlert.objects.filter(post=post).exists()


def test_two_newsrooms_sound_one_siren(post, settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})
    second = given.a_channel(agency=post.agency, authorised=[post.author], network="site")
    post.variants.create(channel=second, title=post.title, text=post.text)
    PublicAlert.objects.create(post=post, event="Gas leak", area="Oldquay")
    post.refresh_from_db()
    actions.submit(post, by=post.author)
    actions.approve(post, read=post.digest, by=given.an_approver(post))
    go_out()
    assert sorted(bool(page.alert) for page in Page.objects.all()) == [False, True]
