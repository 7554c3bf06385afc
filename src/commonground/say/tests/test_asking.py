"""A post that waits for a second person waits unseen by nobody who could be that person."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.engine.telling import ask_again
from commonground.say.models import ReviewRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})


def sweep_after(minutes=0):
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        tasks.sweeping.sweep()


def asked():
    return [to for m in mail.outbox for to in m.to]


def waiting(**but):
    """A post that waits, an approver who may, and the others of the desk who may not."""
    post = given.a_post_in_review(**but)
    reader = given.an_approver(post)
    given.a_member(agency=post.agency, roles=["approver"], certified=False)
    given.a_member(agency=post.agency, roles=["author"])
    given.a_member(roles=["approver"])  # of another agency
    return post, reader


def test_whoever_may_approve_is_asked_at_once_and_nobody_else():
    post, reader = waiting(title="The bridge")
    sweep_after()
    assert asked() == [reader.email]
    assert reverse("say:approve", args=[post.pk]) in mail.outbox[0].body
    assert post.text not in mail.outbox[0].body  # the words stay on the desk
    entry = Entry.objects.get(verb="ask_to_read")
    assert entry.detail == {
        "names": [reader.name], "route": "screen and e-mail", "nobody": False,
    }  # fmt: skip


def test_an_approver_who_wrote_it_is_not_asked_to_read_their_own_words():
    author = given.a_member(roles=["author", "approver"])
    post = given.a_post_in_review(by=author)
    sweep_after()
    assert ReviewRequest.objects.get(post=post).nobody


def test_they_are_asked_again_ever_less_often_until_somebody_decides():
    post, reader = waiting()
    times = []
    for minute in range(0, 600, 5):
        sweep_after(minute)
        if len(mail.outbox) > len(times):
            times.append(minute)
    assert times == [0, 15, 75, 315, 555]
    assert "It has waited since" in mail.outbox[1].body
    actions.approve(post, read=post.digest, by=reader)
    sweep_after(2000)
    assert len([m for m in mail.outbox if "waits for your yes" in m.subject]) == len(times)


def test_what_is_urgent_is_asked_for_more_often_and_says_so():
    waiting(urgent=True)
    for minute in range(0, 61, 5):
        sweep_after(minute)
    assert len(mail.outbox) == 5  # 0, 5, 20, 35, 50
    assert mail.outbox[0].subject.startswith("Urgent")


@pytest.mark.parametrize(
    ("left", "again"), [(None, 15), (timedelta(hours=3), 15), (timedelta(minutes=50), 5)]
)
def test_what_goes_out_soon_is_asked_for_like_what_is_urgent(left, again):
    assert ask_again(1, left, urgent=False) == timedelta(minutes=again)


def test_where_nobody_may_approve_its_author_and_the_administrators_hear_of_it():
    post = given.a_post_in_review()
    admin = given.a_member(agency=post.agency, roles=["admin"])
    sweep_after()
    assert sorted(asked()) == sorted([post.author.email, admin.email])
    assert "nobody may give it" in mail.outbox[0].body
    reader = given.an_approver(post)
    sweep_after(16)
    assert asked()[2:] == [reader.email]


def test_asking_anew_begins_anew():
    post, _ = waiting()
    sweep_after()
    actions.recall(post, by=post.author)
    sweep_after(30)
    assert len(mail.outbox) == 1  # nobody is asked to read a draft
    actions.submit(post, by=post.author)
    sweep_after(31)
    assert len(mail.outbox) == 2


def test_without_e_mail_the_screen_still_says_who_must_look(client, settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": ""})
    post, reader = waiting()
    sweep_after()
    assert Entry.objects.get(verb="ask_to_read").detail["route"] == "screen"
    client.force_login(post.author)
    page = client.get(post.get_absolute_url()).content.decode()
    assert reader.name in page
    assert "could send no e-mail" in page


def test_its_page_says_that_nobody_may_approve_it(client):
    post = given.a_post_in_review()
    sweep_after()
    client.force_login(post.author)
    assert (
        "Nobody may approve this just now" in client.get(post.get_absolute_url()).content.decode()
    )
