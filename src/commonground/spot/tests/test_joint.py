"""A joint desk: what both see while both want it, and not a second longer."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.agency.states import Role
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.spot import actions as moments
from commonground.spot.actions import joint as actions
from commonground.spot.models import Fact, Moment, Partner, Shown, Spokesperson
from commonground.spot.queries import joint as queries
from commonground.spot.states import PartnerState, State
from commonground.spot.tasks import miss_what_ran_out
from commonground.spot.tests.together import (
    a_fact,
    a_shared_moment,
    an_invitation,
    desk_for,
    someone,
    verbs_of,
)

pytestmark = pytest.mark.django_db


def test_nothing_is_shared_before_the_other_side_says_yes():
    partner = an_invitation(note="Your crews are there too.")
    assert desk_for(partner.agency, partner) is None
    assert desk_for(partner.moment.agency, partner) is None
    assert list(queries.invitations_to(partner.agency)) == [partner]


def test_both_sides_have_it_on_their_record_and_the_guest_has_a_moment_of_its_own():
    partner = a_shared_moment()
    host, guest = partner.moment.agency, partner.agency
    assert (partner.state, partner.own_moment.agency) == (PartnerState.STANDING, guest)
    assert verbs_of(host) == ["ask_agency", "accept"]
    assert verbs_of(guest) == ["ask_agency", "open_moment", "accept"]
    for agency, other in ((host, guest), (guest, host)):
        desk = desk_for(agency, partner)
        assert desk.own.agency == agency
        assert [seat.agency for seat in desk.others] == [other]
        assert desk.own.moment.agency == agency


def test_of_what_people_said_the_guest_gets_no_example():
    moment = given.a_moment()
    moment.exemplars.create(upstream="1", at=timezone.now(), text="I saw smoke")
    partner = a_shared_moment(moment)
    assert not partner.own_moment.exemplars.exists()


def test_the_guest_may_take_a_moment_that_it_has_already():
    partner, own = an_invitation(), None
    own = given.a_moment(agency=partner.agency)
    actions.accept(partner, own=own, shows=Shown.PUBLISHED, by=someone(partner.agency))
    assert desk_for(partner.agency, partner).own.moment == own


@pytest.mark.parametrize("roles", [["author"], ["admin"], ["auditor"], []])
def test_only_an_approver_of_each_side_opens_a_desk(roles):
    moment = given.a_moment()
    with pytest.raises(NotYours):
        an_invitation(moment, by=given.a_member(agency=moment.agency, roles=roles))
    partner = an_invitation(moment)
    theirs = given.a_member(agency=partner.agency, roles=roles)
    with pytest.raises(NotYours):
        actions.accept(partner, own=None, shows=Shown.PUBLISHED, by=theirs)


def test_a_drill_and_the_real_world_never_share_a_moment_in_either_direction():
    real, drill = given.an_agency(), given.an_agency(drill=True)
    with pytest.raises(Refused):
        an_invitation(given.a_moment(agency=real), drill)
    with pytest.raises(Refused):
        an_invitation(given.a_moment(agency=drill), real)
    with pytest.raises(Refused):
        an_invitation(given.a_moment(agency=drill), given.an_agency(drill=True))


def test_whoever_is_in_both_agencies_does_not_accept_their_own_invitation():
    moment = given.a_moment()
    ann = someone(moment.agency, email="ann@riverside.example")
    partner = an_invitation(moment, by=ann)
    again = someone(partner.agency, email="ann+fire@riverside.example")
    with pytest.raises(NotYours):
        actions.accept(partner, own=None, shows=Shown.PUBLISHED, by=again)


def test_nobody_accepts_for_another_agency_or_with_anothers_moment():
    partner = an_invitation()
    with pytest.raises(NotYours):
        actions.accept(partner, own=None, shows=Shown.PUBLISHED, by=someone(partner.moment.agency))
    with pytest.raises(NotYours):
        actions.accept(
            partner, own=given.a_moment(), shows=Shown.PUBLISHED, by=someone(partner.agency)
        )


@pytest.mark.parametrize("side", ["host", "guest"])
def test_either_side_ends_it_and_neither_sees_anything_from_then_on(side):
    partner = a_shared_moment()
    host, guest = partner.moment.agency, partner.agency
    actions.end_sharing(partner, by=someone(host if side == "host" else guest))
    assert desk_for(host, partner) is None
    assert desk_for(guest, partner) is None
    assert "end_sharing" in verbs_of(host)
    assert "end_sharing" in verbs_of(guest)


@pytest.mark.parametrize("close", [
    lambda m, by: moments.act(m, did="We told people.", by=by),
    lambda m, by: moments.join(m, did="Others answer.", by=by),
    lambda m, by: moments.dismiss(m, reason="Not ours at all", by=by),
    lambda m, by: moments.merge(m, into=given.a_moment(agency=m.agency), by=by),
])  # fmt: skip
@pytest.mark.parametrize("whose", ["moment", "own_moment"])
def test_it_ends_with_the_moment_whoever_closes_theirs(close, whose):
    partner = a_shared_moment()
    moment = getattr(partner, whose)
    close(moment, someone(moment.agency))
    partner.refresh_from_db()
    assert partner.state == PartnerState.ENDED
    assert desk_for(partner.agency, partner) is None
    assert desk_for(partner.moment.agency, partner) is None


def test_it_ends_when_the_clock_runs_out_and_does_not_come_back_with_the_moment():
    partner, asked = a_shared_moment(), an_invitation()
    with time_machine.travel(timezone.now() + timedelta(hours=80)):
        miss_what_ran_out()
        partner.refresh_from_db()
        asked.refresh_from_db()
        assert partner.state == asked.state == PartnerState.ENDED
        moment = Moment.objects.get(pk=partner.moment_id)
        moments.reopen(moment, by=someone(moment.agency))
        assert desk_for(moment.agency, partner) is None


def test_a_moment_that_is_no_longer_open_is_not_shared_whatever_the_row_says():
    """The rows are asked together: whatever forgets to end it, the sight is over."""
    partner = a_shared_moment()
    Moment.objects.filter(pk=partner.moment_id).update(state=State.ACTED)
    assert desk_for(partner.agency, partner) is None


def test_a_drill_sees_nothing_real_even_where_a_row_says_that_it_may():
    moment, drill = given.a_moment(), given.an_agency(drill=True)
    partner = Partner.objects.create(
        moment=moment, agency=drill, own_moment=given.a_moment(agency=drill), since=timezone.now(),
        state="standing", host_shows="in_review", shows="in_review",
        invited_by=someone(moment.agency),
    )  # fmt: skip
    assert desk_for(drill, partner) is None
    assert desk_for(moment.agency, partner).others == []


def test_a_fact_is_told_under_its_agencys_name_and_stands_on_the_record_of_all():
    partner = a_shared_moment()
    bell = someone(partner.agency, name="Bell")
    fact = a_fact(partner, "Building evacuated", by=bell)
    desk = desk_for(partner.moment.agency, partner)
    (seen,) = queries.facts_of(desk)
    assert (seen, seen.agency, seen.added_by) == (fact, partner.agency, bell)
    assert verbs_of(partner.moment.agency)[-1] == verbs_of(partner.agency)[-1] == "add_fact"


def test_only_whose_fact_it_is_takes_it_back_and_it_stays_to_be_read():
    partner = a_shared_moment()
    fact = a_fact(partner, by=someone(partner.agency))
    with pytest.raises(NotYours):
        actions.take_back_fact(fact, by=someone(partner.moment.agency))
    actions.take_back_fact(fact, by=someone(partner.agency))
    (seen,) = queries.facts_of(desk_for(partner.moment.agency, partner))
    assert seen.taken_back_at
    with pytest.raises(MovedOn):
        actions.take_back_fact(fact, by=someone(partner.agency))


def test_a_page_that_was_open_when_the_desk_ended_tells_nobody_anything():
    partner = a_shared_moment()
    by = someone(partner.agency)
    desk = desk_for(partner.agency, partner)
    actions.end_sharing(partner, by=someone(partner.moment.agency))
    with pytest.raises(MovedOn):
        actions.add_fact(desk, text="5 people hurt", by=by)
    with pytest.raises(MovedOn):
        actions.speak_on(desk, subject="Roads", who="Bell", by=by)
    assert not Fact.objects.exists()
    assert not Spokesperson.objects.exists()


def test_one_agency_speaks_on_a_subject_and_gives_it_up_before_another_takes_it():
    partner = a_shared_moment()
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    row = actions.speak_on(
        desk_for(guest.agency, partner), subject="People hurt", who="Chief Bell", by=guest
    )
    at_host = desk_for(host.agency, partner)
    with pytest.raises(Refused):
        actions.speak_on(at_host, subject="people HURT", who="Sergeant Ann", by=host)
    with pytest.raises(NotYours):
        actions.give_up_subject(row, by=host)
    actions.give_up_subject(row, by=guest)
    actions.speak_on(at_host, subject="people hurt", who="Sergeant Ann", by=host)
    assert [s.who for s in queries.spokespeople_of(at_host)] == ["Sergeant Ann"]


def test_whoever_leaves_speaks_on_nothing_any_more():
    partner = a_shared_moment()
    third = a_shared_moment(partner.moment)
    guest = someone(partner.agency)
    actions.speak_on(desk_for(guest.agency, partner), subject="Roads", who="Bell", by=guest)
    actions.end_sharing(partner, by=guest)
    assert not list(queries.spokespeople_of(desk_for(third.agency, third)))


def test_of_three_at_one_desk_each_sees_the_two_others():
    partner = a_shared_moment()
    third = a_shared_moment(partner.moment)
    for agency in (partner.moment.agency, partner.agency, third.agency):
        seen = {seat.agency for seat in desk_for(agency, partner).others}
        assert seen == {partner.moment.agency, partner.agency, third.agency} - {agency}


def test_an_agency_sits_at_a_desk_once_and_at_no_desk_about_a_desk():
    partner = a_shared_moment()
    with pytest.raises(Refused):
        an_invitation(partner.moment, partner.agency)
    with pytest.raises(Refused):
        an_invitation(partner.own_moment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.create(
            moment=partner.moment, agency=partner.agency, host_shows="published",
            invited_by=partner.invited_by,
        )  # fmt: skip


def test_each_chooses_from_when_on_the_others_see_its_posts():
    partner = a_shared_moment()
    host = someone(partner.moment.agency)
    actions.choose_shown(partner, shows=Shown.PUBLISHED, by=host)
    assert desk_for(partner.agency, partner).others[0].shows == Shown.PUBLISHED
    assert desk_for(host.agency, partner).others[0].shows == Shown.IN_REVIEW
    with pytest.raises(NotYours):
        actions.choose_shown(partner, shows=Shown.PUBLISHED, by=someone(given.an_agency()))


# The pages


def test_two_agencies_work_at_one_desk_by_its_pages(client):
    moment = given.a_moment(label="Fire at the mill")
    fire = given.an_agency(name="Mill Fire Service", slug="mill-fire")
    ann, bell = someone(moment.agency), someone(fire, name="Bell")
    client.force_login(ann)
    asked = client.post(
        reverse("spot:ask_agency", args=[moment.pk]),
        {"agency": fire.pk, "note": "Your crews are there", "shows": "in_review"},
    )
    assert asked.status_code == 302
    client.force_login(bell)
    now = client.get(reverse("spot:open_panel"), headers={"HX-Request": "true"})
    partner = Partner.objects.get()
    answer = reverse("spot:accept", args=[partner.pk])
    assert answer in now.content.decode()
    assert "Your crews are there" in client.get(answer).content.decode()
    client.post(answer, {"own": "", "shows": "published"})
    desk = reverse("spot:joint", args=[moment.pk])
    client.post(reverse("spot:add_fact", args=[moment.pk]), {"text": "Building evacuated"})
    client.post(reverse("spot:speak_on", args=[moment.pk]), {"subject": "Cause", "who": "Bell"})
    client.force_login(ann)
    page = client.get(desk).content.decode()
    assert "Building evacuated" in page
    assert "Mill Fire Service" in page
    fact = Fact.objects.get()
    assert client.post(reverse("spot:take_back_fact", args=[fact.pk])).status_code == 404
    client.post(reverse("spot:end_sharing", args=[partner.pk]))
    client.force_login(bell)
    assert client.get(desk).status_code == 404


def test_a_form_with_a_mistake_is_shown_again_with_what_was_typed(client):
    partner = a_shared_moment()
    client.force_login(someone(partner.agency))
    answer = client.post(
        reverse("spot:add_fact", args=[partner.moment_id]), {"text": "Wet", "known_at": "soon"}
    )
    assert answer.status_code == 422
    assert "Wet" in answer.content.decode()


def test_whoever_only_reads_sees_the_desk_and_changes_nothing_there(client):
    partner = a_shared_moment()
    client.force_login(someone(partner.agency, roles=[Role.AUDITOR]))
    desk = reverse("spot:joint", args=[partner.moment_id])
    assert client.get(desk).status_code == 200
    told = client.post(reverse("spot:add_fact", args=[partner.moment_id]), {"text": "Wet"})
    assert told.status_code == 403
    assert client.post(reverse("spot:end_sharing", args=[partner.pk])).status_code == 403


def test_somebody_who_is_suspended_sees_nothing_the_same_second(client):
    partner = a_shared_moment()
    bell = someone(partner.agency)
    client.force_login(bell)
    desk = reverse("spot:joint", args=[partner.moment_id])
    assert client.get(desk).status_code == 200
    bell.is_active = False
    bell.save()
    assert client.get(desk).status_code == 302


def test_who_asked_sees_that_the_answer_was_no_and_may_ask_again(client):
    partner = an_invitation()
    host, guest = someone(partner.moment.agency), someone(partner.agency)
    client.force_login(guest)
    assert client.post(reverse("spot:turn_down", args=[partner.pk])).status_code == 302
    client.force_login(host)
    desk = reverse("spot:joint", args=[partner.moment_id])
    assert "said no" in client.get(desk).content.decode()
    again = an_invitation(partner.moment, partner.agency)
    assert "no answer yet" in client.get(desk).content.decode()
    client.post(reverse("spot:call_off", args=[again.pk]))
    assert not queries.invitations_to(partner.agency).exists()


def test_one_agency_alone_is_asked_nothing(client):
    ann = someone(given.an_agency())
    moment = given.a_moment(agency=ann.agency)
    client.force_login(ann)
    assert b"another agency" not in client.get(moment.get_absolute_url()).content
    given.an_agency()
    assert b"Share with another agency" in client.get(moment.get_absolute_url()).content
