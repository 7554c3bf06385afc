"""One act: what the log says of it for ever, and what we know of it for a while."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cached_property
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commonground.kit.envelope import SealBroken, unlocked, unwrapped
from commonground.record.engine.acts import MODERATION
from commonground.record.engine.leaves import INNER, fact

# Verbs whose facts are words of people who wrote to us, and the roles that may read them: those
# who answer people, and those who look on them and on the record.
OF_RESIDENTS = ("receive",)
MAY_READ_RESIDENTS = {"author", "approver", "auditor", "records"}


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, agency_id: object) -> Self:
        """What this agency did, newest first."""
        return self.filter(agency=str(agency_id)).order_by("-number")

    def readable_by(self, roles: Collection[str]) -> Self:
        """Without those whose facts are residents' words, for whoever may not read these."""
        if MAY_READ_RESIDENTS.intersection(roles):
            return self
        return self.exclude(verb__in=OF_RESIDENTS)

    def about(self, *subjects: object) -> Self:
        """What happened to these things, newest first."""
        return self.filter(subject__in=[name_of(s) for s in subjects]).order_by("-number")

    def in_clear(self, size: int) -> Self:
        """What anybody may read of the first `size` entries, newest first."""
        return self.exclude(type=INNER).filter(number__lte=size).order_by("-number")

    def of_moderation(self) -> Self:
        return self.filter(type__in=MODERATION)


class EntryManager(models.Manager["Entry"]):
    def get_queryset(self) -> EntryQuerySet:
        """With what opens it: pages read entries by the dozen."""
        return EntryQuerySet(self.model, using=self._db).select_related("kept", "data_key")


class Entry(models.Model):
    """One thing that happened.

    It holds names, not foreign keys: the record must outlive whatever it speaks of,
    and must never stop anyone from deleting it. Who it was, and what was said, stands sealed in
    `Kept`, under a key of its own: so it can be erased, and the entry stays.
    """

    number = models.PositiveBigIntegerField(primary_key=True)  # from 1; the log counts from 0
    at = models.DateTimeField(default=timezone.now, editable=False)
    agency = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    type = models.CharField(max_length=60, default=INNER)
    leaf = models.BinaryField()
    digest = models.CharField(max_length=64)  # of the leaf, as the tree holds it

    objects = EntryManager.from_queryset(EntryQuerySet)()

    class Meta:
        # Not `unique` of the field: PostgreSQL would get a second index, for words that begin
        # with something, which nobody asks for and each new entry would pay for.
        constraints = [models.UniqueConstraint(fields=["digest"], name="entry_is_one")]
        indexes = [
            models.Index(fields=["agency", "-number"], name="entry_by_agency"),
            models.Index(fields=["subject", "-number"], name="entry_by_subject"),
            models.Index(fields=["-number"], name="entry_in_clear", condition=~Q(type=INNER)),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.verb} {self.subject}"

    @property
    def index(self) -> int:
        """Its place in the log, which counts from 0."""
        return self.number - 1

    @cached_property
    def opened(self) -> tuple[list[str], str]:
        """What opens the leaf, and the seed (base64url) of what it is filled up with; nothing,
        once it was erased. Raises SealBroken."""
        held, lock = getattr(self, "kept", None), getattr(self, "data_key", None)
        if held is None or lock is None:
            return [], ""
        place = bytes.fromhex(self.digest)
        data_key = unwrapped(bytes(lock.wrapped), place)
        shown, seed = json.loads(unlocked(bytes(held.sealed), data_key, place))
        return [str(one) for one in shown], str(seed)

    @property
    def disclosures(self) -> list[str]:
        return self.opened[0]

    @cached_property
    def facts(self) -> dict[str, Any]:
        return dict(fact(one) for one in self.disclosures)

    @property
    def is_erased(self) -> bool:
        return not self.facts

    @property
    def who(self) -> str:
        return str(self.facts.get("who", ""))

    @property
    def title(self) -> str:
        return str(self.facts.get("title", ""))

    @property
    def detail(self) -> dict[str, Any]:
        named = "detail."
        return {
            name.removeprefix(named): value
            for name, value in self.facts.items()
            if name.startswith(named)
        }


class Kept(models.Model):
    """The facts of one entry, sealed under its own key. Removed when they are erased."""

    entry = models.OneToOneField(
        Entry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="kept"
    )
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"what is known of entry {self.pk}"


class DataKey(models.Model):
    """The key of one entry's facts, itself sealed. In a table of its own, so that copies of it can
    be kept for days where copies of all else are kept for years: what is erased here is then
    erased there."""

    entry = models.OneToOneField(
        Entry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="data_key"
    )
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return f"the key of entry {self.pk}"


class Lookup(models.Model):
    """The words of one entry to find it by, each hashed with the entry's own key: without that
    key they are noise, so whoever erases the entry erases them in every copy."""

    number = models.PositiveBigIntegerField(primary_key=True)
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return f"what entry {self.pk} is found by"


def name_of(subject: object) -> str:
    """post:6f1c..., the way the record names what it speaks of."""
    # Not type(): request.user is a wrapper around the member.
    return f"{subject.__class__.__name__.lower()}:{getattr(subject, 'pk', subject)}"


__all__ = ["DataKey", "Entry", "EntryQuerySet", "Kept", "Lookup", "SealBroken", "name_of"]
