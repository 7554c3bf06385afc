"""Who may make an account: nobody. Administrators invite members, with a link of their own."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.urls import reverse

from commonground.agency.models import Member


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def first_sign_in(member: Member) -> str:
    """The address where they choose their password. Whoever holds it can enter in their name."""
    token = default_token_generator.make_token(member)
    names = {"uidb36": user_pk_to_url_str(member), "key": token}
    return reverse("account_reset_password_from_key", kwargs=names)
