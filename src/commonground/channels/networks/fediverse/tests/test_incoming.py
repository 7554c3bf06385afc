"""What other servers may tell us, and what we keep of it."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from commonground.channels.networks.fediverse import people
from commonground.channels.networks.fediverse.models import (
    Follower,
    HeardActivity,
    Parcel,
    Reply,
    forget_the_old,
)
from commonground.channels.networks.fediverse.people import MEMORY
from commonground.channels.networks.fediverse.tests.elsewhere import (
    SIGN,
    a_reply,
    an_activity,
    elsewhere,
    tell,
)
from commonground.channels.networks.fediverse.tests.world import a_note

pytestmark = pytest.mark.django_db
styles = pytest.mark.parametrize("style", SIGN)


def follow(there, home, name="ana", **how):
    return tell(an_activity("Follow", there.at(name), home), name=name, **how)


@styles
@pytest.mark.parametrize("inbox", ["riverside/inbox", "shared-inbox"])
def test_whoever_asks_follows_and_hears_that_they_do(there, home, style, inbox):
    answer = follow(there, home, style=style, inbox=inbox)

    assert answer.status_code == 202, answer.content
    parcel = Parcel.objects.get()
    assert parcel.inbox.at == f"{there.url}/inbox"
    said = parcel.activity.body
    assert (said["type"], said["object"]["actor"], said["object"]["object"]) == (
        "Accept", there.at(), home,
    )  # fmt: skip
    assert Follower.objects.get().who["id"] == there.at()


def test_where_there_is_no_shared_inbox_their_own_is_used(there, home):
    there.person("ana", shared=False)
    follow(there, home)

    assert Parcel.objects.get().inbox.at == f"{there.at()}/inbox"


def test_two_followers_of_one_server_share_a_door(there, home, account):
    there.person("ben")
    follow(there, home)
    follow(there, home, "ben")
    Parcel.objects.all().delete()

    a_note(account)

    assert Follower.objects.count() == 2
    assert Parcel.objects.count() == 1


def test_nobody_who_reads_the_database_learns_who_follows(there, home, account):
    note = a_note(account)
    follow(there, home)
    tell(an_activity("Create", there.at(), a_reply(there.at(), note.id_url, "My secret words")))
    shown = []
    with connection.cursor() as cursor:
        for table in ("follower", "inbox", "activity", "parcel", "reply", "heardactivity"):
            cursor.execute(f"SELECT * FROM commonground_fediverse_{table}")  # noqa: S608
            shown.append(json.dumps(cursor.fetchall(), default=str))

    assert Reply.objects.count() == Follower.objects.count() == 1
    assert "users/ana" not in "".join(shown)
    assert "secret" not in "".join(shown)


@styles
@pytest.mark.parametrize("how", ["whole", "named"])
def test_whoever_takes_it_back_does_not_hear_from_us_any_more(there, home, style, how):
    follow(there, home)
    asked = an_activity("Follow", there.at(), home)
    thing = asked if how == "whole" else asked["id"]

    assert tell(an_activity("Undo", there.at(), thing), style=style).status_code == 202
    assert not Follower.objects.exists()


def test_whoever_blocks_us_does_not_hear_from_us_any_more(there, home):
    follow(there, home)
    tell(an_activity("Block", there.at(), home))

    assert not Follower.objects.exists()


def test_nobody_can_unfollow_for_somebody_else(there, home):
    there.person("mallory")
    follow(there, home)
    theirs = an_activity("Follow", there.at(), home)

    tell(an_activity("Undo", there.at("mallory"), theirs), name="mallory")

    assert Follower.objects.count() == 1


def test_an_account_that_is_deleted_takes_all_of_it_along(there, home, account):
    note = a_note(account)
    follow(there, home)
    tell(an_activity("Create", there.at(), a_reply(there.at(), note.id_url)))
    assert Reply.objects.count() == 1

    assert tell(an_activity("Delete", there.at(), there.at())).status_code == 202
    assert not Follower.objects.exists()
    assert not Reply.objects.exists()


@pytest.mark.parametrize("key", ["/no-such-key#main-key", "/users/nobody#main-key"])
def test_a_key_that_is_not_there_does_not_prove_that_its_owner_is_gone(there, asked, key):
    """Anybody can invent a key on somebody else's server. Only the account itself can be gone."""
    tell(asked)
    forged = an_activity("Delete", there.at(), there.at())

    assert tell(forged, name="mallory", key_id=f"{there.url}{key}").status_code == 401
    assert Follower.objects.count() == 1


def test_an_account_that_left_a_stone_in_its_place_is_gone(there, home, asked):
    tell(asked)
    MEMORY.forget()
    there.serve("/users/ana", {"id": there.at(), "type": "Tombstone"})
    key_id = f"{there.url}/keys/1"  # that of an account which is gone is gone with it

    tell(an_activity("Delete", there.at(), there.at()), key_id=key_id)
    assert not Follower.objects.exists()


def test_whoever_cannot_sign_makes_us_forget_no_key(there, asked):
    """Or else thirty forged changes a minute keep a whole server's people from reaching us."""
    tell(asked)
    there.asked.clear()
    forged = an_activity("Update", there.at(), there.at())
    for _ in range(3):
        assert tell(forged, name="mallory").status_code == 401

    assert there.looked_up == []


def test_an_account_whose_server_says_that_it_is_gone_is_gone(there, home):
    """Its key went with it: that its own server says so is all the proof there can be."""
    follow(there, home)
    MEMORY.forget()
    there.serve("/users/ana", {"id": there.at(), "type": "Tombstone"}, status=410)

    assert tell(an_activity("Delete", there.at(), there.at())).status_code == 202
    assert not Follower.objects.exists()


def test_the_deletion_of_somebody_we_never_heard_of_costs_nobody_anything(there, home):
    answer = tell(an_activity("Delete", there.at("ghost"), there.at("ghost")), name="ghost")

    assert answer.status_code == 202
    assert there.asked == []
    assert not HeardActivity.objects.exists()


@styles
def test_a_reply_is_kept_for_whoever_will_answer(there, account, style):
    note = a_note(account)
    text = '<p>When does <a href="https://x.example">it</a> open?</p><p>5 &lt; 6<br>\u202eBye</p>'
    said = a_reply(there.at(), note.id_url, text)

    assert tell(an_activity("Create", there.at(), said), style=style).status_code == 202

    kept = note.replies.get().said
    assert kept["text"] == "When does it open?\n5 < 6\nBye"
    assert kept["handle"] == f"@ana@{there.url.removeprefix('http://')}"
    assert kept["public"] is True


def test_a_reply_that_is_for_us_alone_says_so(there, account):
    note = a_note(account)
    said = a_reply(there.at(), note.id_url, to=[note.actor.id_url])
    tell(an_activity("Create", there.at(), said))

    assert note.replies.get().said["public"] is False


def test_what_is_no_reply_to_us_is_not_kept_and_nobody_is_asked(there, account):
    note = a_note(account)
    for n, to in enumerate(["", "https://x.example/1", f"{note.id_url}x", note.actor.id_url]):
        said = a_reply(there.at(), to, n=n)
        assert tell(an_activity("Create", there.at(), said, n=n)).status_code == 202
    for kind in ("Like", "Announce", "Move", "Flag"):
        assert tell(an_activity(kind, there.at(), note.id_url)).status_code == 202

    assert not Reply.objects.exists()
    assert there.asked == []


def test_a_reply_changes_when_its_author_changes_it(there, account):
    note = a_note(account)
    tell(an_activity("Create", there.at(), a_reply(there.at(), note.id_url)))
    tell(an_activity("Update", there.at(), a_reply(there.at(), note.id_url, "Thanks.")))

    assert note.replies.get().said["text"] == "Thanks."


@pytest.mark.parametrize("whole", [True, False])
def test_a_reply_goes_when_its_author_deletes_it(there, account, whole):
    note = a_note(account)
    said = a_reply(there.at(), note.id_url)
    tell(an_activity("Create", there.at(), said))
    gone = {"id": said["id"], "type": "Tombstone"} if whole else said["id"]

    tell(an_activity("Delete", there.at(), gone))

    assert not Reply.objects.exists()


def test_nobody_else_can_change_or_delete_a_reply(there, account):
    there.person("mallory")
    note = a_note(account)
    said = a_reply(there.at(), note.id_url)
    tell(an_activity("Create", there.at(), said))
    for kind, thing in (("Delete", said["id"]), ("Update", {**said, "content": "Forged"})):
        tell(an_activity(kind, there.at("mallory"), thing), name="mallory")
        with elsewhere() as other:
            other.person("mallory")
            tell(an_activity(kind, other.at("mallory"), thing), name="mallory")

    assert note.replies.get().said["text"] == "When does it open?"


def test_replies_are_kept_for_ninety_days(there, account):
    note = a_note(account)
    tell(an_activity("Create", there.at(), a_reply(there.at(), note.id_url)))

    forget_the_old(timezone.now() + timedelta(days=89))
    assert Reply.objects.exists()
    forget_the_old(timezone.now() + timedelta(days=91))
    assert not Reply.objects.exists()
    assert not HeardActivity.objects.exists()


def test_somebody_who_moved_to_another_door_is_reached_there(there, home):
    follow(there, home)
    there.person("ana", shared=False)
    tell(an_activity("Update", there.at(), there.person("ana", shared=False)))

    assert Follower.objects.get().inbox.at == f"{there.at()}/inbox"


def test_a_new_key_is_read_when_the_old_one_does_not_match(there, home):
    follow(there, home)
    whole, other = there.person("ana"), there.person("other")
    new = whole["publicKey"] | {"publicKeyPem": other["publicKey"]["publicKeyPem"]}
    there.serve("/users/ana", {**whole, "publicKey": new})
    back = an_activity("Undo", there.at(), an_activity("Follow", there.at(), home))

    assert tell(back, name="other").status_code == 401  # read a moment ago: not yet
    key_id = whole["publicKey"]["id"]
    at, person = MEMORY.known[key_id]
    MEMORY.known[key_id] = (at - people.FRESH - 1, person)
    assert tell(back, name="other").status_code == 202


def test_a_server_that_speaks_only_to_those_it_knows_is_told_who_asks(there, home):
    there.serve("/users/ana", b"Sign.", status=401, kind="text/plain")

    assert follow(there, home).status_code == 503
    first, second = there.asked
    assert "signature" not in first[2]
    assert f'keyId="{home}#main-key"' in second[2]["signature"]


@styles
def test_a_repeated_request_does_nothing_the_second_time(there, home, style):
    for _ in range(2):
        assert follow(there, home, style=style).status_code == 202

    assert (Follower.objects.count(), Parcel.objects.count()) == (1, 1)
    Follower.objects.all().delete()
    assert b"already" in follow(there, home, style=style).content
    assert not Follower.objects.exists()


def test_one_id_never_says_two_things(there, home, account):
    note = a_note(account)
    follow(there, home)
    other = an_activity("Create", there.at(), a_reply(there.at(), note.id_url))
    other["id"] = an_activity("Follow", there.at(), home)["id"]

    assert tell(other).status_code == 409
    assert not Reply.objects.exists()
