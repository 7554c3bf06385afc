"""What a person types about those who are asked, and about experiments."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as spoken, gettext_lazy as _

from commonground.agency.models import Agency
from commonground.ask.forms import one_line
from commonground.kit.forms import DayField, TimeField
from commonground.kit.languages import name_of_language
from commonground.learn.engine import census
from commonground.learn.engine.effects import FEWEST
from commonground.learn.models import LONGEST_WORD, Design, Kind, Pulse
from commonground.learn.queries import LINES, SPOKEN
from commonground.say.forms import LANGUAGES

# The pulse

MOST_BYTES = 200_000  # of a table of at most fifty lines
FAULTS = {
    census.What.EMPTY: _("Line %(line)s: there is nothing in this table."),
    census.What.MISSING: _("Line %(line)s: the column “%(of)s” is missing."),
    census.What.UNKNOWN: _("Line %(line)s: the column “%(of)s” is not known."),
    census.What.TWICE: _("Line %(line)s: “%(of)s” stands twice."),
    census.What.FIELDS: _("Line %(line)s: another number of fields than the first line (%(of)s)."),
    census.What.NAMELESS: _("Line %(line)s: the trait or the answer is empty."),
    census.What.LONG: _("Line %(line)s: longer than 60 characters: “%(of)s”."),
    census.What.NUMBER: _(
        "Line %(line)s: “%(of)s” is no number of people. Digits only, without blanks or commas."
    ),
    census.What.NOBODY: _("Line %(line)s: leave “%(of)s” out: it is nobody’s."),
    census.What.CLASSES: _("Line %(line)s: “%(of)s” takes two to twelve answers."),
    census.What.TRAITS: _("Line %(line)s: a fifth trait. Each more is left out by more people."),
    census.What.CODE: _("Line %(line)s: “%(of)s” is no code of a language, as “fr” is one."),
    census.What.APART: _("Line %(line)s: two answers are called the same: %(of)s."),
    census.What.HALF: _("Line %(line)s: translate all of it or nothing: %(of)s."),
    census.What.UNREADABLE: _("Line %(line)s: cannot be read as a table (CSV)."),
}


class CensusForm(forms.Form):
    source = forms.CharField(
        label=_("Whose figures, and of which year"), max_length=120,
        help_text=_("As the public should read it: “Census 2021, Statistics Canada”."),
    )  # fmt: skip
    table = forms.FileField(
        label=_("The table (CSV)"),
        help_text=_("Columns: trait, answer, people; for another language trait_fr and answer_fr."),
    )

    def clean_source(self) -> str:
        return one_line(self.cleaned_data["source"])

    def clean_table(self) -> list[census.Trait]:
        file: UploadedFile[Any] = self.cleaned_data["table"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("This file is too large for a table of margins."))
        held = file.read()
        self.sha256 = hashlib.sha256(held).hexdigest()
        try:
            return census.read(held.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = held[: error.start].count(b"\n") + 1
            raise ValidationError(
                _("Line %(line)s: save the file as UTF-8."), params={"line": line}
            ) from None
        except census.Wrong as wrong:
            raise ValidationError([in_words(fault) for fault in wrong.faults]) from None

    def census_of_it(self) -> dict[str, Any]:
        """What the action takes."""
        traits = [trait.told() for trait in self.cleaned_data["table"]]
        return {"source": self.cleaned_data["source"], "traits": traits, "sha256": self.sha256}


def in_words(fault: census.Fault) -> str:
    return str(FAULTS[fault.what]) % {"line": fault.line, "of": fault.of}


class PulseForm(forms.Form):
    """A round. What is asked is the same each time, or rounds could not be compared."""

    word = forms.SlugField(
        label=_("Short address"), max_length=LONGEST_WORD,
        help_text=_("One word for the letter: small letters, digits and hyphens."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Who may answer"), widget=forms.CheckboxSelectMultiple, choices=Kind.choices,
        help_text=_("Only answers with a code are weighed. Open ones are shown apart, as voices."),
    )  # fmt: skip
    closes_at = TimeField(label=_("Closes"))

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"kinds": [Kind.CODE]}, **kwargs})
        self.languages = list(agency.languages) or ["en"]
        for code in self.languages:
            if code in SPOKEN:
                continue
            about = {"language": dict(LANGUAGES).get(code) or name_of_language(code)}
            self.fields[f"words_{code}"] = forms.CharField(
                label=_("In %(language)s") % about, required=False, max_length=2000,
                widget=forms.Textarea({"rows": 10, "lang": code, "dir": "auto"}),
                help_text=_(
                    "Ten lines: the four sentences, the five answers from “not at all” to “fully”,"
                    " and “I would rather not say”. Empty: it is not asked in this language."
                ),
            )  # fmt: skip

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"]).lower()
        if not (word.isascii() and "_" not in word):
            raise ValidationError(_("Small letters, digits and hyphens only."))
        if Pulse.objects.filter(word=word).exists():
            raise ValidationError(_("This address is taken. Choose another word."))
        return word

    def clean_closes_at(self) -> datetime:
        at: datetime = self.cleaned_data["closes_at"]
        if at <= timezone.now():
            raise ValidationError(_("This time has passed."))
        return at

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in [n for n in found if n.startswith("words_")]:
            lines = [one_line(line) for line in found[name].splitlines() if one_line(line)]
            found[name] = lines
            if lines and len(lines) != LINES:
                self.add_error(name, spoken("%(n)s lines, not ten.") % {"n": len(lines)})
        return found

    def round_of_it(self) -> dict[str, Any]:
        """What the action takes."""
        held = self.cleaned_data
        words = {
            code: held[f"words_{code}"] for code in self.languages if held.get(f"words_{code}")
        }
        languages = [code for code in self.languages if code in SPOKEN or code in words]
        return {
            "word": held["word"], "kinds": held["kinds"], "closes_at": held["closes_at"],
            "words": words, "languages": languages or ["en"],
        }  # fmt: skip


class OpenPulseForm(forms.Form):
    """A second person's yes, to what the page shows."""

    read = forms.CharField(max_length=64, widget=forms.HiddenInput)
    have_read = forms.BooleanField(label=_("I have read what is asked, in every language"))


# Experiments

MOST_UNITS = 60
UNIT = re.compile(r"(?P<name>[^=]{1,60})=\s*(?P<value>-?\d{1,9}(?:[.,]\d{1,6})?)?\s*")


class ExperimentForm(forms.Form):
    title = forms.CharField(label=_("Name"), max_length=120)
    hypothesis = forms.CharField(
        label=_("What you expect, and why"), max_length=600, widget=forms.Textarea({"rows": 3})
    )
    outcome = forms.CharField(
        label=_("What is measured of each area or week"), max_length=200,
        help_text=_("A number, and in what: “calls about noise per 1,000 people”."),
    )  # fmt: skip
    one = forms.CharField(
        label=_("The one way"), max_length=300, help_text=_("The usual wording or time.")
    )
    other = forms.CharField(
        label=_("The other way"), max_length=300, help_text=_("What you want to know about.")
    )
    design = forms.ChoiceField(
        label=_("What chance shares out"), choices=Design.choices, widget=forms.RadioSelect
    )
    units = forms.CharField(
        label=_("Areas or weeks, and what was measured there before"), max_length=6000,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("One a line: “North = 12.5”. Six to sixty; weeks in their order, in pairs."),
    )  # fmt: skip
    matters = forms.FloatField(
        label=_("The smallest difference that would change what you do"), min_value=1e-6,
        help_text=_("In the unit of the outcome."),
    )  # fmt: skip
    begins_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))

    def clean_units(self) -> list[tuple[str, float]]:
        found = valued(self.cleaned_data["units"])
        if any(value is None for _name, value in found):
            raise ValidationError(_("Each needs a number: without what it was, nobody knows how"
                                    " large a difference could be found."))  # fmt: skip
        if not FEWEST <= len(found) <= MOST_UNITS:
            raise ValidationError(_("Six at least, sixty at most."))
        return [(name, value) for name, value in found if value is not None]

    def clean(self) -> dict[str, Any]:
        held = super().clean() or {}
        begins, ends = held.get("begins_on"), held.get("ends_on")
        if begins and begins <= timezone.localdate():
            self.add_error("begins_on", _("Tomorrow at the earliest: a second person reads it."))
        if begins and ends and ends <= begins:
            self.add_error("ends_on", _("It ends before it begins."))
        if held.get("design") == Design.PAIRS and len(held.get("units", [])) % 2:
            self.add_error("units", _("Weeks go in pairs, so their number is even."))
        return held

    def plan_of_it(self) -> dict[str, Any]:
        """What the action takes."""
        held = dict(self.cleaned_data)
        units = held.pop("units")
        return {**held, "units": [n for n, _v in units], "usual": [v for _n, v in units]}


def valued(text: str) -> list[tuple[str, float | None]]:
    """Names and numbers, one pair a line; None where no number stands."""
    found: dict[str, float | None] = {}
    for at, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        said = UNIT.fullmatch(one_line(line))
        name = said["name"].strip() if said else ""
        if said is None or not name:
            raise ValidationError(
                _("Line %(line)s: write it as “North = 12.5”."), params={"line": at}
            )
        if name in found:
            raise ValidationError(
                _("Line %(line)s: “%(name)s” stands twice."), params={"line": at, "name": name}
            )
        found[name] = float(said["value"].replace(",", ".")) if said["value"] else None
    return list(found.items())


class PreregisterForm(forms.Form):
    """A second person's yes, to what the page shows."""

    read = forms.CharField(max_length=64, widget=forms.HiddenInput)
    have_read = forms.BooleanField(
        label=_("I have read the plan. Its result will be shown, whatever it is.")
    )


class OutcomesForm(forms.Form):
    outcomes = forms.CharField(
        label=_("What was measured"), max_length=6000, widget=forms.Textarea({"rows": 12}),
        help_text=_("One a line, as below. Leave the number out where nothing was measured."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[str], **kwargs: Any) -> None:
        self.units = units
        start = {"outcomes": "\n".join(f"{unit} = " for unit in units)}
        super().__init__(*args, **{"initial": start, **kwargs})

    def clean_outcomes(self) -> list[float | None]:
        found = dict(valued(self.cleaned_data["outcomes"]))
        if unknown := [name for name in found if name not in self.units]:
            raise ValidationError(_("“%(name)s” is not in the plan."), params={"name": unknown[0]})
        if missing := [unit for unit in self.units if unit not in found]:
            raise ValidationError(
                _("“%(name)s” is missing: what was not measured is said, too."),
                params={"name": missing[0]},
            )
        if not any(value is not None for value in found.values()):
            raise ValidationError(_("Nothing was measured. Call it off instead, and say why."))
        return [found[unit] for unit in self.units]
