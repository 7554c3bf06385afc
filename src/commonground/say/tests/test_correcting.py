"""What was said wrong is put right in the open."""

import pytest
from django.urls import reverse
from tests import given

from commonground.channels.networks.site.models import Page
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.say import actions
from commonground.say.models import Delivery, Post, PublicAlert
from commonground.say.states import State
from commonground.say.tasks import go_out

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})


@pytest.fixture
def said():
    """A post that stands in the newsroom and on a rehearsal."""
    author = given.a_member()
    agency = author.agency
    channels = [
        given.a_channel(agency=agency, authorised=[author], network=network)
        for network in ("site", "rehearsal")
    ]
    post = given.an_approved_post(by=author, channels=channels, text="The bridge is closed.")
    go_out()
    post.refresh_from_db()
    return post


def put_right(draft, text):
    draft.variants.update(text=text)
    actions.submit(draft, by=draft.author)
    actions.approve(draft, read=draft.digest, by=given.an_approver(draft))
    go_out()
    draft.refresh_from_db()
    return draft


def test_correction_begins_from_the_words_that_stand_where_they_stand(said):
    PublicAlert.objects.create(post=said, event="Bridge closed", area="Harbour", hours=4)
    draft = actions.correct(said, by=said.author)

    assert (draft.state, draft.corrects, draft.text) == (State.DRAFT, said, said.text)
    assert draft.title == "Correction: The bridge is closed."
    assert {v.channel for v in draft.variants.all()} == {v.channel for v in said.variants.all()}
    assert (draft.alert.event, draft.alert.hours) == ("Bridge closed", 4)


def test_own_words_of_a_channel_stay_its_own(said):
    one = said.variants.first()
    said.variants.filter(pk=one.pk).update(text="Closed.", detached=True)
    kept = actions.correct(said, by=said.author).variants.get(channel=one.channel)
    assert (kept.text, kept.detached) == ("Closed.", True)


def test_what_is_corrected_already_is_corrected_where_it_was(said):
    second = actions.correct(said, by=said.author)
    third = actions.correct(said, by=said.author)
    put_right(second, "The bridge is open.")
    with pytest.raises(Refused, match="corrected already"):
        actions.submit(third, by=third.author)
    with pytest.raises(MovedOn, match="corrected already"):
        actions.correct(said, by=said.author)
    last = actions.correct(second, by=said.author)
    assert last.title == second.title  # and not Correction: Correction:


def test_what_was_taken_back_meanwhile_is_corrected_no_more(said):
    draft = actions.correct(said, by=said.author)
    actions.withdraw(said, reason="A false alarm.", by=given.an_approver(said))
    with pytest.raises(Refused, match="was taken back"):
        actions.submit(draft, by=draft.author)


def test_what_the_public_sees_is_corrected_while_a_channel_still_hangs(said):
    Post.objects.filter(pk=said.pk).update(state="publishing")
    said.refresh_from_db()
    assert actions.correct(said, by=said.author).corrects == said


def test_what_nobody_saw_yet_is_not_corrected(said):
    Delivery.objects.update(state="waiting")
    with pytest.raises(MovedOn):
        actions.correct(said, by=said.author)


def test_correction_in_the_language_of_the_post(said):
    Post.objects.filter(pk=said.pk).update(language="fr")
    said.refresh_from_db()
    assert actions.correct(said, by=said.author).language == "fr"


def test_colleague_may_correct_on_the_channels_they_may_speak_on(said):
    colleague = given.a_member(agency=said.agency)
    draft = actions.correct(said, by=colleague)
    assert draft.author == colleague
    assert not draft.variants.exists()


def test_published_correction_leads_to_the_old_page_and_changes_nothing_of_it(said):
    before = Page.objects.get()
    draft = put_right(actions.correct(said, by=said.author), "The bridge is open.")

    assert draft.state == State.PUBLISHED
    page = Page.objects.get(text="The bridge is open.")
    assert page.corrects == before
    before.refresh_from_db()
    assert (before.text, before.withdrawn_at) == ("The bridge is closed.", None)


def test_what_a_post_corrects_is_part_of_what_is_approved(said):
    draft = actions.correct(said, by=said.author)
    read = draft.digest
    Post.objects.filter(pk=draft.pk).update(corrects=None)
    draft.refresh_from_db()
    assert draft.digest != read


def test_only_what_is_published_is_corrected_and_only_by_its_agency(said):
    with pytest.raises(NotYours):
        actions.correct(said, by=given.a_member())
    with pytest.raises(NotYours):
        actions.correct(said, by=given.an_approver(said))
    draft = given.a_post()
    with pytest.raises(MovedOn):
        actions.correct(draft, by=draft.author)


def test_button_is_there_and_opens_the_draft(client, said):
    client.force_login(said.author)
    address = reverse("say:post", args=[said.pk])
    assert reverse("say:correct", args=[said.pk]) in client.get(address).content.decode()
    reply = client.post(reverse("say:correct", args=[said.pk]))
    draft = Post.objects.get(corrects=said)
    assert reply["Location"] == reverse("say:write", args=[draft.pk])
    assert str(draft) in client.get(address).content.decode()
