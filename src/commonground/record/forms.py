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
