"""Turns what an author typed into what the actions take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Unit
from commonground.channels.models import Channel
from commonground.kit.forms import TimeField
from commonground.say.engine.words import Words
from commonground.say.models import Post, ReviewRule, Template, Verdict
from commonground.say.models.policy import MOST_STEPS, Said

# What a newsroom writes in; the interface itself has fewer languages.
LANGUAGES = [
    ("en", "English"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية"),
    ("zh", "中文"), ("pa", "ਪੰਜਾਬੀ"), ("de", "Deutsch"), ("pt", "Português"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnWords:
    """One channel's row of the form: chosen or not, its own words or the shared ones."""

    channel: Channel
    chosen: forms.BoundField
    own: forms.BoundField
    text: forms.BoundField


class ComposeForm(forms.Form):
    title = forms.CharField(
        max_length=120, label=_("Headline"), help_text=_("For the newsroom and the record.")
    )
    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 7}), strip=True, max_length=20_000,
        label=_("What we say"),
        help_text=_("One text for all channels; you can change it for one."),
    )  # fmt: skip
    language = forms.ChoiceField(choices=LANGUAGES, label=_("Language of the post"))
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

    def __init__(self, *args: Any, channels: Sequence[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channels = channels
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

    def rows(self) -> Iterator[OwnWords]:
        for channel in self.channels:
            yield OwnWords(
                channel,
                self[f"on_{channel.pk}"],
                self[f"own_{channel.pk}"],
                self[f"text_{channel.pk}"],
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
            go_out_at=typed.get("go_out_at"),
            urgent=bool(typed.get("urgent")),
            good_for=typed.get("good_for"),
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
        "page": uuid4().hex,
        "turn": 0,
        "before": post.written_on,
    }
    for variant in post.variants.all():
        typed[f"on_{variant.channel_id}"] = True
        typed[f"own_{variant.channel_id}"] = variant.detached
        typed[f"text_{variant.channel_id}"] = variant.text
    return typed


WITH_THE_WORDS = {"form": "compose"}  # the id of the form of the words


class StartForm(forms.Form):
    """Where a draft starts from: a moment, or nothing."""

    moment = forms.UUIDField(required=False)


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


class HoldForm(forms.Form):
    """Why posts are held, and which of those that wait."""

    reason = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, posts: Iterable[Post] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(post.pk): post for post in posts}

    def chosen(self) -> list[Post]:
        """Those of the posts still waiting that were ticked; others are no longer there to hold."""
        ticked = self.data.getlist("post") if hasattr(self.data, "getlist") else []
        return [self.offered[key] for key in dict.fromkeys(ticked) if key in self.offered]


class GlassForm(forms.Form):
    """A second person's look at what went out without one."""

    verdict = forms.ChoiceField(
        label=_("Was it right?"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    said = forms.CharField(
        label=_("In a few words"), max_length=300, help_text=_("It goes on the record.")
    )


class DecisionForm(forms.Form):
    """A reviewer's yes, or a reason. `read` is the digest of the words on the page they read."""

    read = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    reason = forms.CharField(max_length=300, required=False)
    have_read = forms.BooleanField(required=False)


WHEN_URGENT = [
    ("", _("Whether urgent or not")), ("yes", _("Urgent ones only")), ("no", _("Not urgent ones")),
]  # fmt: skip
CLOCK = {"type": "time"}


class RuleForm(forms.Form):
    """Which posts it is about, and who must then say yes, one step after the other."""

    name = forms.CharField(label=_("Name of the rule"), max_length=60)
    channels = forms.ModelMultipleChoiceField(
        label=_("On these channels"), queryset=Channel.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: on any channel."),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=_("Written in this unit"), queryset=Unit.objects.none(), required=False,
        empty_label=_("Any unit"),
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("About this topic"), required=False)
    urgent = forms.ChoiceField(label=_("Urgency"), choices=WHEN_URGENT, required=False)
    starts = forms.TimeField(
        label=_("From this hour"), required=False, widget=forms.TimeInput(CLOCK, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("To this hour"), required=False, widget=forms.TimeInput(CLOCK, format="%H:%M"),
        help_text=_("On the agency’s clocks, over midnight if need be. Empty: at any hour."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, agency: Agency, rule: ReviewRule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"initial": as_ruled(rule), **kwargs})
        self.agency, self.rule = agency, rule
        units = [(str(unit.pk), unit.name) for unit in agency.units.all()]
        for name, rows in (("channels", agency.channels.all()), ("unit", agency.units.all())):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        topics = agency.topics.order_by("name").values_list("name", flat=True)
        named = [(name, name) for name in dict.fromkeys(topics)]
        self.fields["topic"].choices = [("", _("Any topic")), *named]  # type: ignore[attr-defined]
        for n in range(1, MOST_STEPS + 1):
            self.fields[f"people_{n}"] = forms.IntegerField(
                label=_("Step %(n)s: how many people") % {"n": n}, required=n == 1,
                min_value=1, max_value=5,
            )  # fmt: skip
            self.fields[f"unit_{n}"] = forms.ChoiceField(
                label=_("Step %(n)s: of which unit") % {"n": n}, required=False,
                choices=[("", _("Any unit")), *units],
            )  # fmt: skip

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = self.agency.review_rules.filter(name__iexact=name).first()
        if same and same != self.rule:
            raise forms.ValidationError(_("There is a rule of this name."))
        return name

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (found.get("starts") is None) != (found.get("ends") is None):
            self.add_error("ends", _("Give both hours, or neither."))
        for n in range(2, MOST_STEPS + 1):  # a unit without a number means one of them
            if found.get(f"unit_{n}") and not found.get(f"people_{n}"):
                found[f"people_{n}"] = 1
        return found

    def said(self) -> Said:
        """What the action takes."""
        found = self.cleaned_data
        steps = [
            {"people": found[f"people_{n}"], "unit": found[f"unit_{n}"]}
            for n in range(1, MOST_STEPS + 1)
            if found[f"people_{n}"]
        ]
        urgent = {"yes": True, "no": False}.get(found["urgent"])
        kept = ("name", "channels", "unit", "topic", "starts", "ends")
        return cast(Said, {**{k: found[k] for k in kept}, "urgent": urgent, "steps": steps})


def as_ruled(rule: ReviewRule | None) -> dict[str, Any]:
    """A rule as its form shows it."""
    if rule is None:
        return {"people_1": 1}
    steps = {
        f"{what}_{n}": step[what] for n, step in enumerate(rule.steps, 1) for what in step
    }  # fmt: skip
    return {
        "name": rule.name, "channels": list(rule.channels.all()), "unit": rule.unit_id,
        "topic": rule.topic, "urgent": {True: "yes", False: "no", None: ""}[rule.urgent],
        "starts": rule.starts, "ends": rule.ends, **steps,
    }  # fmt: skip


class TemplateForm(forms.Form):
    """A prepared text, its blanks between double brackets."""

    name = forms.CharField(
        label=_("What it is for"), max_length=60, help_text=_("Closed road, missing child, storm.")
    )
    language = forms.ChoiceField(label=_("Language of these words"), choices=LANGUAGES)
    title = forms.CharField(label=_("Headline"), max_length=120)
    text = forms.CharField(
        label=_("What we say"), max_length=20_000, widget=forms.Textarea({"rows": 8}),
        help_text=_(
            "Put what changes between double brackets: “[[Road]] is closed until [[time]]”."
            " Nothing goes out while one is left."
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, agency: Agency, template: Template | None = None, **kwargs: Any
    ) -> None:
        names = ("name", "language", "title", "text")
        kept = {n: getattr(template, n) for n in names} if template else {}
        super().__init__(*args, **{"initial": kept or {"language": agency.language}, **kwargs})
        self.agency, self.template = agency, template

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = self.agency.templates.filter(name__iexact=name).first()
        if same and same != self.template:
            raise forms.ValidationError(_("There is a prepared text of this name."))
        return name


class BlanksForm(forms.Form):
    """One field for each blank of a prepared text; any may be left empty."""

    def __init__(self, *args: Any, blanks: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blanks = blanks
        for n, blank in enumerate(blanks):
            self.fields[f"blank_{n}"] = forms.CharField(
                label=blank, max_length=500, required=False
            )  # fmt: skip

    def words(self) -> dict[str, str]:
        return {blank: self.cleaned_data[f"blank_{n}"] for n, blank in enumerate(self.blanks)}
