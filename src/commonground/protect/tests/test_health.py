"""How our accounts are kept: an old check is as bad as none, and a leaver shows."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.agency.models import Agency
from commonground.kit.refusals import NotYours
from commonground.protect import actions, queries
from commonground.protect.engine.health import CHECKED_EVERY, Factor, Fault, Kept, faults
from commonground.record.models import Entry

NOW = timezone.now()
WELL = Kept(NOW, Factor.KEY, recovery_is_ours=True, owners=2, leavers=0)


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [
        (None, [Fault.UNCHECKED]),
        (WELL, []),
        (Kept(NOW - CHECKED_EVERY, Factor.KEY, True, 2, 0), [Fault.UNCHECKED]),
        (Kept(NOW, Factor.NONE, True, 2, 0), [Fault.NO_FACTOR]),
        (Kept(NOW, Factor.TEXT, True, 2, 0), [Fault.BY_TEXT]),
        (Kept(NOW, Factor.CODE, False, 1, 0), [Fault.NO_RECOVERY, Fault.ONE_PERSON]),
        (Kept(NOW, Factor.CODE, True, 0, 1), [Fault.LEAVER, Fault.NOBODY]),
    ],
)
def test_what_is_wrong_is_named(kept, wrong):
    assert faults(kept, NOW) == wrong


@pytest.fixture
def channel(db):
    return given.a_channel(network="mastodon")


def checked(channel, *owners, by=None):
    by = by or given.a_member(agency=channel.agency, roles=["admin"])
    return actions.check_account(channel, factor="key", recovery_is_ours=True, owners=owners, by=by)


def test_whoever_leaves_makes_their_accounts_red_at_once(channel):
    one, other = (given.a_member(agency=channel.agency) for _ in "ab")
    checked(channel, one, other)
    [health] = queries.health_of(channel.agency, timezone.now())
    assert (health.faults, health.is_grave) == ([], False)

    one.is_active = False
    one.save()
    [health] = queries.health_of(channel.agency, timezone.now())
    assert health.faults == [Fault.LEAVER, Fault.ONE_PERSON]
    assert health.is_grave


def test_after_thirty_days_the_first_page_says_so(channel, client):
    owners = [given.a_member(agency=channel.agency) for _ in "ab"]
    checked(channel, *owners)
    Agency.objects.update(days_for_factors=90)  # this is not about how they sign in
    client.force_login(owners[0])
    panel = reverse("answer:first_page")
    assert "Accounts somebody" not in client.get(panel).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1), tick=False):
        client.force_login(owners[0])
        page = client.get(panel).content.decode()
        assert channel.name in page.partition("Accounts somebody")[2]


def test_an_administrator_writes_it_down_and_an_author_cannot(channel, client):
    admin = given.a_member(agency=channel.agency, roles=["admin"])
    client.force_login(admin)
    page = reverse("protect:check_account", args=[channel.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"factor": "text", "owners": [str(admin.pk)]})
    shown = client.get(reverse("protect:accounts")).content.decode()
    assert "comes by text message" in shown
    assert Entry.objects.filter(verb="check_account").count() == 1
    with pytest.raises(NotYours):
        checked(channel, by=given.a_member(agency=channel.agency))


def test_our_own_newsroom_cannot_be_taken_and_is_not_asked_about(db):
    channel = given.a_channel(network="site")
    assert queries.health_of(channel.agency, timezone.now()) == []
