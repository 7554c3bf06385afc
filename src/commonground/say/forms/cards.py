"""The card of a link, in its author's words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.say.actions import Wording
from commonground.say.engine.heads import LONGEST_ABOUT, LONGEST_TITLE
from commonground.say.forms.compose import WITH_THE_WORDS
from commonground.say.models import Card


class CardForm(forms.Form):
    """Stands in the form of the words, so that changing a card takes along what was typed."""

    # Sending for approval must not ask for a card.
    use_required_attribute = False

    title = forms.CharField(
        max_length=LONGEST_TITLE, label=_("Title of the card"),
        widget=forms.TextInput(attrs=WITH_THE_WORDS),
    )  # fmt: skip
    about = forms.CharField(
        max_length=LONGEST_ABOUT, required=False, label=_("What it says below the title"),
        widget=forms.Textarea(attrs={"rows": 2, **WITH_THE_WORDS}),
    )  # fmt: skip
    pictured = forms.BooleanField(
        required=False, label=_("With the picture of the page"),
        widget=forms.CheckboxInput(attrs=WITH_THE_WORDS),
    )  # fmt: skip

    def __init__(self, card: Card, typed: Any = None) -> None:
        kept = {"title": card.title, "about": card.about, "pictured": card.pictured}
        super().__init__(typed, initial=kept, prefix=f"card{card.pk}")
        if not card.sha256:
            del self.fields["pictured"]

    def wording(self) -> Wording:
        typed = self.cleaned_data
        return Wording(typed["title"], typed["about"], typed.get("pictured", True))
