"""What is on its way to followers arrives, once, signed, in order; or is given up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from tests import given

from commonground.channels.networks.fediverse import carrying
from commonground.channels.networks.fediverse.carrying import bid_farewell, carry_due
from commonground.channels.networks.fediverse.models import (
    Activity,
    Actor,
    Follower,
    Inbox,
    Note,
    Parcel,
)
from commonground.channels.networks.fediverse.signatures import Request, claim_of
from commonground.channels.networks.fediverse.tests.elsewhere import an_activity, elsewhere, tell
from commonground.channels.networks.fediverse.tests.world import (
    a_note,
    actor_of,
    an_account,
    change_channel,
)

pytestmark = pytest.mark.django_db


def nobody_stopped(_agency):
    return False


@pytest.fixture
def followed(there, account):
    """The account, followed by ana from there, who has heard our yes."""
    tell(an_activity("Follow", there.at(), actor_of(account).id_url))
    carry_due(nobody_stopped)
    there.asked.clear()
    return account


def later(**much):
    return time_machine.travel(timezone.now() + timedelta(**much), tick=False)


def kinds(there):
    return [said["type"] for said in there.delivered]


def test_a_note_is_delivered_with_a_signature_that_holds(there, followed):
    note = a_note(followed)

    carry_due(nobody_stopped)

    ((_, path, headers, body),) = there.asked
    assert path == "/inbox"
    claim = claim_of(Request("POST", f"{there.url}/inbox", headers, body), timezone.now())
    claim.check(actor_of(followed).public_key)
    assert claim.key_id == actor_of(followed).key_id
    (said,) = there.delivered
    assert (said["type"], said["object"]["id"]) == ("Create", note.id_url)
    assert not Parcel.objects.exists()


def test_whoever_does_not_believe_the_new_signature_gets_the_old_one(there, followed):
    there.answers = [401, 202]
    a_note(followed)
    carry_due(nobody_stopped)
    a_note(followed)
    carry_due(nobody_stopped)

    new, old, remembered = [headers for _, _, headers, _ in there.asked]
    assert ("signature-input" in new, "digest" in new) == (True, False)
    assert ("signature-input" in old, "digest" in old) == (False, True)
    assert "signature-input" not in remembered  # it is known now, and knocked at once
    claim = claim_of(Request("POST", f"{there.url}/inbox", old, there.asked[1][3]), timezone.now())
    claim.check(actor_of(followed).public_key)


def test_after_a_month_the_new_signature_is_tried_again(there, followed):
    there.answers = [401, 202]
    a_note(followed)
    carry_due(nobody_stopped)
    there.asked.clear()
    with later(days=31):
        a_note(followed)
        carry_due(nobody_stopped)

    assert "signature-input" in there.asked[0][2]


def test_two_doors_of_one_host_learn_from_each_other(there, followed):
    there.person("ben", shared=False)
    tell(an_activity("Follow", there.at("ben"), actor_of(followed).id_url), name="ben")
    there.answers = [401, 202]
    carry_due(nobody_stopped)
    there.asked.clear()
    a_note(followed)
    carry_due(nobody_stopped)

    assert ["signature-input" in h for _, _, h, _ in there.asked] == [False, False]


@pytest.mark.parametrize("status", [500, 503, 429, 404 + 4])
def test_a_server_in_trouble_is_asked_again_ever_more_rarely(there, followed, status):
    there.answers = [status, status]
    a_note(followed)
    carry_due(nobody_stopped)
    carry_due(nobody_stopped)
    assert len(there.asked) == 1
    with later(minutes=2):
        carry_due(nobody_stopped)
        carry_due(nobody_stopped)
        assert len(there.asked) == 2
        with later(minutes=2):
            carry_due(nobody_stopped)
            assert len(there.asked) == 2
    with later(minutes=10):
        carry_due(nobody_stopped)
    assert kinds(there) == ["Create"] * 3
    assert not Parcel.objects.exists()


@pytest.mark.parametrize("status", [403, 404, 405, 422])
def test_a_refusal_is_final_for_what_was_refused_alone(there, followed, status):
    there.answers = [status]
    a_note(followed)
    carry_due(nobody_stopped)
    assert not Parcel.objects.exists()
    a_note(followed)
    carry_due(nobody_stopped)

    assert len(there.delivered) == 2
    assert Follower.objects.count() == 1


def test_a_door_that_is_gone_takes_its_followers_along(there, followed):
    there.answers = [410]
    a_note(followed)
    carry_due(nobody_stopped)

    assert not Follower.objects.exists()
    assert not Parcel.objects.exists()
    assert not Inbox.objects.exists()


def test_a_door_that_nobody_opened_for_weeks_is_gone(there, followed):
    for day in range(25):
        with later(days=day):
            there.answers = [500] * 9
            if day % 5 == 0:
                a_note(followed)
            carry_due(nobody_stopped)
            if day < 10:
                assert Follower.objects.exists()

    assert not Follower.objects.exists()
    assert not Parcel.objects.exists()


def test_one_success_and_all_that_waits_goes(there, followed):
    there.answers = [500, 500]
    a_note(followed, "One.")
    carry_due(nobody_stopped)
    with later(minutes=2):
        carry_due(nobody_stopped)
        a_note(followed, "Two.")
        carry_due(nobody_stopped)
        carry_due(nobody_stopped)

    assert not Parcel.objects.exists()
    assert there.delivered[-1]["object"]["content"] == "<p>One.</p>"


def test_a_note_that_is_taken_back_is_deleted_there(there, followed):
    note = a_note(followed)
    carry_due(nobody_stopped)
    followed.withdraw(note.receipt)
    followed.withdraw(note.receipt)
    carry_due(nobody_stopped)

    create, delete = there.delivered
    assert (delete["type"], delete["object"]["type"]) == ("Delete", "Tombstone")
    assert delete["object"]["id"] == create["object"]["id"]


def test_what_was_taken_back_before_it_left_never_leaves(there, followed):
    note = a_note(followed)
    followed.withdraw(note.receipt)
    carry_due(nobody_stopped)

    assert kinds(there) == ["Delete"]


def test_no_door_hears_that_a_note_is_gone_before_it_heard_of_the_note(there, followed):
    """The note may be on the wire this second. Were it to arrive last, it would stay."""
    note = a_note(followed)
    parcel = Parcel.objects.get()
    assert carrying.taken_in_hand(parcel, timezone.now())
    followed.withdraw(note.receipt)

    assert carry_due(nobody_stopped) == 0
    with later(minutes=2):  # whoever held it has died
        carry_due(nobody_stopped)
        carry_due(nobody_stopped)

    assert kinds(there) == ["Delete"]


def test_a_worker_that_dies_leaves_its_parcel_to_another(there, followed):
    a_note(followed)
    assert carrying.claimed(nobody_stopped)
    assert carry_due(nobody_stopped) == 0
    with later(seconds=61):
        carry_due(nobody_stopped)

    assert kinds(there) == ["Create"]


def test_while_everything_is_stopped_only_what_takes_back_goes(there, followed):
    gone = a_note(followed, "Wrong.")
    carry_due(nobody_stopped)
    there.asked.clear()
    a_note(followed, "New.")
    followed.withdraw(gone.receipt)

    carry_due(lambda agency: True)
    assert kinds(there) == ["Delete"]
    carry_due(nobody_stopped)
    assert kinds(there) == ["Delete", "Create"]


def test_whoever_stops_everything_is_heard_right_before_the_first_byte(there, followed):
    a_note(followed)
    parcel = carrying.claimed(nobody_stopped)
    carrying.carry(parcel, lambda agency: True)

    assert there.asked == []
    carry_due(nobody_stopped)
    assert kinds(there) == ["Create"]


def test_what_is_stopped_does_not_stand_in_the_way_of_others(there, followed):
    other = an_account("other", agency=actor_of(followed).channel.agency)
    tell(an_activity("Follow", there.at(), actor_of(other).id_url, n=2), inbox="other/inbox")
    change_channel(other, agency=given.an_agency())  # it was followed before it was another's
    carry_due(nobody_stopped)
    there.asked.clear()
    for n in range(25):
        a_note(followed, f"Note {n}.")
    a_note(other, "Now.")

    stopped = actor_of(followed).channel.agency_id
    carry_due(lambda agency: agency == stopped)

    assert [said["object"]["content"] for said in there.delivered] == ["<p>Now.</p>"]


def test_a_paused_account_says_nothing_until_it_is_resumed(there, followed):
    a_note(followed)
    change_channel(followed, state="paused")
    assert carry_due(nobody_stopped) == 0
    change_channel(followed, state="ready")
    carry_due(nobody_stopped)

    assert kinds(there) == ["Create"]


def test_an_account_that_is_closed_says_so_and_forgets_its_key_and_followers(there, followed):
    a_note(followed)
    change_channel(followed, state="closed")
    bid_farewell()
    carry_due(nobody_stopped)
    bid_farewell()

    (said,) = there.delivered
    assert (said["type"], said["object"]) == ("Delete", actor_of(followed).id_url)
    assert Actor.objects.get().private_key == {}
    assert not Follower.objects.exists()
    assert Note.objects.count() == 1
    bid_farewell()
    assert Activity.objects.filter(kind="Delete").count() == 1


def test_what_changes_about_us_is_told_once(there, followed):
    followed.prove()
    assert not Parcel.objects.exists()
    change_channel(followed, purpose="Roads and the harbour")
    followed.prove()
    followed.prove()
    carry_due(nobody_stopped)

    (said,) = there.delivered
    assert (said["type"], said["object"]["summary"]) == ("Update", "<p>Roads and the harbour</p>")


def test_a_door_in_our_own_network_is_not_knocked_at(there, followed, settings):
    a_note(followed)
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    carry_due(nobody_stopped)

    assert there.asked == []
    assert Parcel.objects.get().trouble


def test_a_redirect_is_not_followed(there, followed):
    with elsewhere() as other:
        there.answers = [307]
        a_note(followed)
        carry_due(nobody_stopped)
        assert other.asked == []
    assert Parcel.objects.count() == 1


def test_a_server_that_hangs_takes_two_carriers_at_most(there, followed):
    for name in ("ben", "cleo", "dan"):
        there.person(name, shared=False)
        tell(an_activity("Follow", there.at(name), actor_of(followed).id_url), name=name)
    with elsewhere() as other:
        other.person("eva")
        tell(an_activity("Follow", other.at("eva"), actor_of(followed).id_url), name="eva")
        held = [carrying.claimed(nobody_stopped) for _ in range(4)]

    assert [parcel and parcel.inbox.host for parcel in held] == [
        *[there.url.removeprefix("http://")] * 2, other.url.removeprefix("http://"), None,
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_many_carriers_deliver_each_parcel_once(there, followed):
    for n in range(12):
        a_note(followed, f"Note {n}.")
    ready = threading.Barrier(4)

    def carriers(_):
        try:
            ready.wait()
            for _ in range(40):
                carry_due(nobody_stopped)
        finally:
            BaseDatabaseWrapper.close(connection)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(carriers, range(4)))

    assert len(there.delivered) == 12
    assert len({said["id"] for said in there.delivered}) == 12
