"""There is one way in, and an administrator opens it."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from tests import given

from commonground.agency.models import Member

pytestmark = pytest.mark.django_db
CLOSED = ["signup", "email", "confirm-email", "password/reset", "password/reset/done"]


@pytest.mark.parametrize("way", CLOSED)
@pytest.mark.parametrize("signed_in", [True, False])
def test_no_way_in_goes_by_mail(client, way, signed_in):
    member = given.a_member()
    if signed_in:
        client.force_login(member)
    typed = {"email": member.email, "action_add": "", "password1": "a bridge over quiet water"}

    for reply in (client.get(f"/account/{way}/"), client.post(f"/account/{way}/", typed)):
        assert "Ask an administrator" in reply.content.decode()

    assert (mail.outbox, EmailAddress.objects.count(), Member.objects.count()) == ([], 0, 1)


def test_whoever_has_chosen_a_password_is_shown_the_door(client):
    page = client.get("/account/password/reset/key/done/").content.decode()

    assert 'href="/account/login/"' in page
