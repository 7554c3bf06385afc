"""A loss is owned up to by two administrators who are signed in; a typed name proves nobody."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests import given

from commonground.kit.refusals import NotYours, Refused
from commonground.record.actions import publish, reconciling, verify
from commonground.record.models import Entry, Reconciliation
from commonground.record.tests.test_log import an_older_copy, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return given.a_member(roles=["admin"], name="Ann Reyes")


@pytest.fixture
def bo(ann):
    return given.a_member(roles=["admin"], name="Bo Diaz", agency=ann.agency)


@pytest.fixture
def lost(tmp_path, settings, ann, bo):
    settings.RECORD_FOLDER = tmp_path
    write(5)
    publish()
    an_older_copy(by=2)
    with pytest.raises(Refused):
        publish()


def test_two_administrators_begin_a_new_log(lost, ann, bo, client):
    client.force_login(ann)
    page = client.get(reverse("record:reconcile")).content.decode()
    assert "older than what was published" in page
    client.post(reverse("record:reconcile"), {"reason": "Disk died; copy of 2 May"})
    row = Reconciliation.objects.get()
    agree = reverse("record:agree_to_reconcile", args=[row.pk])
    assert client.post(agree).status_code == 403
    assert not Entry.objects.filter(verb="reconcile").exists()
    client.force_login(bo)
    page = client.get(reverse("record:reconcile")).content.decode()
    assert "Disk died; copy of 2 May" in page
    client.post(agree)
    told = Entry.objects.latest("number")
    assert (told.verb, told.who, told.detail["second"]) == ("reconcile", "Ann Reyes", "Bo Diaz")
    assert publish().size == 4
    assert verify() is None
    assert client.post(agree).status_code == 404


def test_nobody_else_may(lost, ann):
    officer = given.a_member(roles=["records", "approver"], agency=ann.agency)
    with pytest.raises(NotYours):
        reconciling.ask_to_reconcile(reason="x", by=officer)
    row = reconciling.ask_to_reconcile(reason="x", by=ann)
    with pytest.raises(NotYours):
        reconciling.agree_to_reconcile(row, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reconciliation.objects.update(agreed_by=str(ann.pk))


def test_two_accounts_of_one_person_are_one_person(lost, ann):
    twin = given.a_member(roles=["admin"], agency=ann.agency, same_as=ann)
    row = reconciling.ask_to_reconcile(reason="x", by=ann)
    with pytest.raises(NotYours, match="second person"):
        reconciling.agree_to_reconcile(row, by=twin)


def test_whoever_is_no_administrator_any_more_has_not_asked(lost, ann, bo):
    row = reconciling.ask_to_reconcile(reason="x", by=ann)
    ann.role_rows.all().delete()
    with pytest.raises(Refused, match="no administrator any more"):
        reconciling.agree_to_reconcile(row, by=bo)


def test_where_nothing_is_lost_nothing_is_asked(ann, tmp_path, settings, client):
    settings.RECORD_FOLDER = tmp_path
    write(2)
    publish()
    with pytest.raises(Refused, match="Nothing is to be reconciled"):
        reconciling.ask_to_reconcile(reason="x", by=ann)
    client.force_login(ann)
    assert "Nothing is lost" in client.get(reverse("record:reconcile")).content.decode()
