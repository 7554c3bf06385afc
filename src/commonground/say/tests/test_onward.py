"""What stands on our fediverse account goes on to its followers, unless everything is stopped."""

import pytest
from tests import given

from commonground.channels.networks.fediverse.people import MEMORY
from commonground.channels.networks.fediverse.tests.elsewhere import an_activity, elsewhere, tell
from commonground.channels.networks.fediverse.tests.world import a_note, actor_of, an_account
from commonground.protect.models import Hold
from commonground.say.tasks.onward import carry_onward

pytestmark = pytest.mark.django_db


def test_a_hold_stops_what_is_on_its_way_to_followers():
    MEMORY.forget()
    with elsewhere() as there:
        there.person("ana")
        account = an_account()
        agency = actor_of(account).channel.agency
        tell(an_activity("Follow", there.at(), actor_of(account).id_url))
        carry_onward()
        a_note(account)
        hold = Hold.objects.create(agency=agency, reason="Hacked?", by=given.a_member())
        carry_onward()
        assert [said["type"] for said in there.delivered] == ["Accept"]

        hold.delete()
        carry_onward()
        assert [said["type"] for said in there.delivered] == ["Accept", "Create"]
