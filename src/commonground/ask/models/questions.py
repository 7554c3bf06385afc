"""Questions to the public, statements, ballots and votes; and what they come to."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.ask.states import (
    STATEMENT,
    TRANSLATION,
    WORKFLOW,
    State,
    StatementState,
    TranslationState,
)
from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.kit.sealed import SealedJSONField

LONGEST = 140  # characters of a statement: one thought, read at one glance on a phone
LONGEST_WORD = 24
SETTLED = timedelta(minutes=1)
KEY_LIVES_ON = timedelta(days=30)  # after closing: long enough to answer a complaint


class Tier(models.TextChoices):
    """How sure we are that a ballot is one person's. The strongest first; never added up."""

    RESIDENT = "resident", _("with a code from us")
    CONFIRMED = "confirmed", _("with a confirmed e-mail address")
    OPEN = "open", _("open to anyone")


PROVEN = (Tier.RESIDENT, Tier.CONFIRMED)


class Reason(models.TextChoices):
    """Why a statement is not put to the vote. A short list, the same for everybody."""

    PERSON = "person", _("It names or points at a person")
    HARM = "harm", _("It threatens or insults")
    OFF = "off", _("It is about something else")
    UNCLEAR = "unclear", _("It cannot be agreed or disagreed with")
    SEVERAL = "several", _("It says several things at once")
    ADVERT = "advert", _("It is advertising")


class QuestionQuerySet(models.QuerySet["Question"]):
    def shown(self) -> Self:
        """What the public may see: never a draft, never a drill's."""
        return self.exclude(state=State.DRAFT).filter(agency__drill=False)

    def to_weigh(self) -> Self:
        """Over for a minute, so that no slow vote is missing, and not yet forgotten."""
        settled = timezone.now() - SETTLED
        over = self.filter(closed_at__lte=settled, key_gone_at=None).exclude(margins=[])
        return over.filter(pictures__weighed__isnull=True, pictures__tier__in=PROVEN).distinct()

    def over(self) -> Self:
        """Still open or paused, though their closing time has come."""
        running = self.filter(state__in=[State.OPEN, State.PAUSED])
        return running.filter(closes_at__lte=timezone.now())

    def with_keys_to_forget(self) -> Self:
        return self.filter(closed_at__lte=timezone.now() - KEY_LIVES_ON, key_gone_at=None)


class Question(models.Model):
    """Something the agency asks its public, at an address short enough for a poster."""

    WORKFLOW: ClassVar = WORKFLOW

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="questions")
    word = models.CharField(
        max_length=LONGEST_WORD, unique=True, validators=[RegexValidator(r"\A[a-z0-9-]+\Z")]
    )
    title = models.CharField(max_length=120)
    purpose = models.TextField(max_length=600)
    # The same in the question's other languages: {"fr": {"title": "...", "purpose": "..."}}.
    words = models.JSONField(default=dict, blank=True)
    languages = models.JSONField(default=list)  # ISO 639-1; the first is that of title and purpose
    tiers = models.JSONField(default=list)
    welcome = models.BooleanField(default=True)  # whether the public may add statements
    # What those who vote may tell of themselves, to be weighed by: see ask.engine.margins.
    margins = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, default=State.DRAFT.value, editable=False)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, editable=False)  # why it is paused
    closed_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    decided = models.TextField(max_length=2000, blank=True, editable=False)
    not_decided = models.TextField(max_length=2000, blank=True, editable=False)
    why = models.TextField(max_length=2000, blank=True, editable=False)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="questions")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    # Turns people into marks. Thrown away 30 days after closing; from then on nobody, not even
    # with the database and every address in the city, can tell whose ballot is whose.
    key = SealedJSONField(default=secrets.token_hex, editable=False)
    key_gone_at = models.DateTimeField(null=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="question_state_is_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="question_published_says_what_was_decided",
                condition=~Q(state=State.PUBLISHED.value) | ~Q(decided="") & ~Q(why=""),
            ),
            models.CheckConstraint(
                name="question_over_says_since_when",
                condition=~Q(state__in=["closed", "published"]) | Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ask:question", args=[self.pk])

    @property
    def language(self) -> str:
        return str(self.languages[0]) if self.languages else "en"

    @property
    def running(self) -> bool:
        """Whether a vote counts now."""
        now = timezone.now()
        begun = self.opens_at is None or self.opens_at <= now
        return (
            self.state == State.OPEN and begun and (self.closes_at is None or now < self.closes_at)
        )

    @property
    def not_yet(self) -> bool:
        """Opened by a second person, for a time that has not come."""
        later = self.opens_at is not None and self.opens_at > timezone.now()
        return self.state == State.OPEN and later

    def traits_in(self, language: str) -> tuple[str, list[tuple[str, list[str]]]]:
        """What may be told and the answers to choose from, and the language they are in: the one
        asked for, or the question's own."""
        rows = self.words.get(language, {}).get("traits")
        said = language if rows else self.language
        return said, [(row["name"], row["classes"]) for row in rows or self.margins]

    def weighs(self, tier: str) -> bool:
        """Whether people of this tier may tell what they are weighed by. Never where one person
        may hold any number of ballots: ten of a rare class would weigh as much as a hundred."""
        return bool(self.margins) and tier != Tier.OPEN

    def said(self, what: str, language: str) -> str:
        """Its title or purpose in a language, or in its own."""
        return str(self.words.get(language, {}).get(what) or getattr(self, what))

    @property
    def secret(self) -> bytes:
        return bytes.fromhex(self.key)


class Statement(models.Model):
    """One thought people can agree or disagree with. `number` is its name in the engine."""

    WORKFLOW: ClassVar = STATEMENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=LONGEST)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default=StatementState.WAITING.value, editable=False)
    written_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )  # nobody: a resident, of whom nothing is kept
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    reason = models.CharField(max_length=8, choices=Reason.choices, blank=True, editable=False)
    note = models.CharField(max_length=200, blank=True, editable=False)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="statement_numbered_once", fields=["question", "number"]),
            models.CheckConstraint(
                name="statement_state_is_known",
                condition=Q(state__in=[s.value for s in StatementState]),
            ),
            models.CheckConstraint(
                name="statement_refused_has_a_reason",
                condition=~Q(state=StatementState.REFUSED.value) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="statement_merged_into_another",
                condition=~Q(merged_into=F("pk")),
            ),
        ]

    def __str__(self) -> str:
        """Its number alone: what a resident wrote must not stand in the record for ever, before
        a person has looked at it."""
        return f"{self.question.word} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("ask:statement", args=[self.pk])

    @property
    def agency_id(self) -> uuid.UUID:
        return self.question.agency_id


class Translation(models.Model):
    """A statement in another of the question's languages. The public sees it once checked."""

    WORKFLOW: ClassVar = TRANSLATION

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=8)
    text = models.CharField(max_length=2 * LONGEST)  # some languages need more room
    by_machine = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=TranslationState.PROPOSED.value, editable=False)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(name="translation_once", fields=["statement", "language"]),
            models.CheckConstraint(
                name="translation_state_is_known",
                condition=Q(state__in=[s.value for s in TranslationState]),
            ),
            models.CheckConstraint(
                name="translation_checked_by_somebody",
                condition=Q(state="proposed") | Q(checked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement} ({self.language})"

    @property
    def agency_id(self) -> uuid.UUID:
        return self.statement.agency_id


class Ballot(models.Model):
    """One person's votes in one tier of one question. Who that is cannot be read from it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="ballots")
    tier = models.CharField(max_length=10, choices=Tier.choices)
    person = models.CharField(max_length=64)  # a mark: see ask.engine.marks
    salt = models.CharField(max_length=64, default=secrets.token_hex, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    cast = models.PositiveIntegerField(default=0)  # votes on it so far, changed ones too
    sealed = models.PositiveIntegerField(default=0)  # of these, under a seal of the record
    # The class in each of the question's margins, -1 untold; only if this person chose to say.
    traits = SealedJSONField(row=("salt",), default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="ballot_one_per_person", fields=["question", "tier", "person"]
            ),
            models.CheckConstraint(
                name="ballot_tier_is_known", condition=Q(tier__in=[t.value for t in Tier])
            ),
        ]
        indexes = [
            models.Index(
                name="ballot_unsealed", fields=["question"], condition=~Q(cast=F("sealed"))
            )
        ]

    def __str__(self) -> str:
        return f"ballot {self.pk}"


class Vote(models.Model):
    """One press of a button. Rows are only ever added; of two on one statement the later holds."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="votes")
    # Pressed 20,000 times an hour: an index that nobody asks would be written each time.
    statement = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="votes", db_index=False
    )
    value = models.SmallIntegerField()
    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="vote_is_one_of_three", condition=Q(value__in=[-1, 0, 1]))
        ]

    def __str__(self) -> str:
        return f"{self.value:+d}"


class Code(models.Model):
    """A code on paper, of which only a mark is kept."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="codes")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="code_once", fields=["question", "mark"])]

    def __str__(self) -> str:
        return self.mark[:8]


class DayKey(DayKeyBase):
    """What turns a day's networks into marks."""


class Arrival(ArrivalBase):
    """How often something came from one network, or for one person, within one hour."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="arrivals")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="arrival_once", fields=["question", "kind", "tag", "hour"])
        ]
