"""The database refuses to change the record, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from commonground.record.actions import verify, witness
from commonground.record.models import Entry, Head
from tests import given

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("harm", ["update", "delete"])
def test_an_entry_can_be_neither_changed_nor_removed(harm):
    member = given.a_member()
    witness("invite", member, by=member)
    entries = Entry.objects.filter(number=1)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        entries.update(verb="approve") if harm == "update" else entries.delete()

    assert verify() is None


PAST_THE_ROWS = {
    "postgresql": "TRUNCATE commonground_record_entry",
    "sqlite": """INSERT OR REPLACE INTO commonground_record_entry
        (number, at, agency, verb, subject, type, leaf, digest)
        VALUES (1, '2026-01-01', '', 'approve', 'post:1', 'inner', x'00', 'new')""",
}


def test_what_passes_by_a_guard_of_rows_is_refused_too():
    member = given.a_member()
    witness("invite", member, by=member)

    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(PAST_THE_ROWS[connection.vendor])

    assert verify() is None


def test_a_shortened_record_is_noticed():
    member = given.a_member()
    witness("invite", member, by=member)
    Head.objects.update(count=2)

    assert "2 entries were written and 1 are here" in verify().why
