"""What people type in ANSWER, as its actions take it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Member
from commonground.answer.engine.triage import KINDS, Kind
from commonground.answer.models import Priority, Promise, SavedAnswer
from commonground.answer.templatetags.answer import KIND_WORDS
from commonground.kit.forms import TimeField
from commonground.say.forms import LANGUAGES

LONGEST = 3_000
MORNING = 8  # o'clock


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea({"rows": 5}),
        help_text=_("A second person reads it before it goes out, beneath what they wrote."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of these words"), choices=LANGUAGES)
    ask = forms.BooleanField(
        label=_("Ask whether it helped"), required=False,
        help_text=_("Adds a link with one question beneath. No account; one answer a link."),
    )  # fmt: skip
    beneath = forms.IntegerField(widget=forms.HiddenInput)
    earlier = forms.ChoiceField(
        label=_("The earlier answer that is still on its way"), required=False,
        choices=[("replace", _("Take it back; this one replaces it")),
                 ("keep", _("Keep it; both go out"))],
        widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args: Any, pending: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pending:
            self.fields["earlier"].required = True
        else:
            del self.fields["earlier"]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"), max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Never shown in public. It may be asked for under access to information."),
    )  # fmt: skip


class PassOnForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Hand over to"), queryset=Member.objects.none(), empty_label=None
    )
    note = forms.CharField(
        label=_("What they must know"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["to"]).queryset = people


class SnoozeForm(forms.Form):
    """Put off until one of the usual times, or one of one's own."""

    wait = forms.ChoiceField(
        label=_("Put off for"),
        choices=[("1h", _("an hour")), ("4h", _("four hours")),
                 ("tomorrow", _("until tomorrow morning")), ("at", _("until the time below"))],
    )  # fmt: skip
    at = TimeField(label=_("Until"), required=False)

    def until(self) -> datetime:
        now = timezone.localtime()
        match self.cleaned_data["wait"]:
            case "1h":
                return now + timedelta(hours=1)
            case "4h":
                return now + timedelta(hours=4)
            case "tomorrow":
                day = now + timedelta(days=1)
                return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return cast(datetime, self.cleaned_data["at"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("wait") == "at" and not found.get("at"):
            self.add_error("at", _("Choose a day and a time."))
        return found


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=lambda value: Priority(int(value))
    )


class JudgeForm(forms.Form):
    kind = forms.TypedChoiceField(
        label=_("What it is"), coerce=Kind,
        choices=[(kind.value, KIND_WORDS[kind]) for kind in KINDS],
    )  # fmt: skip
    is_right = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )


class EmergencyForm(forms.Form):
    told = forms.CharField(
        label=_("Whom you told, and how"), max_length=120,
        help_text=_("For example: dispatch, by phone."),
    )  # fmt: skip
    took = forms.CharField(
        label=_("Who took it"), max_length=80,
        help_text=_("A name or number that can be asked later."),
    )  # fmt: skip


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search"), required=False, max_length=120,
        widget=forms.TextInput({"type": "search"}),
    )  # fmt: skip


class SavedAnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(label=_("Language of these words"), choices=LANGUAGES)

    class Meta:
        model = SavedAnswer
        fields = ("name", "text", "language")
        labels = {"name": _("Name"), "text": _("Words")}

    def validate_constraints(self) -> None:
        """The agency is not typed, so its uniqueness is checked here."""
        same = SavedAnswer.objects.filter(
            agency=self.instance.agency_id, name=self.cleaned_data.get("name")
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is one of this name already."))


class PromiseForm(forms.Form):
    hours = forms.FloatField(
        label=_("Hours until a first answer"), min_value=0.25, max_value=240,
        help_text=_("Counted in the office hours below."),
    )  # fmt: skip
    urgent_minutes = forms.IntegerField(
        label=_("Minutes until an urgent one is looked at"), min_value=1, max_value=1440,
        help_text=_("Counted day and night."),
    )  # fmt: skip
    days = forms.TypedMultipleChoiceField(
        label=_("Days on which somebody is there"), required=False, coerce=int,
        choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple,
        help_text=_("None: day and night, every day."),
    )  # fmt: skip
    opens = forms.TimeField(label=_("From"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    closes = forms.TimeField(label=_("Until"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))

    @staticmethod
    def known(promise: Promise) -> dict[str, Any]:
        return {
            "hours": promise.minutes / 60, "urgent_minutes": promise.urgent_minutes,
            "days": promise.days, "opens": promise.opens, "closes": promise.closes,
        }  # fmt: skip

    def promised(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        minutes = round(given.pop("hours") * 60)
        return {**given, "minutes": minutes, "days": sorted(given["days"])}
