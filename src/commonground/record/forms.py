"""Narrowing the record down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import DayField
from commonground.record.engine.laws import Law, laws
from commonground.record.engine.words import asked
from commonground.record.models import Entry, EntryQuerySet
from commonground.record.templatetags.withheld import GROUNDS


class SearchForm(forms.Form):
    who = forms.CharField(label=_("Person"), required=False, max_length=80)
    words = forms.CharField(
        label=_("Words"), required=False, max_length=80,
        widget=forms.TextInput({"type": "search"}),
        help_text=_("Whole words. All of them stand in the entry."),
    )  # fmt: skip
    day = DayField(label=_("Day"), required=False)

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Only what fits the day; a mistake in the form narrows to nothing."""
        if not self.is_valid():
            return entries.none()
        if day := self.cleaned_data["day"]:
            morning = timezone.make_aware(datetime.combine(day, time()))
            entries = entries.filter(at__gte=morning, at__lt=morning + timedelta(days=1))
        return entries

    def wanted(self) -> set[str]:
        """The words that must all be in an entry; names and words stand sealed."""
        return asked(**self.cleaned_only("who", "words")) if self.is_valid() else set()

    def cleaned_only(self, *names: str) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in names}


class HoldForm(forms.Form):
    """What must stay, whatever its time."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    reason = forms.CharField(label=_("Why"), max_length=300)
    since = DayField(label=_("From"), required=False)
    until = DayField(
        label=_("To"), required=False,
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


class RegisterForm(forms.Form):
    """A request for records, as it came."""

    asker = forms.CharField(label=_("Who asks"), max_length=200,
        help_text=_("Sealed. It stands nowhere in the record, and in no export."))  # fmt: skip
    contact = forms.CharField(
        label=_("Where the answer goes"), max_length=300, widget=forms.Textarea({"rows": 2})
    )
    asked = forms.CharField(
        label=_("What they ask for, in their own words"), max_length=5000,
        widget=forms.Textarea({"rows": 5}),
    )  # fmt: skip
    law = forms.ChoiceField(label=_("Under which law"))
    received_on = DayField(label=_("Received on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["law"].choices = [("", "")] + [  # type: ignore[attr-defined]
            (code, law.name) for code, law in laws().items()
        ]


class ScopeForm(forms.Form):
    """Which entries belong to a request. All of it must fit."""

    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    who = forms.CharField(label=_("Person"), required=False, max_length=80)
    words = forms.CharField(label=_("Words"), required=False, max_length=200,
        help_text=_("Each of them stands somewhere in the entry."))  # fmt: skip

    def as_scope(self) -> dict[str, str]:
        typed = self.cleaned_data
        days = {n: typed[n].isoformat() for n in ("since", "until") if typed[n]}
        return {**days, "who": typed["who"].strip(), "words": typed["words"].strip()}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("since") and typed.get("until") and typed["until"] < typed["since"]:
            raise forms.ValidationError(_("The last day is before the first."))
        return typed


class ExtendForm(forms.Form):
    """More time, as far as the law gives it."""

    days = forms.IntegerField(label=_("How many days more"), min_value=1, max_value=365)
    reason = forms.ChoiceField(label=_("On which ground"))
    note = forms.CharField(
        label=_("Why, in your own words"), max_length=300, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, law: Law, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (code, GROUNDS.get(code, code)) for code in law.reasons
        ]
        if law.extension:
            told = _("The law gives at most %(days)s.") % {"days": law.extension}
            self.fields["days"].help_text = told


class AsideForm:
    """What somebody chose to keep back, on a page of entries: one list for each fact."""

    def __init__(self, typed: Any, *, entries: Iterable[Entry]) -> None:
        self.typed, self.entries = typed, list(entries)

    def everywhere(self) -> dict[str, str]:
        named = {n.removeprefix("everywhere:"): v for n, v in self.typed.items()
                 if n.startswith("everywhere:")}  # fmt: skip
        return {name: reason for name, reason in named.items() if reason}

    def chosen(self) -> dict[int, dict[str, str]]:
        """For every entry of the page, also those of which nothing is kept back any more."""
        found = {}
        for entry in self.entries:
            names = ["*", *entry.facts]
            asked = {name: self.typed.get(f"{entry.number}:{name}", "") for name in names}
            found[entry.number] = {name: reason for name, reason in asked.items() if reason}
        return found
