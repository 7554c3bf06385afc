"""What was said wrong is put right in the open."""

import pytest
from django.urls import reverse
from tests import given

from commonground.channels.networks.site.models import Page
from commonground.kit.refusals import MovedOn, NotYours
from commonground.say import actions
from commonground.say.models import Post, PublicAlert
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
