"""A joint desk that ends while somebody says something there."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import connection, transaction

from commonground.kit.refusals import MovedOn
from commonground.spot.actions import joint as actions
from commonground.spot.models import Spokesperson
from commonground.spot.tests.together import a_shared_moment, desk_for, someone

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
]


def apart(act):
    """In a thread of its own, whose line to the database ends with it."""
    try:
        return act()
    finally:
        connection.close()


def test_a_subject_taken_while_the_desk_ends_is_nobodys_afterwards():
    """It ends after whoever was let in has written: else a name that nobody sees would keep the
    subject for ever."""
    partner = a_shared_moment()
    guest, host = someone(partner.agency), someone(partner.moment.agency)
    desk = desk_for(guest.agency, partner)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            actions.ours(guest.agency, partner.moment_id)
            ending = other.submit(apart, lambda: actions.end_sharing(partner, by=host))
            sleep(0.5)
            assert not ending.done()
            actions.speak_on(desk, subject="Roads", who="Bell", by=guest)
        ending.result(30)
    assert not Spokesperson.objects.exists()
    with pytest.raises(MovedOn):
        actions.add_fact(desk, text="5 people hurt", by=guest)
