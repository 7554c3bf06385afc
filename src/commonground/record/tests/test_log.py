"""Every act is one entry of one log; what was published of it can never be unsaid."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from tests import given

from commonground.kit.refusals import Refused
from commonground.record.actions import THE_DESK, publish, reconcile, verify, witness
from commonground.record.actions.guarding import KEPT_AS
from commonground.record.engine import notes, tiles, tree
from commonground.record.models import Checkpoint, Entry, Head, Kept, Restored
from commonground.record.queries.log import last_checkpoint, log_key, proof_of, served

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    settings.RECORD_FOLDER = tmp_path
    return tmp_path


def write(n=1):
    channel = given.a_channel()
    return [witness("pause", channel, by=THE_DESK, reason="Hacked?") for _ in range(n)]


def an_older_copy(by=1):
    """As if yesterday's copy of the database had been put back: the newest entries are gone."""
    table = " ON commonground_record_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for trigger in ("entry_never_changes", "entry_never_goes"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{table}")
        last = Head.objects.get().count - by
        for table, column in [("entry", "number"), ("kept", "entry_id"), ("datakey", "entry_id")]:
            cursor.execute(f"DELETE FROM commonground_record_{table} WHERE {column} > {last}")  # noqa: S608
        for table in ("tile", "tree", "checkpoint"):
            cursor.execute(f"DELETE FROM commonground_record_{table}")  # noqa: S608
        cursor.execute(f"UPDATE commonground_record_head SET count = {last}")  # noqa: S608


def test_a_leaf_names_nobody_and_an_inner_act_not_even_what_was_done():
    member = given.a_member(name="Officer Reyes")
    entry = witness("invite", member, by=member, reason="New")
    said = json.loads(entry.leaf)
    assert said.keys() == {"v", "type", "at", "_sd", "_sd_alg"}
    assert (said["type"], len(said["at"])) == ("inner", len("2026-05-01T10:05Z"))
    assert int(said["at"][-3:-1]) % 5 == 0
    for word in (b"Reyes", b"invite", b"New", str(member.pk).encode()):
        assert word not in bytes(entry.leaf)


def test_what_the_public_saw_stands_in_clear_but_in_a_drill_nothing_does():
    post = given.a_post()
    said = json.loads(witness("finish", post, by=THE_DESK).leaf)
    assert (said["type"], said["role"]) == ("post.finish", "desk")
    post.agency.drill = True
    assert json.loads(witness("finish", post, by=THE_DESK).leaf)["type"] == "inner"


def test_the_database_alone_does_not_give_away_who_did_what():
    witness("invite", given.a_member(name="Officer Reyes"), by=THE_DESK, reason="Very secret")
    kept = bytes(Kept.objects.get().sealed)
    rows = repr([*Entry.objects.values(), kept])
    assert "Reyes" not in rows
    assert "secret" not in rows
    assert Entry.objects.get().detail == {"reason": "Very secret"}


def test_a_checkpoint_is_the_hash_over_all_that_was_written():
    entries = write(300)
    shown = publish()
    said = notes.opened(shown.note, log_key(1))
    made = tiles.grown(0, {}, [tree.leaf_hash(bytes(e.leaf)) for e in entries])
    assert said.root == tree.root(300, tiles.nodes(lambda *place: made[place]))
    assert said.origin == "localhost:8000/log/1"
    assert verify() is None


def test_nothing_new_means_no_new_checkpoint():
    write(2)
    assert publish() == publish()
    write()
    assert publish().size == 3
    assert Checkpoint.objects.count() == 2


def test_the_tiles_are_those_of_the_standard_and_no_more_than_was_published():
    entries = write(300)
    publish()
    write(5)
    assert len(served("0/000")) == 256 * 32
    assert served("0/001.p/44") == b"".join(tree.leaf_hash(bytes(e.leaf)) for e in entries[256:])
    assert len(served("1/000.p/1")) == 32
    for not_there in ("0/001.p/45", "0/001", "1/000", "2/000.p/1", "0/1", "x"):
        assert served(not_there) is None
    bundle = served("entries/000")
    assert bundle.startswith(len(entries[0].leaf).to_bytes(2) + bytes(entries[0].leaf))
    assert len(served("entries/001.p/44")) == sum(2 + len(e.leaf) for e in entries[256:])


def test_each_entry_has_a_proof_that_stands_alone_once_it_was_published():
    entries = write(5)
    assert proof_of(entries[0]) is None
    publish()
    for entry in entries:
        assert proof_of(entry).proves(bytes(entry.leaf), log_key(1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_writers_in_one_instant_neither_fork_the_log_nor_leave_a_gap():
    channel = given.a_channel()
    start = Barrier(8)

    def run(worker):
        start.wait(timeout=30)
        try:
            for n in range(12):
                try:
                    with transaction.atomic():
                        witness("pause", channel, by=THE_DESK, worker=worker, n=n)
                        if n % 4 == 3:
                            raise InterruptedError
                except InterruptedError:
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(run, range(8)))
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [
        *range(1, 8 * 9 + 1)
    ]
    publish()
    assert verify() is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_checkpoints_taken_while_others_write_follow_from_one_another():
    channel = given.a_channel()

    def run(worker):
        try:
            for _ in range(15):
                witness("pause", channel, by=THE_DESK)
                if worker == 0:
                    publish()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(run, range(4)))
    publish()
    assert last_checkpoint().size == 60
    assert verify() is None


def test_an_older_copy_of_the_database_refuses_to_write_and_to_publish(folder):
    write(5)
    publish()
    an_older_copy(by=2)
    with pytest.raises(Refused, match="5 entries were shown to the public and 3 are here"):
        publish()
    with pytest.raises(Refused, match="older than what was published"):
        write()
    assert (Entry.objects.count(), Checkpoint.objects.count()) == (3, 0)


def test_each_process_looks_before_it_writes_its_first_entry(folder, monkeypatch):
    write(5)
    publish()
    an_older_copy(by=2)
    monkeypatch.setattr("commonground.record.actions.guarding.FOUND_WHOLE", set())  # a new process
    with pytest.raises(Refused, match="older than what was published"):
        write()


def test_a_copy_that_caught_up_with_other_entries_is_found_out(folder):
    write(5)
    publish()
    an_older_copy(by=2)
    write(3)
    with pytest.raises(Refused, match="at least one differs"):
        publish()


def test_a_checkpoint_of_another_key_or_none_at_all_stops_the_record(folder, settings):
    write(2)
    publish()
    settings.SEAL_KEY = "another"
    with pytest.raises(Refused, match="not signed with this desk’s key"):
        publish()
    (folder / KEPT_AS).write_text("x")
    with pytest.raises(Refused, match="not signed"):
        publish()


def test_two_people_can_own_up_and_a_new_log_begins_with_the_loss(folder, capsys):
    write(5)
    lost = publish().note
    an_older_copy(by=2)
    with pytest.raises(Refused):
        publish()
    call_command("record", "reconcile")
    assert "/record/reconcile/" in capsys.readouterr().out
    told = {"reason": "Disk died; copy of 2 May", "by": "Ann Reyes"}
    with pytest.raises(Refused, match="two different people"):
        reconcile(**told, second="ann reyes ")
    assert reconcile(**told, second="Bo Diaz").epoch == 1

    told = Entry.objects.latest("number")
    assert (told.type, told.who) == ("record.reconcile", "Ann Reyes")
    assert told.detail["lost_checkpoint"] == lost
    assert Restored.objects.get().lost == lost
    said = notes.opened(publish().note, log_key(2))
    assert (said.origin, said.size) == ("localhost:8000/log/2", 4)
    write()
    assert publish().size == 5
    assert verify() is None


def test_nothing_is_reconciled_where_nothing_broke(folder):
    write(2)
    publish()
    with pytest.raises(CommandError, match="Nothing is to be reconciled"):
        call_command("record", "reconcile")
