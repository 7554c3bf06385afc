"""The one place where an agency sees something of another: a moment they share. Every other
door stays as shut as it was, and so does this one as soon as the desk has ended."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from commonground.agency.states import Role
from commonground.say.models import Post
from commonground.spot.actions.joint import end_sharing
from commonground.spot.models import Partner
from commonground.spot.tests.together import a_fact, a_shared_moment, desk_for, someone
from tests import given
from tests.house.test_who_may_enter import (
    NEEDS_A_THING,
    a_subject_of,
    converters_of,
    things_for,
)

pytestmark = pytest.mark.django_db
# All that a guest may do with what is the host's, and how.
SHARED = {
    "spot:joint": {"get"},
    "spot:add_fact": {"post"},
    "spot:speak_on": {"post"},
    "spot:end_sharing": {"post"},
    "spot:choose_shown": {"get", "post"},
}
NAMES = [name for name, _ in NEEDS_A_THING]


@pytest.fixture
def partner():
    return a_shared_moment()


def a_guest(partner):
    return given.a_member(agency=partner.agency, roles=[*Role])


def stands(partner):
    """Both sit at the desk."""


def has_ended(partner):
    end_sharing(partner, by=someone(partner.moment.agency))


def is_only_asked(partner):
    Partner.objects.filter(pk=partner.pk).update(state="invited", own_moment=None, since=None)


# How a guest may come to a door, and whether it names the shared moment or another of the host's.
SITUATIONS = {
    "at the desk": (stands, True),
    "another moment": (stands, False),
    "ended": (has_ended, True),
    "only asked": (is_only_asked, True),
}


def tried(client, name, things):
    """The methods by which a door opens. Nothing of it is left behind. It is shut as well to
    whoever is told that what they shared is over (409)."""
    with transaction.atomic():
        address = reverse(name, kwargs=things)
        answers = {"get": client.get(address), "post": client.post(address, {"text": "Wet"})}
        transaction.set_rollback(True)
    return {(name, way) for way, answer in answers.items() if answer.status_code not in SHUT}


def things_of_the_host(name, host):
    """What an address wants, each thing the host's own, but the shared ones."""
    return things_for([key for key in converters_of(name) if key not in GIVEN], host)


GIVEN = ("moment_id", "partner_id")
SHUT = (404, 405, 409)


def opened(client, partner, host, name):
    """By situation, the ways in which one door opens to a guest. Things are made once for all."""
    found = {}
    with transaction.atomic():
        made = things_of_the_host(name, host)
        other = given.a_moment(agency=host.agency)
        for situation, (come_to, shared) in SITUATIONS.items():
            moment = partner.moment if shared else other
            named = {"moment_id": moment.pk, "partner_id": partner.pk}
            asked = made | {key: named[key] for key in converters_of(name) if key in GIVEN}
            with transaction.atomic():
                come_to(Partner.objects.get(pk=partner.pk))
                found[situation] = tried(client, name, asked)
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


def test_a_guest_opens_the_shared_moment_and_no_other_door_of_the_host(client, partner):
    """At the desk; at another moment of the host's; after the end; before the yes."""
    host = someone(partner.moment.agency, roles=[*Role])
    client.force_login(a_guest(partner))
    found = {situation: set() for situation in SITUATIONS}
    for name in NAMES:
        for situation, ways in opened(client, partner, host, name).items():
            found[situation] |= ways
    theirs = ("spot:end_sharing", "spot:choose_shown")
    own = {(name, way) for name in theirs for way in SHARED[name]}
    assert found == {
        "at the desk": {(name, method) for name, ways in SHARED.items() for method in ways},
        "another moment": own,  # a partner is named there, and no moment
        "ended": set(),
        "only asked": {("spot:accept", "get"), ("spot:accept", "post"), ("spot:turn_down", "post")},
    }


def test_a_drill_opens_nothing_real_even_where_a_row_says_that_it_may(client):
    moment, drill = given.a_moment(), given.an_agency(drill=True)
    Partner.objects.create(
        moment=moment, agency=drill, own_moment=given.a_moment(agency=drill), since=timezone.now(),
        state="standing", host_shows="in_review", shows="in_review",
        invited_by=someone(moment.agency),
    )  # fmt: skip
    client.force_login(given.a_member(agency=drill, roles=[*Role]))
    named = [name for name, _ in NEEDS_A_THING if converters_of(name) == ["moment_id"]]
    assert len(named) > 10
    for name in named:
        assert tried(client, name, {"moment_id": moment.pk}) == set(), name


def test_what_the_host_said_there_only_the_host_takes_back(client, partner):
    host = someone(partner.moment.agency)
    fact = a_fact(partner, by=host)
    subject = a_subject_of(partner.moment.agency)
    client.force_login(a_guest(partner))
    for name, thing in (("take_back_fact", fact), ("give_up_subject", subject)):
        assert client.post(reverse(f"spot:{name}", args=[thing.pk])).status_code == 404


def test_an_address_that_names_anothers_moment_puts_no_post_of_ours_there(client, partner):
    """The draft that a guest begins is about a moment of its own, whatever the address says."""
    client.force_login(a_guest(partner))
    new = reverse("say:new")
    client.get(f"{new}?moment={partner.moment_id}")
    client.post(f"{new}?moment={partner.moment_id}", {"moment": partner.moment_id})
    assert not Post.objects.filter(moment=partner.moment_id).exists()


def test_accepting_with_another_agencys_moment_shares_nothing(client, partner):
    again = a_shared_moment(given.a_moment())
    Partner.objects.filter(pk=again.pk).update(
        state="invited", own_moment=None, since=None, agency=partner.agency
    )
    client.force_login(a_guest(partner))
    theirs = given.a_moment(agency=again.moment.agency)
    answer = client.post(
        reverse("spot:accept", args=[again.pk]), {"own": theirs.pk, "shows": "published"}
    )
    assert answer.status_code == 422
    assert desk_for(partner.agency, again) is None
