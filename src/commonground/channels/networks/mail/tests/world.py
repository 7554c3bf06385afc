"""A list with people on it, and a mail server that does exactly as it is told."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.utils import timezone
from tests import given

from commonground.channels.contract import Login, Message
from commonground.channels.line.tests.mail_server import SENDER, Server, a_mail_server, name_it
from commonground.channels.networks.mail import addresses
from commonground.channels.networks.mail.adapter import MailingList
from commonground.channels.networks.mail.models import Letter, Subscriber

__all__ = ["SENDER", "Server", "a_mail_server", "name_it"]
PEOPLE = ANA, BEN, CY = "ana@people.example", "ben@people.example", "cy@people.example"


def a_list(**but):
    return given.a_channel(**{"network": "mail", "name": "Letters", **but})


def a_reader(channel, address="ana@people.example", **but):
    now = timezone.now()
    return Subscriber.objects.create(
        channel=channel, person=addresses.person(channel.pk, address), address=address,
        **{"confirmed_at": now, **but},
    )  # fmt: skip


def list_of(channel):
    return MailingList(Login(str(channel.pk)))


def a_letter(channel, text="The bridge is closed.", **but):
    ours = list_of(channel)
    key = ours.new_key(timezone.now())
    ours.publish(Message(text, **but), key=key)
    return Letter.objects.get(key=key)


def fates(letter):
    return dict(letter.fates())


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)
