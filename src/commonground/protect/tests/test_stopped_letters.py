"""Stopping everything reaches letters that were written already."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.channels.networks.mail.adapter import told
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import (
    a_letter,
    a_list,
    a_mail_server,
    a_reader,
    fates,
)
from commonground.protect import actions


@pytest.mark.django_db
def test_while_everything_is_stopped_no_letter_goes(settings):
    channel = a_list()
    for name in ("ana", "ben", "cy"):
        a_reader(channel, f"{name}@people.example")
    letter = a_letter(channel)
    actions.stop(channel.agency, reason="Hacked?", by=given.a_member(agency=channel.agency))

    with a_mail_server(settings) as server:
        send_some()
        with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
            send_some()

    assert fates(letter) == {"waiting": 3}
    assert server.taken == []
    assert "stopped" in told(letter.key)


@pytest.mark.django_db
def test_whoever_stopped_everything_holds_up_no_other_agency(settings):
    channel = a_list()
    for n in range(53):
        a_reader(channel, f"reader{n}@people.example")
    halted = a_letter(channel)
    actions.stop(channel.agency, reason="Hacked?", by=given.a_member(agency=channel.agency))
    other = a_list(agency=given.an_agency(name="Harbour"), name="Other")
    a_reader(other, "dee@people.example")
    letter = a_letter(other, not_after=timezone.now() + timedelta(days=2))

    with a_mail_server(settings):
        send_some()

    assert fates(letter) == {"taken": 1}
    assert fates(halted) == {"waiting": 53}
