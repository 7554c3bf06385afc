"""Who is on the desk, what they may do, and how the frame greets them."""

import pytest
from django.test import Client
from tests import given

from commonground.agency import actions
from commonground.agency.models import Member
from commonground.kit.refusals import NotYours, Refused
from commonground.record.models import Entry


@pytest.fixture
def admin():
    return given.a_member(roles=["admin"], name="Chief Admin")


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.mark.django_db
def test_an_administrator_invites_and_the_invited_choose_their_password(desk, admin):
    asked = {"name": "Officer New", "email": "New@Riverside.example", "roles": ["author"]}
    page = desk.post("/agency/members/invite/", asked).content.decode()
    new = Member.objects.get(email="new@riverside.example")
    assert new.agency == admin.agency
    assert new.roles == {"author"}
    assert not new.has_usable_password()
    link = page.split('readonly value="')[1].split('"')[0].replace("http://testserver", "")
    visitor = Client()
    form = visitor.get(link, follow=True)
    password = "a bridge over quiet water"
    visitor.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    new.refresh_from_db()
    assert new.check_password(password)


@pytest.mark.django_db
def test_nobody_is_invited_twice(desk, admin):
    asked = {"name": "Me again", "email": admin.email.upper(), "roles": ["author"]}
    page = desk.post("/agency/members/invite/", asked).content.decode()
    assert "on a desk already" in page
    assert "<title>Error:" in page


@pytest.mark.django_db
def test_only_administrators_change_who_is_on_the_desk(client):
    client.force_login(given.a_member())
    assert client.get("/agency/members/").status_code == 200
    assert client.get("/agency/members/invite/").status_code == 403


@pytest.mark.django_db
def test_roles_are_changed_by_another_administrator_and_told_to_the_record(desk, admin):
    member = given.a_member(agency=admin.agency)
    desk.post(f"/agency/members/{member.pk}/", {"roles": ["approver", "trainer"]})
    assert Member.objects.get(pk=member.pk).roles == {"approver", "trainer"}
    entry = Entry.objects.get(verb="set_roles")
    assert entry.detail == {"before": ["author"], "after": ["approver", "trainer"]}


@pytest.mark.django_db
def test_nobody_raises_themselves(desk, admin):
    assert desk.post(f"/agency/members/{admin.pk}/", {"roles": ["approver"]}).status_code == 403
    with pytest.raises(NotYours):
        actions.set_roles(admin, roles=["approver"], by=admin)


@pytest.mark.django_db
def test_the_last_administrator_stays(admin):
    other = given.a_member(agency=admin.agency, roles=["admin"])
    actions.suspend(other, by=admin)
    with pytest.raises(NotYours):
        actions.suspend(admin, by=admin)
    stranger = given.a_member(roles=["admin"])
    with pytest.raises(NotYours):
        actions.suspend(admin, by=stranger)
    other.refresh_from_db()
    with pytest.raises(Refused):
        actions.set_roles(admin, roles=["author"], by=Member.objects.get(pk=other.pk))


@pytest.mark.django_db
def test_a_suspended_member_cannot_enter_until_let_in_again(client, admin):
    member = given.a_member(agency=admin.agency)
    client.force_login(member)
    actions.suspend(member, by=admin)
    assert client.get("/record/").status_code == 302
    actions.readmit(member, by=admin)
    client.force_login(member)
    assert client.get("/record/").status_code == 200


@pytest.mark.django_db
def test_the_list_says_who_may_speak_and_costs_the_same_for_any_number(
    desk, admin, django_assert_max_num_queries
):
    for _ in range(20):
        given.a_member(agency=admin.agency)
    given.a_member(agency=admin.agency, certified=False)
    given.a_member(name="A stranger")
    with django_assert_max_num_queries(9):
        page = desk.get("/agency/members/").content.decode()
    assert page.count("certified until") == 21
    assert page.count("no certificate in force") == 1
    assert "A stranger" not in page


@pytest.mark.django_db
def test_the_way_in_offers_a_passkey_and_a_password_and_no_sign_up(client):
    page = client.get("/account/login/").content.decode()
    assert "Sign in with a passkey" in page
    assert "Sign in with your password" in page
    assert "/account/signup/" not in page


@pytest.mark.django_db
def test_a_member_signs_in_with_a_password(client, admin):
    admin.set_password("a bridge over quiet water")
    admin.save()
    typed = {"login": admin.email, "password": "a bridge over quiet water"}
    assert client.post("/account/login/", typed).headers["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/account/2fa/", "/account/password/change/", "/account/reauthenticate/", "/account/logout/"],
)
def test_the_pages_of_signing_in_wear_the_same_frame(desk, admin, address):
    admin.set_password("a bridge over quiet water")
    admin.save()
    desk.force_login(admin)
    page = desk.get(address).content.decode()
    assert "kit/look.css" in page
    assert "<main" in page


@pytest.mark.django_db
def test_clocks_show_the_agencys_time(client):
    agency = given.an_agency(time_zone="America/Toronto")
    client.force_login(given.a_member(agency=agency, roles=["admin"]))
    given.a_channel(agency=agency, proved_at="2026-11-22T17:00:00Z")
    assert "12:00" in client.get("/record/").content.decode()
