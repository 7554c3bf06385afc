"""In an emergency one person may publish alone, if leadership said so before; never unseen."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.models import BrokenGlass, Delivery

pytestmark = pytest.mark.django_db
WHY = "Gas in the school; nobody else is awake."
PASSWORD = "a bridge over quiet water"


def let_alone(channel):
    channel.authorisations.update(alone=True)


@pytest.fixture
def post(place):
    post = given.a_post(text="Leave the school by the north gate now.")
    let_alone(post.variants.get().channel)
    return post


def broken(post, **but):
    given_ = {"reason": WHY, "read": post.digest, "by": post.author, **but}
    return actions.break_glass(post, **given_)


def test_it_goes_out_as_any_other_and_is_told_and_waits_for_a_second_person(place, post):
    broken(post)
    tasks.go_out()

    assert Delivery.objects.get().state == "sent"
    glass = BrokenGlass.objects.get()
    assert (glass.by, glass.reason, glass.reviewed_at) == (post.author, WHY, None)
    entry = Entry.objects.get(verb="break_glass")
    assert entry.detail["reason"] == WHY
    assert entry.who == post.author.name


@pytest.mark.parametrize(
    "refused", ["nobody allowed it", "one channel of two", "a time of its own"]
)
def test_only_where_leadership_said_so_on_every_channel_and_only_now(post, refused):
    if refused == "nobody allowed it":
        post.variants.get().channel.authorisations.update(alone=False)
    elif refused == "one channel of two":
        other = given.a_channel(agency=post.agency, authorised=[post.author])
        post.variants.create(channel=other, text=post.text)
    else:
        post.go_out_at = timezone.now() + timedelta(hours=1)
        post.save()
    with pytest.raises(Refused):
        broken(post)
    assert not BrokenGlass.objects.exists()


def test_nobody_publishes_anothers_words_alone_nor_without_a_reason_nor_other_words(post):
    other = given.a_member(agency=post.agency)
    post.variants.get().channel.authorisations.create(member=other, decided_by=other, alone=True)
    with pytest.raises(NotYours):
        broken(post, by=other)
    with pytest.raises(Refused):
        broken(post, reason="  ")
    with pytest.raises(MovedOn):
        broken(post, read="0" * 64)


def test_a_stop_of_the_coach_cannot_be_passed_alone(place):
    post = given.a_post(text="The killer is John Smith of 12 Mill Street.")
    let_alone(post.variants.get().channel)
    with pytest.raises(Refused, match="coach"):
        broken(post)


def test_who_was_not_looked_at_yet_cannot_do_it_again(post):
    broken(post)
    channel = post.variants.get().channel
    again = given.a_post(by=post.author, channels=[channel], text="And now the south gate.")
    with pytest.raises(Refused, match="nobody has looked at it"):
        broken(again)

    second = given.an_approver(post)
    actions.review_glass(BrokenGlass.objects.get(), verdict="right", said="It was.", by=second)
    broken(again)
    assert BrokenGlass.objects.unreviewed().get().post == again


def test_a_right_that_is_taken_away_meanwhile_keeps_it_from_going_out(place, post):
    broken(post)
    post.variants.get().channel.authorisations.update(alone=False)
    tasks.go_out()

    post.refresh_from_db()
    assert post.state == "failed"
    assert place.posts == {}


def test_only_another_approver_looks_at_it_once_and_in_words(post):
    broken(post)
    glass, second = BrokenGlass.objects.get(), given.an_approver(post)
    for nobody in (
        post.author,
        given.a_member(agency=post.agency),
        given.a_member(roles=["approver"]),
    ):
        with pytest.raises(NotYours):
            actions.review_glass(glass, verdict="right", said="Fine.", by=nobody)
    with pytest.raises(Refused):
        actions.review_glass(glass, verdict="right", said=" ", by=second)
    actions.review_glass(glass, verdict="wrong", said="The gate was closed.", by=second)
    with pytest.raises(MovedOn):
        actions.review_glass(glass, verdict="right", said="Fine.", by=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        BrokenGlass.objects.update(reviewed_by=post.author)


def test_command_is_told_at_once_and_every_hour_until_one_looks(post, settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})
    second, auditor = given.an_approver(post), given.a_member(agency=post.agency, roles=["auditor"])
    broken(post)
    start = timezone.now()
    for minutes in (0, 20, 61):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            tasks.sweeping.sweep()
    told = [m for m in mail.outbox if "alone" in m.subject]
    assert sorted(m.to[0] for m in told) == sorted([second.email, auditor.email] * 2)
    assert WHY in told[0].body

    actions.review_glass(BrokenGlass.objects.get(), verdict="right", said="Yes.", by=second)
    with time_machine.travel(start + timedelta(hours=5), tick=False):
        tasks.sweeping.sweep()
    assert len([m for m in mail.outbox if "alone" in m.subject]) == len(told)


def test_the_page_asks_who_it_is_first_and_then_offers_the_look_to_others(client, post):
    post.author.set_password(PASSWORD)
    post.author.save()
    client.force_login(post.author)
    page = client.get(post.get_absolute_url()).content.decode()
    assert "Publish it alone, now" in page
    typed = {"read": post.digest, "reason": WHY}
    at = reverse("say:break_glass", args=[post.pk])
    asked = client.post(at, typed)
    assert asked.headers["Location"].startswith("/account/reauthenticate/")
    assert not BrokenGlass.objects.exists()

    done = client.post("/account/reauthenticate/", {"password": PASSWORD}, follow=True)
    if not BrokenGlass.objects.exists():  # the form is given back, or sent on: either will do
        done = client.post(at, typed, follow=True)
    assert done.status_code == 200
    glass = BrokenGlass.objects.get()

    second = given.an_approver(post)
    client.force_login(second)
    assert "published alone" in client.get(reverse("answer:first_page")).content.decode()
    look = reverse("say:review_glass", args=[glass.pk])
    assert client.post(look, {"said": "Yes."}).status_code == 422
    client.post(look, {"verdict": "right", "said": "It was."})
    assert (
        "It was right to publish it alone" in client.get(post.get_absolute_url()).content.decode()
    )


def test_whom_leadership_never_let_hears_nothing_of_it(client):
    post = given.a_post()
    client.force_login(post.author)
    assert "alone" not in client.get(post.get_absolute_url()).content.decode()


def test_a_second_account_of_theirs_is_no_second_chance(post):
    again = given.a_member(agency=post.agency, same_as=post.author)
    other = given.a_post(by=again, text="Leave by the south gate, too.")
    let_alone(other.variants.get().channel)
    broken(post)
    with pytest.raises(Refused, match="published alone"):
        broken(other)
