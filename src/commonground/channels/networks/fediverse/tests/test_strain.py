"""Much to carry, doors that are slow, and everything stopped: what matters goes first."""

import pytest
from django.utils import timezone

from commonground.channels.networks.fediverse.adapter import NETWORK
from commonground.channels.networks.fediverse.carrying import carry_due
from commonground.channels.networks.fediverse.models import Activity, Inbox, Parcel
from commonground.channels.networks.fediverse.tests.elsewhere import an_activity, elsewhere, tell
from commonground.channels.networks.fediverse.tests.world import a_note, actor_of

pytestmark = pytest.mark.django_db


def nobody_stopped(_agency):
    return False


def everybody_stopped(_agency):
    return True


def follow(account, there, n=1):
    tell(an_activity("Follow", there.at(), actor_of(account).id_url, n=n))
    carry_due(nobody_stopped)
    there.asked.clear()


def kinds(there):
    return [said["type"] for said in there.delivered]


def many_doors(account, n):
    """Parcels of the newest note for so many doors elsewhere."""
    doors = Inbox.objects.bulk_create(
        Inbox(mark=f"door {i}", url={"at": f"https://h{i}.example/inbox"}, host=f"h{i}.example:443")
        for i in range(n)
    )
    activity = Activity.objects.latest("pk")
    Parcel.objects.bulk_create(Parcel(activity=activity, inbox=door) for door in doors)


def test_what_takes_back_stands_in_no_queue_behind_what_is_stopped(there, account):
    follow(account, there)
    wrong = a_note(account, "Wrong.")
    carry_due(nobody_stopped)
    there.asked.clear()
    a_note(account, "New.")
    many_doors(account, 250)
    account.withdraw(wrong.receipt)

    carry_due(everybody_stopped)

    assert kinds(there) == ["Delete"]


def test_what_a_door_may_have_got_is_taken_back_without_waiting_for_the_next_try(there, account):
    """The answer was lost, the words may stand there: no pause of hours is before their end."""
    follow(account, there)
    there.answers = [500]
    note = a_note(account, "Wrong.")
    carry_due(nobody_stopped)
    account.withdraw(note.receipt)

    carry_due(nobody_stopped)

    assert kinds(there) == ["Create", "Delete"]


def test_a_door_that_is_slow_waits_for_the_quick_ones(there, account):
    with elsewhere() as slow:
        slow.person("ana")
        slow.takes = 1.1
        follow(account, slow)
        follow(account, there)
        a_note(account)
        began = timezone.now()
        carry_due(nobody_stopped)

    first, last = Inbox.objects.order_by("pace")
    assert (first.host, last.host) == tuple(h.url.removeprefix("http://") for h in (there, slow))
    assert (first.pace, last.pace) == (0, 1)
    assert kinds(there) == kinds(slow) == ["Create"]
    a_note(account, "Next.")
    waiting = Parcel.objects.due(began.replace(year=2100))
    assert waiting.first().inbox.host == first.host


def test_what_servers_of_followers_did_with_a_note_is_told_on_the_desk(there, account):
    follow(account, there)
    note = a_note(account)
    assert NETWORK.told(note.key) == "servers of followers still to hear of it: 1."
    there.answers = [500]
    carry_due(nobody_stopped)
    assert NETWORK.told(note.key) == "do not answer now, and are asked again: 1."
    there.answers = [403]
    other = a_note(account, "Next.")
    carry_due(nobody_stopped)

    assert NETWORK.told(other.key) == "refused it: 1."
    assert NETWORK.told("234567abcdefg") == ""
