"""A certificate counts as the desk awarded it: not made, prolonged or copied in the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.agency.models import Certificate

pytestmark = pytest.mark.django_db


def test_one_that_was_awarded_counts():
    assert given.a_member().certified()


def test_one_that_was_written_past_the_desk_does_not():
    member = given.a_member(certified=False)
    now = timezone.now()
    Certificate.objects.bulk_create(
        [
            Certificate(
                member=member, course="Speaking for the service",
                awarded_at=now - timedelta(days=1), expires_at=now + timedelta(days=9),
            )
        ]
    )  # fmt: skip
    assert Certificate.objects.in_force().filter(member=member).exists()
    assert not member.certified()


def test_one_that_was_prolonged_past_the_desk_does_not():
    member = given.a_member(certified=False)
    now = timezone.now()
    given.a_certificate(member, awarded_at=now - timedelta(days=9), expires_at=now)
    member.certificates.update(expires_at=now + timedelta(days=9))
    assert not member.certified()


def test_anothers_does_not_though_it_is_copied_bit_by_bit():
    trained, other = given.a_member(), given.a_member(certified=False)
    key = other.pk.hex if connection.vendor == "sqlite" else other.pk
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO commonground_agency_certificate
                 (member_id, course, awarded_at, expires_at, revoked_at, mark)
               SELECT %s, course, awarded_at, expires_at, revoked_at, mark
                 FROM commonground_agency_certificate""",
            [key],
        )
    assert trained.certified()
    assert other.certificates.in_force().exists()
    assert not other.certified()


def test_one_that_was_revoked_does_not():
    member = given.a_member()
    member.certificates.update(revoked_at=timezone.now())
    assert not member.certified()
