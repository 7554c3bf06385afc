"""What somebody holds does not go out, whoever acts in whatever order, until it is let go."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given as supposing, settings, strategies as st
from tests import given

from commonground.channels.models import Authorisation
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.actions import verify
from commonground.record.models import Entry
from commonground.say import actions, queries, tasks
from commonground.say.models import Delivery, Post
from commonground.say.states import WORKFLOW, State

pytestmark = pytest.mark.django_db


def a_held_post(**but):
    post = given.an_approved_post(**but)
    return actions.hold(post, reason="People are hurt.", by=post.author)


def published(place):
    return [call for call, _ in place.calls].count("publish")


def test_what_is_held_is_not_sent_and_its_approval_stays(place):
    post = a_held_post()

    tasks.go_out()
    tasks.sweeping.sweep()

    post.refresh_from_db()
    assert (post.state, published(place)) == ("held", 0)
    assert post.approved_digest == post.digest
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempt, delivery.raised_at) == ("waiting", 0, None)


def test_one_act_lets_it_go_and_then_it_goes_out(place):
    post = a_held_post()

    actions.release(post, by=given.an_approver(post))
    tasks.go_out()

    post.refresh_from_db()
    assert (post.state, published(place)) == ("published", 1)
    verbs = list(Entry.objects.about(post).values_list("verb", flat=True))
    assert verbs.index("hold") > verbs.index("release")  # the newest first


def test_a_post_with_a_time_waits_for_it_again(place):
    at = timezone.now() + timedelta(hours=2)
    post = a_held_post(go_out_at=at)

    post = actions.release(post, by=given.an_approver(post))
    tasks.go_out()

    assert (post.state, published(place)) == ("scheduled", 0)
    assert Delivery.objects.get().due_at == at


def test_who_released_it_can_undo_that_for_as_long_as_an_approval(place, settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 30})
    post = a_held_post()
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False) as clock:
        place.clock.at = timezone.now()
        actions.release(post, by=given.an_approver(post))
        tasks.go_out()
        tasks.sweeping.sweep()
        assert published(place) == 0
        assert Delivery.objects.get().raised_at is None  # nobody calls it late
        actions.hold(Post.objects.get(), reason="After all.", by=post.author)
        clock.shift(60)
        tasks.go_out()
    assert published(place) == 0


def test_a_reason_is_needed_and_stands_in_the_record():
    post = given.an_approved_post()

    with pytest.raises(Refused, match="Say why"):
        actions.hold(post, reason="  ", by=post.author)
    moment = given.a_moment(agency=post.agency, label="The crash")
    actions.hold(post, reason="People are hurt.", by=post.author, moment=moment)

    held = Entry.objects.get(verb="hold")
    assert (held.who, held.detail["reason"]) == (post.author.name, "People are hurt.")
    assert held.detail["moment"] == "The crash"


def test_any_author_may_hold_but_a_second_trained_person_lets_go():
    author = given.a_member(roles=["author", "approver"])
    post = a_held_post(by=author)

    for wrong in (
        author,  # their own words
        given.a_member(agency=post.agency, roles=["author"]),
        given.an_approver(post, certified=False),
        given.a_member(roles=["approver"]),  # of another agency
    ):
        with pytest.raises(NotYours):
            actions.release(post, by=wrong)
    with pytest.raises(NotYours):
        actions.hold(post, reason="Mine too.", by=given.a_member(roles=["approver"]))
    with pytest.raises(NotYours):
        actions.hold(post, reason="?", by=given.a_member(agency=post.agency, roles=["auditor"]))


def test_what_could_not_go_out_is_not_released():
    post = a_held_post()
    Authorisation.objects.update(ended_at=timezone.now())

    with pytest.raises(NotYours, match="not authorised"):
        actions.release(post, by=given.an_approver(post))


def test_what_has_begun_to_go_out_can_no_longer_be_held(place):
    post = given.an_approved_post()
    tasks.start_due()

    for seen in (post, Post.objects.get()):  # as an old page shows it, and as it is
        with pytest.raises(MovedOn):
            actions.hold(seen, reason="Too late.", by=post.author)


def test_what_is_still_held_when_its_time_is_over_lapses_and_people_are_told(place):
    post = a_held_post(go_out_at=timezone.now() + timedelta(hours=1), good_for=10)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        with pytest.raises(Refused, match="time has passed"):
            actions.release(Post.objects.get(), by=given.an_approver(post))
        tasks.sweeping.sweep()

    post.refresh_from_db()
    assert (post.state, published(place)) == ("failed", 0)
    assert "held (People are hurt.)" in post.reason
    assert [d.why for d in queries.in_trouble(post.agency)] == [post.reason]


def test_its_author_and_who_approved_it_are_told_once_and_the_holder_is_not(settings, place):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})
    post = given.an_approved_post()
    approver = post.reviews.get().by
    actions.hold(post, reason="People are hurt.", by=given.a_member(agency=post.agency))

    tasks.sweeping.sweep()
    tasks.sweeping.sweep()

    assert sorted(m.to[0] for m in mail.outbox) == sorted([post.author.email, approver.email])
    assert "People are hurt." in mail.outbox[0].body
    assert "lapses on" in mail.outbox[0].body
    told = Entry.objects.get(verb="tell")
    assert told.detail == {"names": [post.author.name, approver.name], "route": "screen and e-mail"}


def test_several_are_held_at_once_and_what_left_meanwhile_is_said(client, place):
    member = given.a_member(roles=["author"])
    moment = given.a_moment(agency=member.agency, grave=True)
    posts = [given.an_approved_post(by=member) for _ in range(3)]
    client.force_login(member)
    tasks_start(posts[2])

    page = client.post(
        f"/say/about/{moment.pk}/hold",
        {"post": [str(p.pk) for p in posts], "reason": "People are hurt."},
        follow=True,
    ).content.decode()

    assert "2 posts are held." in page
    assert "1 post no longer waited" in page
    assert list(Post.objects.held().values_list("held_for", flat=True)) == [moment.pk] * 2


def tasks_start(post):
    assert actions.start(Post.objects.get(pk=post.pk))


def test_another_agency_s_posts_are_not_there_to_hold(client):
    stranger = given.an_approved_post()
    member = given.a_member()
    moment = given.a_moment(agency=member.agency)
    client.force_login(member)

    form = {"post": [str(stranger.pk), "nonsense"], "reason": "Mine."}
    client.post(f"/say/about/{moment.pk}/hold", form)

    assert client.post(f"/say/{stranger.pk}/hold", {"reason": "Mine."}).status_code == 404
    assert not Post.objects.held().exists()


def test_nothing_is_held_that_does_not_say_by_whom_and_why():
    post = given.an_approved_post()
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(**{"state": "held"})


# However acts and people are shuffled


def approve_again(post, approver):
    actions.submit(post, by=post.author)
    actions.approve(Post.objects.get(pk=post.pk), read=post.digest, by=approver)


ACTS = {
    "hold": lambda post, by: actions.hold(post, reason="Wait.", by=post.author),
    "release": lambda post, by: actions.release(post, by=by),
    "go out": lambda post, by: tasks.go_out(),
    "sweep": lambda post, by: tasks.sweeping.sweep(),
    "withdraw": lambda post, by: actions.withdraw(post, reason="Wrong.", by=by),
    "send back": lambda post, by: actions.send_back(post, reason="?", read=post.digest, by=by),
    "approve again": approve_again,
    "an hour": None,
}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@supposing(st.lists(st.sampled_from(sorted(ACTS)), max_size=12))
def test_however_acts_are_shuffled_nothing_held_is_sent(place, acts):
    place.posts.clear()
    place.calls.clear()
    with transaction.atomic(), time_machine.travel(timezone.now(), tick=False) as clock:
        place.clock.at = timezone.now()
        post = given.an_approved_post(go_out_at=timezone.now() + timedelta(minutes=30))
        approver = given.an_approver(post)
        for act in acts:
            seen, before = Post.objects.get(pk=post.pk), published(place)
            if act == "an hour":
                clock.shift(3600)
                place.clock.at = timezone.now()
            else:
                with suppress(Refused):
                    ACTS[act](Post.objects.get(pk=post.pk), approver)
            assert not (seen.state == State.HELD and published(place) > before)
            tried = Delivery.objects.filter(variant__post=post, attempt__gt=0).exists()
            assert not (tried and Post.objects.get(pk=post.pk).state == State.HELD)
        assert published(place) <= 1
        assert verify() is None
        transaction.set_rollback(True)


@settings(max_examples=300)
@supposing(st.lists(st.sampled_from(sorted(WORKFLOW.transitions)), max_size=40))
def test_from_a_hold_no_way_leads_out_but_through_a_person(names):
    state, held = WORKFLOW.first, False
    for name in names:
        after = WORKFLOW.after(name, state)
        if after is None:
            continue
        let_go = WORKFLOW.transitions[name].role != "desk"
        held = after == State.HELD or (held and not let_go)
        state = after
        assert not (held and state in (State.PUBLISHING, State.PUBLISHED))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
@pytest.mark.parametrize("_", range(4))
def test_a_hold_and_a_start_in_one_instant_exclude_each_other(place, _):
    post = given.an_approved_post()
    start = Barrier(4)

    def together(act):
        start.wait(timeout=30)
        try:
            return act()
        except MovedOn as refusal:
            return refusal
        finally:
            connection.close()

    acts = [tasks.go_out] * 3 + [
        lambda: actions.hold(Post.objects.get(pk=post.pk), reason="Wait.", by=post.author)
    ]
    with ThreadPoolExecutor(4) as threads:
        ended = list(threads.map(together, acts))
    tasks.go_out()

    post.refresh_from_db()
    if isinstance(ended[-1], MovedOn):
        assert (post.state, published(place)) == ("published", 1)
    else:
        assert (post.state, published(place)) == ("held", 0)
    assert verify() is None


# What people see


def test_a_grave_moment_shows_what_is_due_while_it_runs_and_what_is_cheerful(client):
    member = given.a_member(roles=["author", "approver"])
    moment = given.a_moment(agency=member.agency, label="crash bridge", terms=["crash bridge"])
    given.an_approved_post(by=member, text="Pancakes for all on Sunday!!")
    given.an_approved_post(by=member, text="Road works on Pilot Street.")
    far = moment.closes_at + timedelta(days=2)
    given.an_approved_post(by=member, text="Next week.", go_out_at=far)
    own = given.an_approved_post(by=member, text="What we know of the crash.", moment=moment)
    client.force_login(member)

    calm = client.get("/say/queue/panel", headers={"HX-Request": "true"})
    assert calm.content == b""
    moment.grave = True
    moment.save()

    for address in (f"/say/about/{moment.pk}", "/say/queue/panel", "/say/calendar"):
        page = client.get(address).content.decode()
        assert "2 posts are due while this runs; 1 cheerful." in page
    panel = client.get("/say/queue/panel").content.decode()
    assert panel.count('name="post"') == 2
    assert panel.count(" checked") == 1
    assert str(own.pk) not in panel


def test_a_moment_that_is_not_grave_is_put_beside_a_post_that_says_its_words(client):
    member = given.a_member()
    given.a_moment(agency=member.agency, label="crash bridge", terms=[])
    client.force_login(member)
    given.an_approved_post(by=member, text="Office hours: eight to six.")
    assert b"while this runs" not in client.get("/say/queue/panel").content

    given.an_approved_post(by=member, text="The bridge run starts at ten.")

    page = client.get("/say/queue/panel").content.decode()
    assert "says as the moment does:" in page
    assert '<q dir="auto">bridge</q>' in page


def test_what_is_held_is_on_the_first_page_and_in_the_calendar_with_who_and_why(client):
    approver = given.a_member(roles=["approver"])
    author = given.a_member(agency=approver.agency)
    post = a_held_post(by=author)
    client.force_login(approver)

    for address in ("/say/queue/panel", "/say/calendar", post.get_absolute_url()):
        page = client.get(address).content.decode()
        assert f"{author.name} holds it since" in page
        assert "People are hurt." in page
        assert f"/say/{post.pk}/release" in page
    client.force_login(author)
    page = client.get("/say/queue/panel").content.decode()
    assert "/release" not in page
