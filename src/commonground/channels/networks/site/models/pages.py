"""What the newsroom shows: a page for each post, and its pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commonground.channels.contract import Film, LinkCard, Message, Receipt
from commonground.channels.contract.alert import Alert
from commonground.channels.contract.rendering import Rendering, in_first_of
from commonground.channels.line.own import InLanguages, ShownPicture, site_of


class PageQuerySet(models.QuerySet["Page"]):
    def public(self) -> Self:
        """Every address we ever gave out, newest first; a withdrawn page says so."""
        return self.order_by("-published_at", "-key").prefetch_related("pictures")

    def standing(self) -> Self:
        """The pages whose words still stand."""
        return self.public().filter(withdrawn_at=None)


class Page(InLanguages):
    """A post of ours as the public reads it. Never deleted: a withdrawal leaves a stub."""

    # A page outlives everyone's wish to be rid of its channel.
    channel = models.ForeignKey(
        "commonground_channels.Channel", on_delete=models.PROTECT, related_name="pages"
    )
    key = models.CharField(max_length=13, unique=True)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    card = models.JSONField(null=True, blank=True)  # url, title, description
    alert = models.JSONField(null=True, blank=True)  # the terms of a public alert: contract.Alert
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    # What somebody wrote here that it answers: then it stands beneath that, and not by itself.
    answers = models.ForeignKey(
        "commonground_site.Comment", on_delete=models.PROTECT, null=True, blank=True,
        related_name="answered_by",
    )  # fmt: skip
    closed_at = models.DateTimeField(null=True, blank=True)  # nobody can comment any more
    fingerprint = models.CharField(max_length=64)
    published_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)  # why it was withdrawn

    objects = PageQuerySet.as_manager()
    spoken: Rendering | None = None  # in which of its languages it is being read

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.CheckConstraint(
                name="page_in_place_has_nothing_to_explain",
                condition=Q(why="") | Q(withdrawn_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["channel", "-published_at"], name="page_by_channel")]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    def get_absolute_url(self) -> str:
        return f"/newsroom/{self.key}"

    @property
    def place(self) -> str:
        """What comments beneath it say of where they stand."""
        return f"newsroom/{self.key}"

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.key, site_of(self.channel_id) + self.get_absolute_url())

    @property
    def link(self) -> LinkCard | None:
        """The card of the page this one points to."""
        return LinkCard(**self.card) if self.card else None

    @property
    def warning(self) -> Alert | None:
        """The public alert this page is, if it is one."""
        return Alert(**self.alert) if self.alert else None

    def as_published(self) -> Rendering:
        terms = self.warning
        if terms is None:
            return super().as_published()
        return replace(
            super().as_published(), event=terms.event, area=terms.area,
            instruction=terms.instruction,
        )  # fmt: skip

    def speak(self, *wanted: str) -> Self:
        """The alert and the video too."""
        super().speak(*wanted)
        if self.also:
            self.spoken = in_first_of([self.language], self.renderings)
        if self.alert and self.spoken:
            said = {name: getattr(self.spoken, name) for name in ("event", "area", "instruction")}
            self.alert = {**self.alert, **{name: words for name, words in said.items() if words}}
        return self

    @property
    def in_force_until(self) -> datetime | None:
        """When the public alert it is ends by itself."""
        return self.published_at + timedelta(hours=self.warning.hours) if self.warning else None

    @property
    def shown_film(self) -> PageFilm | None:
        """Its video, without the bytes: a page only names it."""
        film = PageFilm.objects.defer("content").filter(page=self).first()
        if film and self.spoken and self.spoken.alts:
            film.alt = self.spoken.alts[0]
        return film

    def in_force(self, now: datetime) -> bool:
        until = self.in_force_until
        return until is not None and self.withdrawn_at is None and now < until

    def hang(self, message: Message) -> None:
        """Put the message's pictures on the page, in their order."""
        rows = []
        for place, picture in enumerate(message.pictures):
            rows.append(PagePicture.of(place, picture, page=self))
            x, y = picture.focus or (0.5, 0.5)
            rows[-1].focus_x, rows[-1].focus_y = round(x * 1000), round(y * 1000)
        PagePicture.objects.bulk_create(rows)
        if film := message.film:
            PageFilm.objects.create(page=self, **{n: getattr(film, n) for n in PageFilm.SHOWN})


class PagePicture(ShownPicture):
    """A picture of a page."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="pictures")
    focus_x = models.PositiveSmallIntegerField(default=500)  # thousandths from the left
    focus_y = models.PositiveSmallIntegerField(default=500)  # and from the top

    class Meta(ShownPicture.Meta):
        constraints = [
            *ShownPicture.Meta.constraints,
            models.UniqueConstraint(name="page_picture_in_its_place", fields=["page", "place"]),
        ]

    @property
    def in_sight(self) -> str:
        """Classes of the style sheet: what stays in sight where the page crops, to a tenth."""
        return f"x-{round(self.focus_x / 100)} y-{round(self.focus_y / 100)}"


class PageFilm(models.Model):
    """The video of a page."""

    SHOWN = ("content", "type", "alt", "width", "height", "seconds", "captions", "language")

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="film")
    content = models.BinaryField()
    type = models.CharField(max_length=20)
    alt = models.CharField(max_length=1500)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    seconds = models.FloatField()
    captions = models.TextField()
    language = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.CheckConstraint(name="page_film_has_words", condition=~Q(alt="")),
            models.CheckConstraint(name="page_film_has_captions", condition=~Q(captions="")),
        ]

    def __str__(self) -> str:
        return self.alt[:60]

    @property
    def spoken(self) -> str:
        """All that is said in it, for whoever cannot hear and not read that fast."""
        return Film(b"", self.type, self.alt, 0, 0, 0, self.captions, self.language).spoken
