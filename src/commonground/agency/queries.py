"""Reads of the agency that pages share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import ForeignObjectRel, Max, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, pgettext

from commonground.agency.models import Agency, Certificate, Member
from commonground.agency.states import Role
from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark
from commonground.record.models import Entry


def members_of(agency: Agency) -> QuerySet[Member]:
    """Everyone, with their unit, their roles, and until when they may speak for us."""
    now = timezone.now()
    in_force = Q(
        certificates__awarded_at__lte=now,
        certificates__expires_at__gt=now,
        certificates__revoked_at=None,
    )
    people = agency.members.select_related("unit").prefetch_related("role_rows")
    certified_until = Max("certificates__expires_at", filter=in_force)
    return people.annotate(certified_until=certified_until).order_by("-is_active", "name")


def active(agency: Agency) -> list[Member]:
    """Those who may come in, each with what they may do."""
    people = agency.members.filter(is_active=True)
    found = list(people.prefetch_related("role_rows"))
    for person in found:
        person._roles = frozenset(row.role for row in person.role_rows.all())
    return found


def mark_elsewhere(issuer: str, subject: str) -> str:
    """Stands for an account at another house; nobody without our key can tell which."""
    return mark(lasting_key("accounts elsewhere"), issuer, subject)


def known_elsewhere(issuer: str, subject: str) -> Member | None:
    """Whom that account lets in here. An address of e-mail lets in nobody."""
    known = Member.objects.filter(elsewhere__mark=mark_elsewhere(issuer, subject), is_active=True)
    return known.first()


def certified_now(people: Collection[Member]) -> set[object]:
    """The keys of those who hold a certificate in force that this desk awarded."""
    held = Certificate.objects.in_force().filter(member__in=people)
    return {certificate.member_id for certificate in held if certificate.is_ours()}


def is_used(thing: Model, *, made_by: str) -> bool:
    """Whether anybody did anything with it since it was made, or anything points at it."""
    if Entry.objects.about(thing).exclude(verb=made_by).exists():
        return True
    return any(
        points_at(pointing, thing) for pointing in thing._meta.get_fields(include_hidden=True)
    )


def points_at(pointing: object, thing: Model) -> bool:
    """Whether this is what another table holds of it, and a row there does."""
    if not isinstance(pointing, ForeignObjectRel):
        return False
    rows = pointing.related_model._base_manager
    return bool(rows.filter(**{pointing.field.name: thing.pk}).exists())


@dataclass(frozen=True, slots=True)
class Hint:
    """One word of the desk, and what it means to whoever reads it."""

    word: str
    said: str
    to: str


# Those whose work the people are who wrote to us; to all others it is a word, and no way.
READ_THE_INBOX = frozenset({Role.AUTHOR, Role.APPROVER, Role.RECORDS, Role.AUDITOR})


def hints_for(member: Member) -> list[Hint]:
    """What the words on the first page mean, for somebody new: four for everybody, one of their
    own."""
    return [
        Hint(
            pgettext("hint", "Hear"),
            _("What people say in public arrives here from the places we listen to. We count voices"
              " on topics; nobody is listed or followed."), "hear:sources",
        ),
        Hint(
            pgettext("hint", "Spot"),
            _("When talk rises above the usual, a moment opens. Its clock shows how long help would"
              " still be heard."), "spot:moments",
        ),
        Hint(pgettext("hint", "Say"), what_say_means(member), "say:posts"),
        Hint(
            pgettext("hint", "Answer"),
            _("Whoever writes to us waits in one inbox. One person takes it, and everybody sees"
              " who."), "answer:inbox" if member.roles & READ_THE_INBOX else "",
        ),
        own_hint(member),
    ]  # fmt: skip


def what_say_means(member: Member) -> str:
    if Role.AUTHOR in member.roles:
        return _("You write once, and each channel gets words of its own. Nothing goes out until a"
                 " second person said yes.")  # fmt: skip
    if Role.APPROVER in member.roles:
        return _("Others write; you read what each channel will show. Your yes is for these exact"
                 " words, and stands under Approve.")  # fmt: skip
    return _("Authors write and approvers read it, each for every channel. You see where every post"
             " stands.")  # fmt: skip


def own_hint(member: Member) -> Hint:
    if Role.ADMIN in member.roles:
        said = _("What this desk still needs, in its order. The desk looks up how far each is.")
        return Hint(pgettext("hint", "Set up"), said, "agency:setup")
    if Role.TRAINER in member.roles:
        said = _("Courses, drills and certificates. Without a certificate in force nobody speaks.")
        return Hint(pgettext("hint", "Train"), said, "train:train")
    if member.roles & {Role.RECORDS, Role.AUDITOR}:
        said = _("Every step anybody took, which outsiders can check. Nothing in it is changed.")
        return Hint(pgettext("hint", "Record"), said, "record:record")
    said = _("If an account is taken over or something goes badly wrong, anybody stops everything."
             " Two start it again.")  # fmt: skip
    return Hint(pgettext("hint", "Stop"), said, "protect:stop")
