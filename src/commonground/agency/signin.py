"""Who may make an account: nobody. Administrators invite members, with a link of their own."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from commonground.agency import actions
from commonground.agency.models import Member


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @transaction.atomic
    def set_password(self, user: Member, password: str) -> None:
        """However it is chosen - by invitation, from a new link, while signed in - it is told."""
        super().set_password(user, password)
        actions.choose_password(user)


@receiver(post_save, sender=Authenticator)
def a_way_in_was_added(instance: Any, *, created: bool, **_: Any) -> None:
    """A passkey, one-time codes, recovery codes. Using one saves it too, and is no news."""
    if created:
        actions.add_way_in(instance.user, kind=instance.type)


@receiver(post_delete, sender=Authenticator)
def a_way_in_was_removed(instance: Any, **_: Any) -> None:
    actions.remove_way_in(instance.user, kind=instance.type)


def first_sign_in(member: Member) -> str:
    """The address where they choose their password. Whoever holds it can enter in their name."""
    token = default_token_generator.make_token(member)
    names = {"uidb36": user_pk_to_url_str(member), "key": token}
    return reverse("account_reset_password_from_key", kwargs=names)
