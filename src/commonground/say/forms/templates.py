"""Prepared texts, and their blanks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency
from commonground.say.forms.languages import LANGUAGES
from commonground.say.models import Template


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
