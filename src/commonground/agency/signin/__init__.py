"""How members come in: who may make an account (nobody), what is counted against guessing, and
what the record hears of it."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed, user_logged_in
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from commonground.agency import actions
from commonground.agency.models import Member
from commonground.agency.signin.browsers import give_new_cookie
from commonground.agency.signin.proofs import kind_of
from commonground.kit.envelope import opened_text, sealed_text
from commonground.kit.marks import network_of
from commonground.kit.rewrapping import MARK
from commonground.kit.visitors import peer

# The best proof first. A password is asked for only where there is nothing else.
BETTER = {"mfa_reauthenticate:webauthn": 0, "mfa_reauthenticate": 1}


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @transaction.atomic
    def set_password(self, user: Member, password: str) -> None:
        """However it is chosen - by invitation, from a new link, while signed in - it is told."""
        super().set_password(user, password)
        actions.choose_password(user)

    def is_safe_url(self, url: str) -> bool:
        """Signing in leads to the desk: allauth would take any host that we answer to."""
        here = {context.request.get_host()}
        return url_has_allowed_host_and_scheme(url, allowed_hosts=here)

    def get_client_ip(self, request: HttpRequest) -> str:
        return peer(request) or "unknown"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted for an account from one network: somebody elsewhere who
        types nonsense in a member's name does not shut that member out."""
        login = str(credentials.get("email", "")).lower()
        return f"{login}:{network_of(peer(request))}"

    def get_reauthentication_methods(self, user: Member) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        better = [method for method in found if method["id"] in BETTER]
        return sorted(better, key=lambda method: BETTER[method["id"]]) or found


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of one-time codes and recovery codes stand sealed. The library does not say whose
    they are, so they are bound to their column alone: moved to another row they still open."""

    PLACE = b"mfa_authenticator.data"

    def encrypt(self, text: str) -> str:
        return MARK + sealed_text(text.encode(), self.PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return opened_text(encrypted_text.removeprefix(MARK), self.PLACE).decode()


@receiver(post_save, sender=Authenticator)
def a_way_in_was_added(instance: Any, *, created: bool, **_: Any) -> None:
    """A passkey, one-time codes, recovery codes. Using one saves it too, and is no news."""
    if created:
        actions.add_way_in(instance.user, kind=instance.type)


@receiver(post_delete, sender=Authenticator)
def a_way_in_was_removed(instance: Any, **_: Any) -> None:
    actions.remove_way_in(instance.user, kind=instance.type)


@receiver(user_logged_in)
def somebody_came_in(request: HttpRequest, user: Member, **_: Any) -> None:
    shown = [kind_of(record) for record in get_authentication_records(request, user)]
    actions.enter(user, how=", ".join(shown))


@receiver(user_logged_out)
def somebody_went(user: Member | None, **_: Any) -> None:
    if user is not None:
        actions.go(user)


@receiver(authentication_step_completed)
def somebody_proved_themselves(request: HttpRequest, user: Member, **step: Any) -> None:
    if step.get("reauthenticated"):
        give_new_cookie(request, user)
        actions.prove_again(user, how=kind_of(step))


@receiver(user_login_failed)
def somebody_was_kept_out(credentials: dict[str, Any], **_: Any) -> None:
    email = str(credentials.get("email", "")).lower()
    if member := Member.objects.filter(email=email).first():
        actions.fail_to_enter(member, how="password")


@receiver(authentication_failed)
def a_second_proof_was_wrong(user: Member, authenticator: Any, **_: Any) -> None:
    actions.fail_to_enter(user, how=authenticator.type)


def first_sign_in(member: Member) -> str:
    """The address where they choose their password. Whoever holds it can enter in their name."""
    token = default_token_generator.make_token(member)
    names = {"uidb36": user_pk_to_url_str(member), "key": token}
    return reverse("account_reset_password_from_key", kwargs=names)
