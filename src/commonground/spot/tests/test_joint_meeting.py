"""Where several joint desks, or several guests, meet; and pages that were open when one ended."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, Refused
from commonground.spot import actions as moments
from commonground.spot.actions import joint as actions
from commonground.spot.models import Moment, Partner, Shown
from commonground.spot.queries import joint as queries
from commonground.spot.tests.together import (
    a_fact,
    a_shared_moment,
    an_invitation,
    desk_for,
    someone,
    verbs_of,
)

pytestmark = pytest.mark.django_db


def test_a_moment_is_at_one_desk_only_or_one_desk_would_show_what_is_shared_at_the_other():
    partner = a_shared_moment()
    again = an_invitation(to=partner.agency)
    by = someone(partner.agency)
    with pytest.raises(Refused, match="another desk"):
        actions.accept(again, own=partner.own_moment, shows=Shown.PUBLISHED, by=by)
    assert partner.own_moment not in queries.own_open_moments(partner.agency)
    accepted = {"state": "standing", "own_moment": partner.own_moment, "since": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.filter(pk=again.pk).update(**accepted)


def test_of_the_words_that_were_overheard_the_guest_gets_none():
    moment = given.a_moment(label="Fire", why="smoke at the mill", terms=["smoke", "mill"])
    own = a_shared_moment(moment).own_moment
    assert (own.label, own.why, own.terms) == ("Fire", "", [])


def test_what_nobody_at_the_desk_speaks_on_can_be_taken_however_the_last_one_ended():
    partner = a_shared_moment()
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    actions.speak_on(desk_for(guest.agency, partner), subject="Roads", who="Bell", by=guest)
    moments.act(partner.moment, did="We told people.", by=host)
    moment = moments.reopen(Moment.objects.get(pk=partner.moment_id), by=host)
    third = a_shared_moment(moment)
    desk = desk_for(third.agency, third)
    actions.speak_on(desk, subject="roads", who="Ann", by=someone(third.agency))
    assert [row.who for row in queries.spokespeople_of(desk)] == ["Ann"]


def test_whoever_sits_there_has_on_their_record_who_came_and_who_left():
    partner = a_shared_moment()
    third = a_shared_moment(partner.moment)
    assert verbs_of(partner.agency).count("accept") == 2
    actions.end_sharing(third, by=someone(third.agency))
    assert verbs_of(partner.agency)[-1] == "end_sharing"
    fourth = a_shared_moment(partner.moment)
    moments.act(fourth.own_moment, did="We told people.", by=someone(fourth.agency))
    assert verbs_of(partner.agency)[-1] == "end_with_moment"
    asked = an_invitation(partner.moment)  # who is only asked, a guest does not see
    actions.turn_down(asked, by=someone(asked.agency))
    assert "turn_down" not in verbs_of(partner.agency)


@pytest.mark.parametrize("side", ["host", "guest"])
def test_whoever_typed_while_it_ended_is_told_so_and_not_that_there_is_nothing(client, side):
    partner = a_shared_moment()
    fact = a_fact(partner, by=someone(partner.agency))
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    actions.end_sharing(partner, by=host)
    client.force_login(host if side == "host" else guest)
    told = client.post(reverse("spot:add_fact", args=[partner.moment_id]), {"text": "5 hurt"})
    assert (told.status_code, b"told to nobody" in told.content) == (409, True)
    for name in ("spot:end_sharing", "spot:choose_shown"):
        told = client.post(reverse(name, args=[partner.pk]))
        assert (told.status_code, b"share nothing with" in told.content) == (409, True)
    with pytest.raises(MovedOn, match="Tell them yourselves"):
        actions.take_back_fact(fact, by=guest)


def test_an_invitation_that_was_taken_back_says_so_to_whoever_answers_it(client):
    partner = an_invitation()
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    actions.call_off(partner, by=host)
    client.force_login(guest)
    for name in ("spot:accept", "spot:turn_down"):
        told = client.post(reverse(name, args=[partner.pk]), {"own": "", "shows": "published"})
        assert (told.status_code, b"not open any more" in told.content) == (409, True)
    client.force_login(host)
    assert client.post(reverse("spot:call_off", args=[partner.pk])).status_code == 409
    client.force_login(someone(given.an_agency()))
    assert client.post(reverse("spot:accept", args=[partner.pk])).status_code == 404
