"""The agency and its people."""

from __future__ import annotations

import hmac
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.states import FirstDrill, Role
from commonground.kit.clock import database_now
from commonground.kit.lasting import lasting_key
from commonground.kit.marks import mark
from commonground.kit.sites import own_site, site_called

# Long enough that whoever is away from work for a night hears of it and can call it off.
RECOVERY_WAITS = timedelta(hours=24)

ROLE_LABELS = {
    Role.AUTHOR: _("Author"),
    Role.APPROVER: _("Approver"),
    Role.TRAINER: _("Trainer"),
    Role.RECORDS: _("Records officer"),
    Role.ADMIN: _("Administrator"),
    Role.AUDITOR: _("Auditor"),
}


# Whose words reach the public, by writing them or by letting them out.
SPEAKERS = frozenset({Role.AUTHOR, Role.APPROVER})


class AgencyQuerySet(models.QuerySet["Agency"]):
    def in_public(self) -> Self:
        """Those that speak to the public, the one founded first before all others."""
        return self.filter(drill=False).order_by("founded_at", "name")


class Agency(models.Model):
    """A service that speaks to its public: a police force, a fire service, a city."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80, unique=True)
    motto = models.CharField(max_length=160, blank=True)
    languages = models.JSONField(default=list)  # ISO 639-1, the public's most spoken first
    time_zone = models.CharField(max_length=60, default="UTC")
    emergency_number = models.CharField(max_length=20, default="911")
    drill = models.BooleanField(default=False, editable=False)
    # How long somebody new may work with a password alone.
    days_for_factors = models.PositiveSmallIntegerField(default=14)
    # When somebody here last looked over what stands above; it was founded by a command.
    described_at = models.DateTimeField(null=True, editable=False)
    # The first is who the public meets at the installation's own address.
    founded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgencyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def site(self) -> str:
        """What its public addresses begin with: an address of its own, or the installation's."""
        return site_called(self.slug)

    @property
    def found_at(self) -> str:
        """Where the public meets this agency and no other; "" where it does not yet."""
        alone = self.site != own_site() or self == Agency.objects.in_public().first()
        return self.site if alone and not self.drill else ""

    @property
    def language(self) -> str:
        """The language drafts begin in, and the desk itself writes in when nobody pressed a key."""
        return str(self.languages[0]) if self.languages else "en"


class Unit(models.Model):
    """A division, a station, a team."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="unit_once", fields=["agency", "name"])]

    def __str__(self) -> str:
        return self.name


class MemberManager(BaseUserManager["Member"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> Member:
        member = Member(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save()
        return member


class Member(AbstractBaseUser, PermissionsMixin):
    """A person on the desk. Holds roles - what they may do - rather than ranks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="members")
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="members"
    )
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, blank=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    # Another account of the same person: what one of them wrote the other cannot approve.
    same_as = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="others"
    )

    # Whoever is invited practises first; see `rules.must_have_drilled`.
    first_drill = models.CharField(
        max_length=6, blank=True, default=FirstDrill.NOT_ASKED.value, editable=False,
        choices=[
            (FirstDrill.OWED.value, _("still to come")), (FirstDrill.DONE.value, _("done")),
            (FirstDrill.LIFTED.value, _("lifted by an administrator")),
        ],
    )  # fmt: skip

    # When they had seen enough of the hints for somebody new; see kit/now.html.
    toured_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="first_drill_is_known",
                condition=Q(first_drill__in=[f.value for f in FirstDrill]),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[str]:
        """What this member may do, asked once for each time the member is loaded."""
        if not hasattr(self, "_roles"):
            self._roles = frozenset(self.role_rows.values_list("role", flat=True))
        return self._roles

    def is_also(self, other: Member) -> bool:
        """Whether both accounts are one person's: linked, or reached at the same mailbox."""
        linked = {self.same_as_id or self.pk} & {other.same_as_id or other.pk}
        return bool(linked) or mailbox_of(self.email) == mailbox_of(other.email)

    @property
    def owes_first_drill(self) -> bool:
        """Whether what they say, or let out, waits until they have practised once."""
        return self.first_drill == FirstDrill.OWED and bool(SPEAKERS & self.roles)

    def certified(self) -> bool:
        """Whether a certificate to speak for the service is in force this second."""
        return any(held.is_ours() for held in self.certificates.in_force())


def mailbox_of(email: str) -> str:
    """Where a letter to this address ends up: what follows a plus sign is for its owner alone."""
    name, _at, host = email.lower().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def now(self) -> Self:
        now = timezone.now()
        return self.filter(starts_at__lte=now, ends_at__gt=now, ended_at=None)

    def ahead(self) -> Self:
        return self.filter(ends_at__gt=timezone.now(), ended_at=None)


class Absence(models.Model):
    """Somebody is away and not waited for; their deputy stands in where they are asked by unit."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="standing_in"
    )
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, editable=False)  # back before that

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(ends_at__gt=models.F("starts_at"))
            ),
            models.CheckConstraint(
                name="absence_deputy_is_another", condition=~Q(deputy=models.F("member"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} is away"

    @property
    def agency_id(self) -> uuid.UUID:
        return self.member.agency_id


class MemberRole(models.Model):
    """One thing one member may do."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="role_rows")
    role = models.CharField(max_length=12, choices=[(r.value, ROLE_LABELS[r]) for r in Role])
    since = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="role_held_once", fields=["member", "role"]),
            models.CheckConstraint(
                name="role_is_known", condition=Q(role__in=[r.value for r in Role])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} may {self.role}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def in_force(self) -> Self:
        now = database_now()  # not a machine's: whoever sets that back does not speak longer
        return self.filter(awarded_at__lte=now, expires_at__gt=now, revoked_at=None)


class Certificate(models.Model):
    """Proof that a member was trained to speak for us; a lapse closes the right at once."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="certificates")
    course = models.CharField(max_length=80)
    awarded_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Who can write to the database and does not hold the desk's key awards nothing, prolongs
    # nothing and gives nobody another's.
    mark = models.CharField(max_length=64, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="certificate_ends_after_it_begins",
                condition=Q(expires_at__gt=models.F("awarded_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {self.member}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.mark = self.own_mark()
        super().save(*args, **kwargs)

    def own_mark(self) -> str:
        times = (at.astimezone(UTC).isoformat() for at in (self.awarded_at, self.expires_at))
        said = "\n".join((str(self.member_id), self.course, *times))
        return mark(lasting_key("certificates"), "certificate", said)

    def is_ours(self) -> bool:
        return hmac.compare_digest(self.mark, self.own_mark())


class SignedIn(models.Model):
    """One browser in which a member is signed in, so that they can see and end it."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="signed_in")
    session = models.CharField(max_length=40, unique=True)  # the key of the row, not the cookie
    since = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=60, blank=True)  # "Firefox on Windows", as it says itself

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.member} on {self.device}"


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def open(self) -> Self:
        """Those that may still lead to a new way in."""
        return self.filter(ended_at=None)


class Recovery(models.Model):
    """Somebody lost every way in. Two administrators give them another, a day later."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="recoveries")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # carried out, or called off
    called_off = models.BooleanField(default=False)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                name="recovery_one_at_a_time", fields=["member"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="recovery_takes_two", condition=~Q(agreed_by=models.F("asked_by"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def agency_id(self) -> uuid.UUID:
        return self.member.agency_id

    @property
    def ready_at(self) -> datetime | None:
        """From when it may be carried out."""
        return self.agreed_at + RECOVERY_WAITS if self.agreed_at else None


class OutsideAccount(models.Model):
    """A member's account at another house that may let them in. Which one it is cannot be read."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="elsewhere")
    mark = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.member} elsewhere"


class Sheet(models.Model):
    """A spreadsheet that somebody brought: read, looked over row by row, then taken or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="sheets")
    kind = models.CharField(max_length=20)  # what its rows are
    name = models.CharField(max_length=120)  # of the file
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="sheets")
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list)  # until it is taken
    made = models.JSONField(default=list)  # the keys of what was made of it
    brought_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-brought_at"]
        constraints = [
            models.CheckConstraint(
                name="sheet_undone_was_taken",
                condition=Q(undone_at=None) | Q(taken_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
