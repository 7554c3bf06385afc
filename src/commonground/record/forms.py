"""Narrowing the record down."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import DayField
from commonground.record.models import Entry, EntryQuerySet


class SearchForm(forms.Form):
    who = forms.CharField(label=_("Person"), required=False, max_length=80)
    words = forms.CharField(
        label=_("Word"), required=False, max_length=80, widget=forms.TextInput({"type": "search"})
    )
    day = DayField(
        label=_("Day"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Only what fits the day; a mistake in the form narrows to nothing."""
        if not self.is_valid():
            return entries.none()
        if day := self.cleaned_data["day"]:
            morning = timezone.make_aware(datetime.combine(day, time()))
            entries = entries.filter(at__gte=morning, at__lt=morning + timedelta(days=1))
        return entries

    def reads(self) -> bool:
        """Whether entries must be opened to tell if they fit: names and words stand sealed."""
        return self.is_valid() and bool(self.cleaned_data["who"] or self.cleaned_data["words"])

    def fits(self, entry: Entry) -> bool:
        who, words = (self.cleaned_data[name].casefold() for name in ("who", "words"))
        said = f"{entry.title}\n{entry.verb}".casefold()
        return who in entry.who.casefold() and words in said


class HoldForm(forms.Form):
    """What must stay, whatever its time."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    reason = forms.CharField(label=_("Why"), max_length=300)
    since = DayField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = DayField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Without days, everything of this agency is held."),
    )  # fmt: skip


class LetGoForm(forms.Form):
    reason = forms.CharField(label=_("Why it is over"), max_length=300)


class EraseForm(forms.Form):
    """Which entries, and by which right."""

    numbers = forms.RegexField(
        r"^[\d\s,]+$", label=_("Entry numbers"), max_length=2000,
        help_text=_("With commas. They stand under each entry of the record."),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("By which right"), max_length=80,
        help_text=_("The public reads this: an article of law or a decision, and no name."),
    )  # fmt: skip

    def clean_numbers(self) -> list[int]:
        words = str(self.cleaned_data["numbers"]).replace(",", " ").split()
        return [int(word) for word in words if len(word) < 19]


class RetentionForm(forms.Form):
    days = forms.IntegerField(
        label=_("Days"), required=False, min_value=1, max_value=36_500,
        help_text=_("Empty: kept for good."),
    )  # fmt: skip
