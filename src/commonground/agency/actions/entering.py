"""Coming in, being kept out, and every change of how somebody comes in."""

from __future__ import annotations

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from commonground.agency import queries, rules
from commonground.agency.models import Agency, Member, OutsideAccount, Recovery
from commonground.agency.states import Role
from commonground.kit.mail import send
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import THE_DESK, witness

TOLD_ONCE_IN = 3600  # seconds: whoever knocks a thousand times does not fill the record


def enter(member: Member, *, how: str) -> None:
    """They signed in, by a password, a passkey, a code."""
    witness("enter", member, by=member, how=how)


def go(member: Member) -> None:
    """They signed out."""
    witness("go", member, by=member)


def prove_again(member: Member, *, how: str) -> None:
    """They were asked once more before something dangerous, and it was them."""
    witness("prove_again", member, by=member, how=how)


def fail_to_enter(member: Member, *, how: str) -> None:
    """Somebody tried to be them and was not. Told once an hour."""
    if cache.add(f"failed-to-enter-{member.pk}", "told", TOLD_ONCE_IN):
        witness("fail_to_enter", member, by=THE_DESK, how=how)


@transaction.atomic
def end_sign_ins(member: Member, *, sessions: Collection[str], by: Member) -> int:
    """From the next click on these browsers are nobody's. Words in unsent forms stay there."""
    rules.may_end_sign_ins(member, by)
    ours = list(member.signed_in.filter(session__in=sessions).values_list("session", flat=True))
    Session.objects.filter(session_key__in=ours).delete()
    member.signed_in.filter(session__in=ours).delete()
    if ours:
        witness("end_sign_in", member, by=by, many=len(ours))
    return len(ours)


@transaction.atomic
def connect(member: Member, *, issuer: str, subject: str) -> OutsideAccount:
    """From now on that account, at another house, lets this member in."""
    mark = queries.mark_elsewhere(issuer, subject)
    if OutsideAccount.objects.filter(mark=mark).exclude(member=member).exists():
        raise Refused(_("That account lets somebody else in already."))
    made, _new = OutsideAccount.objects.update_or_create(member=member, defaults={"mark": mark})
    witness("connect", member, by=member, house=issuer)
    return made


@transaction.atomic
def disconnect(member: Member, *, by: Member) -> None:
    """It lets them in no more."""
    if OutsideAccount.objects.filter(member=member).delete()[0]:
        witness("disconnect", member, by=by)


@transaction.atomic
def set_days_for_factors(agency: Agency, *, days: int, by: Member) -> Agency:
    """How long somebody new may work with a password alone."""
    rules.may_change_members(by)
    before, agency.days_for_factors = agency.days_for_factors, days
    agency.save(update_fields=["days_for_factors"])
    witness("set_days_for_factors", agency, by=by, agency=agency.pk, before=before, after=days)
    return agency


@transaction.atomic
def ask_to_recover(member: Member, *, reason: str, by: Member) -> Recovery:
    """Say that somebody lost every way in. A second administrator must agree, and then a day
    passes in which they themselves can call it off."""
    rules.may_ask_to_recover(member, by)
    made = Recovery.objects.create(member=member, reason=reason[:300], asked_by=by)
    witness("ask_to_recover", member, by=by, reason=made.reason)
    transaction.on_commit(lambda: tell_all(made))
    return made


@transaction.atomic
def agree_to_recover(recovery: Recovery, *, by: Member) -> Recovery:
    """The second yes. A day from now the way can be opened."""
    rules.may_agree_to_recover(recovery, by)
    still = Recovery.objects.open().filter(pk=recovery.pk, agreed_by=None)
    if not still.update(agreed_by=by, agreed_at=timezone.now()):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    witness("agree_to_recover", recovery.member, by=by)
    made = Recovery.objects.get(pk=recovery.pk)
    transaction.on_commit(lambda: tell_all(made))
    return made


@transaction.atomic
def call_off_recovery(recovery: Recovery, *, by: Member) -> Recovery:
    """It does not happen: they have their passkey, or never lost it. Nothing has changed."""
    rules.may_call_off_recovery(recovery, by)
    still = Recovery.objects.open().filter(pk=recovery.pk)
    if not still.update(ended_at=timezone.now(), called_off=True):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    witness("call_off_recovery", recovery.member, by=by)
    made = Recovery.objects.get(pk=recovery.pk)
    transaction.on_commit(lambda: tell_all(made))
    return made


@transaction.atomic
def recover(recovery: Recovery, *, by: Member) -> Member:
    """All their old ways in are gone, and every browser is signed out; a new one can be handed
    over. Their roles and what they wrote stay."""
    recovery = Recovery.objects.select_for_update().get(pk=recovery.pk)
    rules.may_recover(recovery, by)
    member = recovery.member
    end_sign_ins(
        member, by=by, sessions=list(member.signed_in.values_list("session", flat=True))
    )  # fmt: skip
    disconnect(member, by=by)
    for factor in Authenticator.objects.filter(user=member):
        factor.delete()
    member.set_unusable_password()
    member.last_login = None
    member.save(update_fields=["password", "last_login"])
    Recovery.objects.filter(pk=recovery.pk).update(ended_at=timezone.now())
    witness("recover", member, by=by)
    return member


def tell_all(recovery: Recovery) -> None:
    """The member, and every administrator: whoever was deceived, another one sees it."""
    member = recovery.member
    admins = member.agency.members.filter(is_active=True, role_rows__role=Role.ADMIN).distinct()
    for person in {member, *admins}:
        with translation.override(person.language or member.agency.language):
            send(person.email, subject_of(recovery), body_of(recovery, person))


def subject_of(recovery: Recovery) -> str:
    return _("A new way in for %(name)s") % {"name": recovery.member.name}


def body_of(recovery: Recovery, reader: Member) -> str:
    told = {"name": recovery.member.name, "first": recovery.asked_by.name,
            "second": recovery.agreed_by.name if recovery.agreed_by else "",
            "reason": recovery.reason}  # fmt: skip
    if recovery.called_off:
        return _("It was called off. Nothing has changed.")
    if recovery.agreed_by:
        said = _(
            "%(first)s and %(second)s said that %(name)s has lost every way in. A day from now "
            "all of them end and a new one is made."
        )
    else:
        said = _(
            "%(first)s says that %(name)s has lost every way in: %(reason)s\n\nNothing happens "
            "until a second administrator agrees, and then not for a day."
        )
    if reader == recovery.member:
        said += "\n\n" + _("If that is not so, sign in now, open “My sign-in”, and call it off.")
    else:
        said += "\n\n" + _("If you doubt it, call %(name)s by a number you know.")
    return said % told
