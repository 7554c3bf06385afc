"""A joint desk that ends while somebody says something there; two yeses with one moment."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import connection, transaction
from tests import given

from commonground.kit.refusals import MovedOn, Refused
from commonground.spot.actions import joint as actions
from commonground.spot.models import Shown, Spokesperson
from commonground.spot.tests.together import (
    a_shared_moment,
    an_invitation,
    desk_for,
    someone,
)

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


def test_one_moment_sits_at_one_desk_however_many_say_yes_with_it_at_once():
    one = an_invitation()
    other = an_invitation(to=one.agency)
    own = given.a_moment(agency=one.agency)
    first, second = someone(one.agency), someone(one.agency)
    with ThreadPoolExecutor(1) as hands:
        with transaction.atomic():
            actions.accept(one, own=own, shows=Shown.IN_REVIEW, by=first)
            late = hands.submit(
                apart, lambda: actions.accept(other, own=own, shows=Shown.IN_REVIEW, by=second)
            )
            sleep(0.5)
            assert not late.done()
        with pytest.raises(Refused, match="desk"):
            late.result(30)
