"""What a person types about a source, or about a topic."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency
from commonground.hear.models import Source, SourceKind, Topic
from commonground.kit.forms import DayField
from commonground.kit.languages import name_of_language

KINDS = [(k.value, k.label) for k in SourceKind if k != SourceKind.REPLAY]
DEFAULT_TERM = timedelta(days=90)


def in_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def places_in(text: str) -> dict[str, list[str]]:
    """Each line a place; after a colon what else it is called, with commas."""
    found = [line.partition(":")[::2] for line in in_lines(text)]
    return {
        place.strip(): [other.strip() for other in others.split(",") if other.strip()]
        for place, others in found
        if place.strip()
    }


class TurnDownForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do we not listen for this?"),
        max_length=300,
        help_text=_("Whoever proposed it reads this, and it goes on the record."),
        widget=forms.Textarea({"rows": 3}),
    )


class ChangeSourceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        help_text=_("Where it speaks, beginning with https:// or wss://."),
    )
    hashtags = forms.CharField(
        label=_("Hashtags"),
        required=False,
        help_text=_("For a Mastodon server: one a line. None means its whole public timeline."),
        widget=forms.Textarea({"rows": 2}),
    )
    token = forms.CharField(
        label=_("Access token"),
        max_length=200,
        required=False,
        help_text=_(
            "For a Mastodon server that opens its stream only to members: make one there that may "
            "read. Left empty, the one we have stays."
        ),
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    keep_hours = forms.IntegerField(
        label=_("Delete texts after, in hours"),
        min_value=1,
        max_value=72,
        initial=24,
        help_text=_("At most 72. The public list says it too."),
    )

    def __init__(
        self, *args: Any, agency: Agency, source: Source | None = None, **kwargs: Any
    ) -> None:
        self.agency, self.source = agency, source
        known = source and {
            "name": source.name, "address": source.address, "keep_hours": source.keep_hours,
            "hashtags": "\n".join(source.hashtags),
        }  # fmt: skip
        super().__init__(*args, **{"initial": known or None, **kwargs})

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        same = Source.objects.filter(agency=self.agency, name=name).first()
        if same and same != self.source:
            raise forms.ValidationError(_("There is a source of this name already."))
        return name

    def clean_hashtags(self) -> list[str]:
        return in_lines(self.cleaned_data["hashtags"])


class SourceForm(ChangeSourceForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect)
    field_order = ["kind", "name", "address", "hashtags", "token", "keep_hours"]


class TopicForm(forms.Form):
    """A topic, with the words to listen for asked in each of the agency's languages."""

    name = forms.CharField(label=_("Name"), max_length=80)
    purpose = forms.CharField(
        label=_("What for"),
        max_length=400,
        help_text=_("The public reads this. Say what we would do with it."),
        widget=forms.Textarea({"rows": 3}),
    )
    places = forms.CharField(
        label=_("Places"),
        required=False,
        help_text=_(
            "One a line, with what else it is called: High River: HR, Haute-Rivière. "
            "Never the name of a person."
        ),
        widget=forms.Textarea({"rows": 2}),
    )
    expires_on = DayField(
        label=_("Ends on"),
        help_text=_("A year at most."),
        initial=lambda: timezone.localdate() + DEFAULT_TERM,
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        self.agency = agency
        super().__init__(*args, **kwargs)
        for code in agency.languages:
            told = {"language": name_of_language(code)}
            for part, label in (
                ("watch", _("Listen for (%(language)s)")),
                ("exclude", _("But not for (%(language)s)")),
            ):
                self.fields[f"{part}_{code}"] = forms.CharField(
                    label=label % told,
                    required=False,
                    help_text=_("One word or phrase a line."),
                    widget=forms.Textarea({"rows": 3 if part == "watch" else 2}),
                )

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Topic.objects.standing().filter(agency=self.agency, name=name).exists():
            raise forms.ValidationError(_("There is a topic of this name already."))
        return name

    def clean_expires_on(self) -> datetime:
        day: date = self.cleaned_data["expires_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return datetime.combine(day, time(23, 59), timezone.get_current_timezone()).astimezone(UTC)

    def terms(self, part: str) -> dict[str, list[str]]:
        found = {c: in_lines(self.cleaned_data[f"{part}_{c}"]) for c in self.agency.languages}
        return {code: lines for code, lines in found.items() if lines}

    def fields_of_it(self) -> dict[str, Any]:
        """What the action takes."""
        plain = ("name", "purpose", "expires_on")
        return {
            **{name: self.cleaned_data[name] for name in plain},
            "places": places_in(self.cleaned_data["places"]),
            "watch": self.terms("watch"),
            "exclude": self.terms("exclude"),
        }
