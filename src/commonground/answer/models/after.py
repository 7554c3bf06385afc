"""After an exchange: whether it helped, asked once, of nobody in particular."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency
from commonground.kit.lasting import lasting_key

OPEN_FOR = timedelta(days=30)
TOKEN_BYTES = 15


class Helped(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class AskedQuerySet(models.QuerySet["Asked"]):
    def behind(self, token: str) -> Self:
        return self.filter(link=link_of(token))


class Asked(models.Model):
    """One link in one answer, and what was said there. It leads to no conversation and to no
    person: nobody on the desk can look up who was not content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="asked")
    link = models.CharField(max_length=64, unique=True)  # the digest of its token
    asked_at = models.DateTimeField(default=timezone.now)
    said = models.CharField(max_length=6, choices=Helped.choices, blank=True)
    said_on = models.DateField(null=True)  # the day is enough

    objects = AskedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="asked_is_answered_in_words_we_know",
                condition=Q(said__in=["", *Helped.values]),
            ),
        ]
        indexes = [models.Index(fields=["agency", "asked_at"], name="answer_asked")]

    def __str__(self) -> str:
        return str(_("whether an answer helped"))

    @property
    def is_open(self) -> bool:
        return not self.said and timezone.now() < self.asked_at + OPEN_FOR


def new_token() -> str:
    """Nobody can guess it, and the table holds only what is made from it."""
    return urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).decode()


def link_of(token: str) -> str:
    key = lasting_key("whether an answer helped")
    return hmac.new(key, token.encode(errors="replace"), hashlib.sha256).hexdigest()
