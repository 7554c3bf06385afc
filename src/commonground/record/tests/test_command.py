"""`commonground record verify` says in words, and by its exit code, whether the record is whole."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from tests import given

from commonground.record.actions import publish, witness

pytestmark = pytest.mark.django_db


def write_some(n=5):
    member = given.a_member()
    for _ in range(n):
        witness("invite", member, by=member)


def tamper(statement):
    """As somebody could who owns the database: the guards are theirs to remove."""
    with connection.cursor() as cursor:
        table = " ON commonground_record_entry" if connection.vendor == "postgresql" else ""
        for trigger in ("entry_never_changes", "entry_never_goes", "entry_never_replaced"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{table}")
        cursor.execute(statement)


def test_an_untouched_record_is_whole(capsys):
    write_some()

    call_command("record", "verify")

    assert "The record is whole: 5 entries" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("harm", "at"),
    [
        ("UPDATE commonground_record_entry SET subject = 'post:1' WHERE number = 3", 3),
        ("UPDATE commonground_record_entry SET type = 'post.finish' WHERE number = 3", 3),
        (
            "UPDATE commonground_record_entry SET digest = "
            "replace(replace(digest, '0', '1'), 'a', 'b') WHERE number = 4",
            4,
        ),
        ("DELETE FROM commonground_record_kept WHERE entry_id = 2", 2),
        ("DELETE FROM commonground_record_datakey WHERE entry_id = 2", 2),
        (
            "UPDATE commonground_record_kept SET sealed = "
            "(SELECT sealed FROM commonground_record_kept WHERE entry_id = 2) WHERE entry_id = 3",
            3,
        ),
        ("UPDATE commonground_record_tile SET hashes = substr(hashes, 1, 32)", 5),
        ("UPDATE commonground_record_checkpoint SET note = replace(note, '5', '6')", 5),
        ("UPDATE commonground_record_entry SET verb = 'approve' WHERE number = 1", 1),
        ("DELETE FROM commonground_record_entry WHERE number = 2", 2),
        ("DELETE FROM commonground_record_entry WHERE number = 5", 5),
        ("UPDATE commonground_record_entry SET number = 9 WHERE number = 4", 4),
        ("UPDATE commonground_record_head SET count = 4", 5),
        ("DELETE FROM commonground_record_head", 1),
        ("UPDATE commonground_record_head SET count = 2", 3),
    ],
)
def test_whatever_was_done_to_it_shows_and_says_where(capsys, harm, at):
    write_some()
    publish()
    tamper(harm)

    with pytest.raises(SystemExit) as ended:
        call_command("record", "verify", "--json")

    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert (told["verified"], told["broken_at"]) == (False, at)
