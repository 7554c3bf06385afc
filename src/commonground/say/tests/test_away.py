"""Who is away is not waited for; a deputy stands in and gains no right."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.agency import actions
from commonground.agency.models import Member
from commonground.kit.refusals import NotYours, Refused
from commonground.record.models import Entry
from commonground.say import queries

pytestmark = pytest.mark.django_db


def away(member, *, deputy=None, by=None, days=1, starts=None):
    now = timezone.now()
    return actions.go_away(
        member, starts_at=starts or now, ends_at=now + timedelta(days=days), deputy=deputy,
        by=by or member,
    )  # fmt: skip


def test_who_is_away_is_not_asked_until_they_are_back():
    post = given.a_post_in_review()
    one, other = given.an_approver(post), given.an_approver(post)
    absence = away(one)
    assert queries.readers_of(post) == [other]
    actions.come_back(absence, by=one)
    assert set(queries.readers_of(post)) == {one, other}
    assert set(Entry.objects.values_list("verb", flat=True)) >= {"go_away", "come_back"}


def test_an_absence_to_come_changes_nothing_yet():
    post = given.a_post_in_review()
    one = given.an_approver(post)
    away(one, starts=timezone.now() + timedelta(hours=1))
    assert queries.readers_of(post) == [one]


def test_where_everybody_is_away_somebody_hears_of_it():
    post = given.a_post_in_review()
    away(given.an_approver(post))
    assert queries.readers_of(post) == []
    assert post.author in queries.instead_of_readers(post)


def test_a_deputy_stands_in_for_a_unit_and_gains_no_right():
    post = given.a_post_in_review()
    legal = post.agency.units.create(name="Legal")
    post.agency.review_rules.create(
        place=1, name="Legal", steps=[{"people": 1, "unit": str(legal.pk)}]
    )
    lawyer = given.an_approver(post, unit=legal)
    deputy, author = given.an_approver(post), given.a_member(agency=post.agency)
    assert queries.readers_of(post) == [lawyer]
    away(lawyer, deputy=deputy)
    assert queries.readers_of(post) == [deputy]
    lawyer.absences.all().delete()
    away(lawyer, deputy=author)
    assert queries.readers_of(post) == []


def test_only_oneself_or_an_administrator_says_who_is_away():
    one = given.a_member()
    other, admin = given.a_member(agency=one.agency), given.a_member(
        agency=one.agency, roles=["admin"]
    )  # fmt: skip
    with pytest.raises(NotYours):
        away(one, by=other)
    with pytest.raises(NotYours):
        away(one, by=given.a_member(roles=["admin"]))
    away(one, by=admin)
    for deputy in (one, given.a_member(), given.a_member(agency=one.agency, is_active=False)):
        with pytest.raises(Refused):
            away(one, deputy=deputy)


def test_the_page_takes_it_and_takes_it_back(client):
    one = given.a_member()
    client.force_login(one)
    there = reverse("agency:away", args=[one.pk])
    tomorrow = timezone.localtime() + timedelta(days=1)
    past = {"starts_at": "2026-01-02T08:00", "ends_at": "2026-01-03T08:00"}
    assert "This time has passed" in client.post(there, past).content.decode()
    typed = {"starts_at": "2026-01-02T08:00", "ends_at": f"{tomorrow:%Y-%m-%dT%H:%M}"}
    assert client.post(there, typed).status_code == 302
    page = client.get(reverse("agency:member", args=[one.pk])).content.decode()
    assert "nobody stands in" in page
    client.post(reverse("agency:back", args=[one.absences.get().pk]))
    assert not one.absences.now().exists()


def test_accounts_of_one_person_are_linked_by_another_administrator(client):
    admin = given.a_member(roles=["admin"])
    one, other = given.a_member(agency=admin.agency), given.a_member(agency=admin.agency)
    client.force_login(admin)
    client.post(reverse("agency:same_person", args=[one.pk]), {"other": str(other.pk)})
    one.refresh_from_db()
    assert one.is_also(other)
    assert other.is_also(one)
    assert not one.is_also(admin)
    client.post(reverse("agency:same_person", args=[one.pk]), {"other": ""})
    one.refresh_from_db()
    assert not one.is_also(other)
    client.post(reverse("agency:same_person", args=[admin.pk]), {"other": str(other.pk)})
    admin.refresh_from_db()
    assert admin.same_as is None


def test_a_chain_of_links_is_one_person_whatever_their_order():
    admin = given.a_member(roles=["admin"])
    one, two, three = (given.a_member(agency=admin.agency) for _ in range(3))
    actions.link_accounts(one, other=two, by=admin)
    actions.link_accounts(Member.objects.get(pk=two.pk), other=three, by=admin)
    one, two, three = (Member.objects.get(pk=m.pk) for m in (one, two, three))
    assert one.is_also(three)
    assert two.is_also(three)
    actions.link_accounts(three, other=one, by=admin)  # a circle ends nowhere else
    one, three = Member.objects.get(pk=one.pk), Member.objects.get(pk=three.pk)
    assert one.is_also(three)
    assert Member.objects.get(pk=two.pk).is_also(one)
