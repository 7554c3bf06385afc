"""Posts that belong together are held together, and let go together, by whoever may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.models import Campaign, Post
from commonground.say.models.campaigns import Mark
from commonground.say.queries.campaigns import parts_of

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture
def author():
    return given.a_member()


@pytest.fixture
def campaign(author):
    today = timezone.localdate()
    return actions.begin_campaign(
        {
            "name": "Winter driving", "goal": "Fewer crashes on ice.", "since": today,
            "until": today + timedelta(days=30), "owner": author, "mark": "sun",
            "messages": ["Slow down on bridges."],
        },
        by=author,
    )  # fmt: skip


def in_it(post, campaign):
    return actions.join_campaign(post, campaign, by=campaign.owner)


def an_approved(campaign, **but):
    but = {"go_out_at": timezone.now() + TOMORROW, **but}
    return in_it(given.an_approved_post(by=campaign.owner, **but), campaign)


def states(campaign):
    return sorted(campaign.posts.values_list("state", flat=True))


def test_hold_holds_what_waits_and_release_lets_go_what_it_held(author, campaign):
    posts = [an_approved(campaign) for _ in range(2)]
    apart = an_approved(campaign)
    actions.hold(apart, reason="Another reason.", by=author)
    other = given.an_approved_post(by=author, go_out_at=timezone.now() + TOMORROW)

    held = actions.hold_campaign(campaign, reason="A funeral.", by=author)
    assert {p.pk for p in held} == {p.pk for p in posts}
    other.refresh_from_db()
    assert other.state == "scheduled"

    released, left = actions.release_campaign(campaign, by=given.an_approver(apart))
    assert ({p.pk for p in released}, left) == ({p.pk for p in posts}, [])
    apart.refresh_from_db()
    assert apart.state == "held"  # by another hand, for another reason
    verbs = [e.verb for e in Entry.objects.about(campaign)]
    assert verbs[:2] == ["release_campaign", "hold_campaign"]


def test_what_is_approved_while_it_is_held_does_not_go_out(author, campaign, place):
    draft = in_it(given.a_post(by=author), campaign)
    actions.hold_campaign(campaign, reason="A funeral.", by=author)
    actions.submit(draft, by=author)
    actions.approve(draft, read=draft.digest, by=given.an_approver(draft))
    tasks.go_out()  # at once, before any sweep
    draft.refresh_from_db()
    assert draft.state == "held"
    assert "A funeral." in draft.held_because
    assert not [c for c, _ in place.calls if c == "publish"]

    later = in_it(
        given.a_post(by=author, go_out_at=timezone.now() + TOMORROW), campaign
    )  # fmt: skip
    actions.submit(later, by=author)
    actions.approve(later, read=later.digest, by=given.an_approver(later))
    tasks.sweeping.sweep()
    later.refresh_from_db()
    assert later.state == "held"  # and its people see that now, not tomorrow

    actions.release_campaign(campaign, by=given.an_approver(draft))
    tasks.go_out()
    assert states(campaign) == ["published", "scheduled"]


def test_one_post_can_be_let_go_while_the_campaign_stays_held(author, campaign):
    post = an_approved(campaign)
    actions.hold_campaign(campaign, reason="A funeral.", by=author)
    post.refresh_from_db()
    actions.release(post, by=given.an_approver(post))
    tasks.sweeping.sweep()
    post.refresh_from_db()
    assert post.state == "scheduled"


def test_nobody_releases_their_own_words_with_the_campaign(campaign):
    author = campaign.owner
    post = an_approved(campaign)
    actions.hold_campaign(campaign, reason="A funeral.", by=author)
    for role in ("approver",):
        author.role_rows.create(role=role)
    del author._roles
    released, left = actions.release_campaign(campaign, by=author)
    assert (released, [p.pk for p, _ in left]) == ([], [post.pk])


def test_author_alone_cannot_release_and_a_lapsed_certificate_does_not_count(author, campaign):
    post = an_approved(campaign)
    actions.hold_campaign(campaign, reason="A funeral.", by=author)
    with pytest.raises(NotYours):
        actions.release_campaign(campaign, by=author)
    with pytest.raises(NotYours):
        actions.release_campaign(campaign, by=given.an_approver(post, certified=False))
    with pytest.raises(MovedOn):
        actions.hold_campaign(campaign, reason="Again.", by=author)


def test_hold_needs_a_reason_and_somebody_of_the_agency(author, campaign):
    with pytest.raises(Refused):
        actions.hold_campaign(campaign, reason=" ", by=author)
    with pytest.raises(NotYours):
        actions.hold_campaign(campaign, reason="Mine.", by=given.a_member())
    campaign.refresh_from_db()
    assert not campaign.is_held


def test_joining_does_not_touch_an_approval(author, campaign):
    post = given.an_approved_post(by=author, go_out_at=timezone.now() + TOMORROW)
    in_it(post, campaign)
    post.refresh_from_db()
    assert post.digest == post.approved_digest
    actions.leave_campaign(post, by=author)
    post.refresh_from_db()
    assert (post.campaign, post.digest) == (None, post.approved_digest)


def test_page_says_what_is_planned_out_and_held(author, campaign, client):
    waiting, held, draft = an_approved(campaign), an_approved(campaign), given.a_post(by=author)
    in_it(draft, campaign)
    actions.hold(held, reason="Wait.", by=author)
    parts = parts_of(campaign)
    assert ([*parts.queued], [*parts.held], [*parts.drafts]) == ([waiting], [held], [draft])
    client.force_login(author)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "Slow down on bridges." in page


def test_pages_begin_change_hold_and_release(author, client):
    client.force_login(author)
    typed = {
        "name": "Dusk", "goal": "Fewer break-ins.", "since": "2026-10-01", "until": "2026-12-01",
        "owner": author.pk, "messages": "Light a window.\n\nTell a neighbour.", "mark": "leaf",
    }  # fmt: skip
    new = reverse("say:new_campaign")
    assert client.post(new, typed | {"until": "2026-09-01"}).status_code == 422
    assert client.post(new, typed | {"messages": "a\nb\nc\nd\ne\nf"}).status_code == 422
    assert client.post(new, typed).status_code == 302
    assert client.post(new, typed).status_code == 422  # its name is taken
    campaign = Campaign.objects.get()
    assert campaign.messages == ["Light a window.", "Tell a neighbour."]
    change = reverse("say:change_campaign", args=[campaign.pk])
    assert client.post(change, typed | {"goal": "None."}).status_code == 302

    answer = client.post(reverse("say:start_in_campaign", args=[campaign.pk]))
    assert "/write" in answer.headers["Location"]
    assert Post.objects.get().campaign == campaign
    apart = given.a_post(by=author)
    client.post(reverse("say:join_campaign", args=[campaign.pk]), {"post": apart.pk})
    client.post(reverse("say:leave_campaign", args=[apart.pk]))
    an_approved(campaign)
    client.post(reverse("say:hold_campaign", args=[campaign.pk]), {"reason": "A funeral."})
    assert states(campaign) == ["draft", "held"]
    client.force_login(given.an_approver(apart))
    assert "A funeral." in client.get(campaign.get_absolute_url()).content.decode()
    client.post(reverse("say:release_campaign", args=[campaign.pk]))
    assert states(campaign) == ["draft", "scheduled"]
    assert client.get(reverse("say:campaigns")).status_code == 200


@pytest.mark.parametrize("mark", Mark.values)
def test_every_sign_can_be_drawn_and_the_page_opens(client, author, campaign, mark):
    """An icon that the library dropped would shut the page of each campaign that wears it."""
    Campaign.objects.update(mark=mark)
    client.force_login(author)
    for address in (campaign.get_absolute_url(), reverse("say:campaigns")):
        assert "<svg" in client.get(address).content.decode()
