"""What an author asks the drafting help for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.say.engine.proposing import Kind
from commonground.say.forms.languages import LANGUAGES


class HelpForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    language = forms.ChoiceField(choices=LANGUAGES, label=_("Translate it into"), required=False)
    told = forms.BooleanField(required=False)

    def into(self) -> str:
        """Only a translation has a language it goes to."""
        wanted = self.cleaned_data["kind"] == Kind.TRANSLATION
        return str(self.cleaned_data["language"]) if wanted else ""
