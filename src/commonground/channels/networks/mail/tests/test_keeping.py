"""Of whom the list knows no more than it must, and not for long."""

import pytest
from django.db import connection
from tests import given

from commonground.channels.networks.mail import addresses
from commonground.channels.networks.mail.models import Recipient, Subscriber
from commonground.channels.networks.mail.sending import send_some, tidy_up
from commonground.channels.networks.mail.tests.world import (
    ANA,
    a_letter,
    a_list,
    a_reader,
    fates,
    later,
)

pytestmark = pytest.mark.django_db


def test_a_list_that_is_closed_for_good_forgets_its_readers(channel, readers):
    other = a_reader(a_list(agency=channel.agency, name="Other"), ANA)
    type(channel).objects.filter(pk=channel.pk).update(state="closed")
    tidy_up()

    assert [s.pk for s in Subscriber.objects.all()] == [other.pk]


def test_after_thirty_days_only_numbers_are_left(server, channel, readers):
    letter = a_letter(channel)
    send_some()
    with later(days=31):
        tidy_up()
        tidy_up()

    assert not Recipient.objects.exists()
    letter.refresh_from_db()
    assert fates(letter) == {"taken": 3}


def test_no_address_stands_in_the_database_in_clear(channel):
    reader = a_reader(channel, ANA)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM commonground_mail_subscriber")
        row = " ".join(map(str, cursor.fetchone()))

    assert "ana" not in row
    assert "people.example" not in row
    assert Subscriber.objects.get().address == ANA
    assert ANA not in repr(reader)
    assert addresses.person(channel.pk, ANA) != addresses.person(given.an_agency().pk, ANA)


@pytest.mark.parametrize("typed", ["weiß@people.example", "\u212aim@people.example"])
def test_nobody_is_written_to_whose_name_only_looks_like_what_was_typed(typed):
    with pytest.raises(addresses.NoAddress):
        addresses.normal(typed)
