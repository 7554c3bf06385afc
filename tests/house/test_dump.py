"""A dump of the database after a desk was used: 0 tokens, 0 words that were erased, 0 people."""

import subprocess

import pytest
from django.db import connection
from django.test import Client

from commonground.agency.states import Role
from commonground.answer.models import Note
from commonground.answer.tests.world import a_conversation
from commonground.channels.networks.mail import joining, links
from commonground.channels.networks.mail.models import Recipient, Subscriber
from commonground.channels.networks.mail.tests.world import a_letter, a_list, a_reader
from commonground.channels.networks.push.tests.world import (
    a_channel as a_channel_of_notices,
    a_device,
)
from commonground.connect import actions as connect
from commonground.record.actions import keeping, witness
from commonground.say import actions as say
from tests import given
from tests.house.test_sealed import everything, written_any_way
from tests.peers.postgres import programs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
]
ANA = "ana.reyes@people.example"
WROTE = "My daughter Rosa saw who it was from 14 Bridge Street"
COLLEAGUES = "Her number is 902 555 0133, she asks for Constable Moreau"


def dumped() -> bytes:
    """What the operator's own tool writes of it, in plain words."""
    if connection.vendor != "postgresql":
        return everything()
    at = connection.settings_dict
    done = subprocess.run(
        [programs() / "pg_dump", "--format=plain", "--no-owner", "-h", at["HOST"], "-p",
         str(at["PORT"]), "-U", at["USER"], str(at["NAME"])],
        capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout


def a_desk_that_was_used():
    """What must not be found, by what it is."""
    member = given.a_member(roles=[*Role], password="a long pass phrase indeed")
    agency, secrets = member.agency, {"pass phrase": "a long pass phrase indeed"}
    browser = Client()
    browser.force_login(member)
    secrets["sign-in"] = browser.cookies["sessionid"].value
    secrets["token of an account"] = "a very secret token of Mastodon"
    channel = given.a_channel(
        agency=agency, network="mastodon", secrets={"token": secrets["token of an account"]}
    )
    secrets["key of a program"] = given.a_key(by=member)[1]
    secrets["secret of a webhook"] = connect.open_webhook(
        name="Site", address="https://example.org/", events=["desk.stopped"], by=member
    )[1]
    secrets["calendar"] = say.make_calendar_key(by=member)
    letters = a_list(agency=agency)
    reader = a_reader(letters, ANA)
    a_letter(letters)
    secrets["link to leave"] = reader.token
    secrets["return path"] = Recipient.objects.get().token
    device = a_device(a_channel_of_notices(agency=agency), url="https://push.example/d-0123456789")
    secrets["device"] = device.where["url"]
    secrets["key of a device"] = device.where["auth"]
    secrets["address of a reader"] = ANA
    return member, channel, secrets


def people_who_wrote(member, channel):
    """Words of a resident, of a colleague about them, and an entry that was erased."""
    conversation = a_conversation(
        WROTE, channel=channel, name="Rosalind Quillfeather", handle="@rosalind.q@town.example"
    )
    Note.objects.create(conversation=conversation, by=member, said={"text": COLLEAGUES})
    entry = witness("pause", channel, by=member, reason="Asked for by Wilhelmina Abernathy")
    keeping.erase([entry.number], basis="GDPR 17", by=member)
    return {
        "words": WROTE, "note": COLLEAGUES, "name": "Rosalind Quillfeather",
        "handle": "@rosalind.q@town.example", "erased": "Asked for by Wilhelmina Abernathy",
    }  # fmt: skip


def test_a_dump_of_a_used_desk_holds_no_token_and_nothing_that_was_erased(settings):
    settings.OLD_SEAL_KEYS, settings.SEAL_KEY = [settings.SEAL_KEY], "a key that nobody guesses"
    member, channel, secrets = a_desk_that_was_used()
    secrets |= people_who_wrote(member, channel)

    held = dumped()

    found = [what for what, s in secrets.items() if any(w in held for w in written_any_way(s))]
    assert found == []
    # It looked at all of it: what stands in clear is there, and so is each row.
    for clear in (member.agency.name, Subscriber.objects.get().name, channel.name):
        assert clear.encode() in held


def test_who_reads_the_tables_takes_nobody_off_a_list():
    reader = a_reader(a_list(), ANA)
    a_letter(reader.channel)
    recipient = Recipient.objects.get()
    guesses = [
        reader.name, recipient.name, reader.name + "0" * links.SEAL, recipient.token,
        reader.token[:-1], reader.token + "0", reader.token.upper(), "", "ü",
    ]  # fmt: skip
    for guess in guesses:
        joining.leave(guess)
    assert Subscriber.objects.filter(pk=reader.pk).exists()
    joining.leave(reader.token)
    assert not Subscriber.objects.filter(pk=reader.pk).exists()
