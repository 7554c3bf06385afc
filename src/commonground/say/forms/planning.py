"""What somebody typed of a series or a campaign."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Member
from commonground.channels.engine import writable
from commonground.channels.models import Channel
from commonground.kit.forms import DayField
from commonground.say import queries
from commonground.say.forms.languages import LANGUAGES
from commonground.say.models import (
    LONGEST,
    MOST_AHEAD,
    MOST_MESSAGES,
    Campaign,
    Mark,
    Planned,
    Post,
    Recurrence,
    Series,
)

A_YEAR = timedelta(days=LONGEST)


class SeriesForm(forms.Form):
    title = forms.CharField(max_length=120, label=_("Headline"))
    text = forms.CharField(
        max_length=20_000, label=_("What we say"), widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "Put what changes each time between double brackets: “[[guest]]”. Such a draft waits"
            " for its author."
        ),
    )  # fmt: skip
    language = forms.ChoiceField(choices=LANGUAGES, label=_("Language of the post"))
    channels = forms.ModelMultipleChoiceField(
        queryset=Channel.objects.none(), label=_("Channels"), widget=forms.CheckboxSelectMultiple
    )
    since = DayField(label=_("First on"))
    at = forms.TimeField(
        label=_("At what time"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )  # fmt: skip
    every = forms.IntegerField(
        min_value=1, max_value=52, initial=1, label=_("Again every"),
        help_text=_("1 is every one, 2 every second one."),
    )  # fmt: skip
    repeats = forms.ChoiceField(
        choices=Recurrence.choices, initial=Recurrence.WEEK, label=_("Of what"),
        help_text=_("A month without a 29th, 30th or 31st has it on its last day."),
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        choices=[*WEEKDAYS.items()], coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, label=_("On which days"),
        help_text=_("For weeks. None ticked: the weekday of the first day."),
    )  # fmt: skip
    until = DayField(
        label=_("Until"), help_text=_("A year at most: then somebody reads whether it is still so.")
    )
    ahead = forms.IntegerField(
        min_value=1, max_value=MOST_AHEAD, initial=7, label=_("Days before that it is drafted")
    )
    asks = forms.BooleanField(
        required=False, initial=True, label=_("Ask for approval as soon as it is drafted"),
        help_text=_("Nothing goes out without an approval of each post."),
    )  # fmt: skip
    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(), required=False, label=_("Campaign"), empty_label=_("None")
    )

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = by.agency.time_zone
        self.fields["at"].help_text = format_lazy(
            _("By the clocks of {zone}, summer and winter."), zone=self.zone
        )
        choices = {"channels": queries.spoken_by(by), "campaign": by.agency.campaigns.all()}
        for name, rows in choices.items():
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        since, until = typed.get("since"), typed.get("until")
        if since and until and not since <= until <= since + A_YEAR:
            self.add_error("until", _("It ends on the first day at the earliest, within a year."))
        if since and since < timezone.localdate():
            self.add_error("since", _("This day has passed."))
        return {k: writable(v) if isinstance(v, str) else v for k, v in typed.items()}

    def said(self) -> Planned:
        typed = self.cleaned_data
        return cast("Planned", {**typed, "channels": list(typed["channels"])})


def as_planned(series: Series, first: date) -> dict[str, Any]:
    """A series, as the form shows it, from a day on."""
    names = ("title", "text", "language", "repeats", "every", "weekdays", "at", "ahead", "asks")
    kept = {name: getattr(series, name) for name in (*names, "until", "campaign")}
    return {**kept, "since": first, "channels": series.channels.all()}


class CampaignForm(forms.Form):
    name = forms.CharField(max_length=60, label=_("Name"))
    goal = forms.CharField(
        max_length=300, label=_("What shall be different afterwards"),
        help_text=_("Fewer cars left open. More people who know the new number."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    since = DayField(label=_("From"))
    until = DayField(label=_("Until"))
    owner = forms.ModelChoiceField(queryset=Member.objects.none(), label=_("Who leads it"))
    messages = forms.CharField(
        max_length=2000, required=False, label=_("What must come across"),
        widget=forms.Textarea({"rows": 5}),
        help_text=_("One sentence a line, five at most, in the words people should remember."),
    )  # fmt: skip
    mark = forms.ChoiceField(choices=Mark.choices, label=_("Its sign in the calendar"))

    def __init__(
        self, *args: Any, by: Member, campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        kept: dict[str, Any] = {"owner": by, "mark": Mark.WAVE}
        if campaign:
            names = ("name", "goal", "since", "until", "owner", "mark")
            kept = {name: getattr(campaign, name) for name in names}
            kept["messages"] = "\n".join(campaign.messages)
        super().__init__(*args, **{"initial": kept, **kwargs})
        self.agency, self.campaign = by.agency, campaign
        people = by.agency.members.filter(is_active=True)
        cast("forms.ModelChoiceField[Any]", self.fields["owner"]).queryset = people

    def clean_name(self) -> str:
        name = " ".join(writable(str(self.cleaned_data["name"])).split())
        same = self.agency.campaigns.filter(name__iexact=name).first()
        if same and same != self.campaign:
            raise forms.ValidationError(_("There is a campaign of this name."))
        return name

    def clean_messages(self) -> list[str]:
        lines = [writable(line).strip() for line in self.cleaned_data["messages"].splitlines()]
        said = [line for line in lines if line]
        if len(said) > MOST_MESSAGES:
            raise forms.ValidationError(_("Five sentences at most: more than that nobody repeats."))
        return said

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", _("It ends on the first day at the earliest."))
        return typed


class TogetherForm(forms.Form):
    """Which posts are said yes to, each with the digest of the words that were read."""

    have_read = forms.BooleanField(required=False)

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(post.pk): post for post in posts}

    def read(self) -> list[tuple[Post, str]]:
        ticked = self.data.getlist("post") if hasattr(self.data, "getlist") else []
        pairs = (key.partition(" ") for key in dict.fromkeys(ticked))
        return [(self.offered[pk], digest) for pk, _sep, digest in pairs if pk in self.offered]
