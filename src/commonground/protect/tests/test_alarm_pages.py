"""The pages of alarms: quiet on a quiet day, plain on a bad one."""

import pytest
from django.urls import reverse
from tests import given

from commonground.protect import actions
from commonground.protect.engine.lookout import Odd, What
from commonground.protect.models import Alarm

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver(client):
    approver = given.a_member(roles=["approver"])
    client.force_login(approver)
    return approver


def an_alarm(agency, text="<b>Leave</b> the city now."):
    channel = given.a_channel(agency=agency)
    alarm = actions.raise_alarm(channel, Odd(What.FOREIGN, f"id of {channel.pk}"))
    Alarm.objects.filter(pk=alarm.pk).update(text=text)
    return Alarm.objects.get(pk=alarm.pk)


def test_on_a_quiet_day_the_first_page_says_nothing_of_alarms(client, approver):
    assert client.get(reverse("protect:alarms_panel")).content.strip() == b""
    assert "Nothing was found" in client.get(reverse("protect:alarms")).content.decode()


def test_an_alarm_is_on_the_first_page_and_its_words_are_shown_as_words(client, approver):
    alarm = an_alarm(approver.agency)
    an_alarm(given.an_agency(), text="Another town")
    panel = client.get(reverse("protect:alarms_panel")).content.decode()
    assert "&lt;b&gt;Leave" in panel
    assert "Another town" not in panel
    page = client.get(alarm.get_absolute_url()).content.decode()
    assert "Was it us?" in page
    assert reverse("protect:stop") in page


def test_it_is_explained_with_a_reason_opened_again_and_disowned(client, approver):
    alarm = an_alarm(approver.agency)
    steps = [
        ("explain", {"reason": " "}, 422, "open"),
        ("explain", {"reason": "Officer Reyes, from her phone."}, 302, "explained"),
        ("reopen", {}, 302, "open"),
        ("disown", {}, 302, "disowned"),
        ("disown", {}, 409, "disowned"),
    ]
    for verb, typed, status, state in steps:
        reply = client.post(reverse(f"protect:{verb}", args=[alarm.pk]), typed)
        alarm.refresh_from_db()
        assert (reply.status_code, alarm.state) == (status, state)
    assert "What to do now" in client.get(alarm.get_absolute_url()).content.decode()


def test_who_may_not_decide_is_told_who_does(client):
    author = given.a_member(roles=["author"])
    client.force_login(author)
    page = client.get(an_alarm(author.agency).get_absolute_url()).content.decode()
    assert "An approver says what this was." in page
    assert "It was not us" not in page
