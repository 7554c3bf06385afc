"""One person stops everything; two different people start it again."""

import pytest
from tests import given

from commonground.agency.states import Role
from commonground.kit.refusals import MovedOn, NotYours
from commonground.protect import actions
from commonground.protect.models import Hold
from commonground.record.models import Entry


@pytest.fixture
def agency():
    return given.an_agency()


def a_hold(agency):
    return actions.stop(agency, reason="Hacked?", by=given.a_member(agency=agency))


def an_admin(agency):
    return given.a_member(agency=agency, roles=["admin"])


@pytest.mark.django_db
@pytest.mark.parametrize("role", [r for r in Role if r != Role.AUDITOR])
def test_whoever_may_do_anything_may_stop_everything(agency, role):
    hold = actions.stop(agency, reason="Hacked?", by=given.a_member(agency=agency, roles=[role]))
    assert hold in Hold.objects.standing()
    assert Entry.objects.get().verb == "stop"


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [[], ["auditor"]])
def test_who_only_looks_on_cannot_stop_it(agency, roles):
    with pytest.raises(NotYours):
        actions.stop(agency, reason="?", by=given.a_member(agency=agency, roles=roles))


@pytest.mark.django_db
def test_what_is_stopped_is_not_stopped_twice(agency):
    a_hold(agency)
    with pytest.raises(MovedOn):
        a_hold(agency)
    assert Hold.objects.count() == Entry.objects.count() == 1


@pytest.mark.django_db
def test_one_yes_does_not_start_it_again(agency):
    one, hold = an_admin(agency), a_hold(agency)
    hold = actions.agree_to_restart(hold, by=one)
    assert hold.lifted_at is None
    with pytest.raises(NotYours):
        actions.agree_to_restart(hold, by=one)
    assert Hold.objects.standing().exists()


@pytest.mark.django_db
def test_two_start_it_again_and_the_record_tells_it_all(agency):
    hold = a_hold(agency)
    actions.agree_to_restart(hold, by=an_admin(agency))
    hold = actions.agree_to_restart(hold, by=given.a_member(agency=agency, roles=["approver"]))
    assert hold.lifted_at
    verbs = Entry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["stop", "agree_to_restart", "lift"]
    with pytest.raises(MovedOn):
        actions.agree_to_restart(hold, by=an_admin(agency))


@pytest.mark.django_db
def test_authors_and_strangers_cannot_agree(agency):
    hold = a_hold(agency)
    for member in (given.a_member(agency=agency), an_admin(given.an_agency())):
        with pytest.raises(NotYours):
            actions.agree_to_restart(hold, by=member)


@pytest.mark.django_db
def test_the_page_stops_everything_and_every_page_says_so(client, agency):
    client.force_login(given.a_member(agency=agency, name="Officer Reyes"))
    assert "These fall silent" not in client.get("/protect/stop/").content.decode()
    assert "There is a problem" in client.post("/protect/stop/", {"reason": ""}).content.decode()
    client.post("/protect/stop/", {"reason": "A post we did not write"})
    page = client.get("/record/").content.decode()
    assert "Everything is stopped. Nothing goes out." in page
    assert "Officer Reyes: A post we did not write" in page
    assert "I agree" not in client.get("/protect/stop/").content.decode()


@pytest.mark.django_db
def test_two_people_start_again_through_the_page(client, agency):
    hold = a_hold(agency)
    for _ in range(2):
        client.force_login(an_admin(agency))
        assert "I agree" in client.get("/protect/stop/").content.decode()
        client.post(f"/protect/stop/{hold.pk}/agree-to-restart/")
    assert not Hold.objects.standing().exists()
    assert "Everything is stopped" not in client.get("/record/").content.decode()
