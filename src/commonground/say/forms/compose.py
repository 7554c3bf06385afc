"""What an author typed on the page of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.channels.engine import writable
from commonground.channels.models import Channel
from commonground.kit.forms import TimeField
from commonground.say.engine.words import Words
from commonground.say.forms.alerts import AlertFields, alert_as_typed
from commonground.say.forms.languages import LANGUAGES
from commonground.say.forms.speaking import speaks_field
from commonground.say.forms.threads import parting_field
from commonground.say.models import Post


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One channel's row of the form: chosen or not, its own words or the shared ones."""

    channel: Channel
    chosen: forms.BoundField
    own: forms.BoundField
    text: forms.BoundField
    speaks: forms.BoundField | None  # asked only where there is a choice


class ComposeForm(AlertFields):
    title = forms.CharField(
        max_length=120, label=_("Headline"), help_text=_("For the newsroom and the record.")
    )
    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 7}), strip=True, max_length=20_000,
        label=_("What we say"),
        help_text=_("One text for all channels; you can change it for one."),
    )  # fmt: skip
    language = forms.ChoiceField(choices=LANGUAGES, label=_("Language of the post"))
    parting = parting_field()
    go_out_at = TimeField(
        required=False, label=_("When"), help_text=_("Leave empty to go out once approved."),
    )  # fmt: skip

    # Which open page this is, and whose words it started from: see actions.write.
    page = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)
    before = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)
    turn = forms.IntegerField(
        min_value=0, max_value=1_000_000, required=False, widget=forms.HiddenInput
    )

    urgent = forms.BooleanField(
        required=False, label=_("Urgent"),
        help_text=_("Goes before all others, and is not sent once 15 minutes have passed."),
    )  # fmt: skip
    good_for = forms.IntegerField(
        required=False, min_value=1, max_value=7 * 24 * 60, label=_("Minutes it stays good for"),
        help_text=_("Later than this it is not sent, and a person is told. Empty: the usual."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, channels: Sequence[Channel], languages: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.channels = channels
        if not any(channel.kind.alerts for channel in channels):
            self.leave_out_alerts()
        for channel in channels:
            self.fields[f"on_{channel.pk}"] = forms.BooleanField(required=False, label=channel.name)
            self.fields[f"own_{channel.pk}"] = forms.BooleanField(
                required=False,
                label=_("Change the words for %(channel)s only") % {"channel": channel},
            )
            self.fields[f"text_{channel.pk}"] = forms.CharField(
                required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
                label=_("Words for %(channel)s") % {"channel": channel},
            )  # fmt: skip
            if len(languages) > 1 and not channel.kind.languages:
                self.fields[f"speaks_{channel.pk}"] = speaks_field(channel, languages)

    def clean(self) -> dict[str, Any]:
        """Signs that come along with pasted words and show nothing are left out: no feed could
        hold them. And the terms of an alert count only where it is one."""
        typed = super().clean() or {}
        if not typed.get("is_alert"):
            for name in [n for n in self.errors if n.startswith("alert_")]:
                del self.errors[name]
        return {k: writable(v) if isinstance(v, str) else v for k, v in typed.items()}

    def rows(self) -> Iterator[OwnWords]:
        for channel in self.channels:
            yield OwnWords(
                channel,
                self[f"on_{channel.pk}"],
                self[f"own_{channel.pk}"],
                self[f"text_{channel.pk}"],
                self[speaks] if (speaks := f"speaks_{channel.pk}") in self.fields else None,
            )

    def pages(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name) or "" for name in ("page", "before")}

    def which_turn(self) -> int:
        return self.cleaned_data.get("turn") or 0

    def words(self) -> Words:
        """What was typed, valid or not: a preview must work while the author is still writing."""
        typed = self.cleaned_data
        chosen = [c for c in self.channels if typed.get(f"on_{c.pk}")]
        detached: dict[UUID, str] = {
            c.pk: typed.get(f"text_{c.pk}") or "" for c in chosen if typed.get(f"own_{c.pk}")
        }
        return Words(
            title=typed.get("title") or "",
            text=typed.get("text") or "",
            language=typed.get("language") or "en",
            channels=frozenset(c.pk for c in chosen),
            detached=detached,
            speaks={c.pk: said for c in chosen if (said := typed.get(f"speaks_{c.pk}"))},
            go_out_at=typed.get("go_out_at"),
            urgent=bool(typed.get("urgent")),
            good_for=typed.get("good_for"),
            parting=typed.get("parting") or "",
            alert=self.alert(),
            alert_asked=self.asks_for_alerts(),
        )


def as_typed(post: Post) -> dict[str, Any]:
    """A saved draft, as the form shows it."""
    typed: dict[str, Any] = {
        "title": post.title,
        "text": post.text,
        "language": post.language,
        "go_out_at": post.go_out_at,
        "urgent": post.urgent,
        "good_for": post.good_for,
        "parting": post.parting,
        "page": uuid4().hex,
        "turn": 0,
        "before": post.written_on,
    }
    typed |= alert_as_typed(post)
    for variant in post.variants.all():
        typed[f"on_{variant.channel_id}"] = True
        typed[f"own_{variant.channel_id}"] = variant.detached
        typed[f"text_{variant.channel_id}"] = "" if variant.boosts_id else variant.text
        typed[f"speaks_{variant.channel_id}"] = variant.speaks
    return typed


class StartForm(forms.Form):
    """Where a draft starts from: a moment, an hour of the calendar, or nothing."""

    moment = forms.UUIDField(required=False)
    at = TimeField(required=False)


WITH_THE_WORDS = {"form": "compose"}  # the id of the form of the words


class PictureForm(forms.Form):
    """Stands in the form of the words, so that a picture takes along what was typed."""

    # Sending for approval must not ask for a picture.
    use_required_attribute = False

    upload = forms.FileField(
        label=_("Picture"), help_text=_("JPEG, PNG or WebP, up to 10 MB. Its location is removed."),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", **WITH_THE_WORDS}
        ),
    )  # fmt: skip
    alt = forms.CharField(
        max_length=1500, label=_("Words for people who cannot see it"),
        widget=forms.Textarea(attrs={"rows": 2, **WITH_THE_WORDS}),
    )  # fmt: skip

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > 10 * 1024 * 1024:
            raise forms.ValidationError(_("This file is larger than 10 MB."))
        return upload
