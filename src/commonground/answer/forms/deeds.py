"""What people type about what came of it."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.say.forms import LANGUAGES

ADDRESS = re.compile(r"(?:https?://[^/]+)?/ask/([a-z0-9-]{1,60})/?$|^([a-z0-9-]{1,60})$")


class DeedForm(forms.Form):
    title = forms.CharField(label=_("In a line"), max_length=120)
    said = forms.CharField(
        label=_("You said"), max_length=600, widget=forms.Textarea({"rows": 4}),
        help_text=_("In your words, and without a name: nobody is quoted who was not asked."),
    )  # fmt: skip
    did = forms.CharField(
        label=_("We did"), max_length=1200, widget=forms.Textarea({"rows": 5}),
        help_text=_("What is different now, since when, and who can be asked. Or why not."),
    )  # fmt: skip
    question = forms.CharField(
        label=_("Address of a question of ours that led to it"), required=False, max_length=200,
        help_text=_("For example /ask/harbour/. Leave it empty if it was a conversation."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of these words"), choices=LANGUAGES)

    def clean_question(self) -> str:
        """The word of it. Whether it is there the public page finds out: no room looks ahead."""
        typed = self.cleaned_data["question"].strip()
        found = ADDRESS.search(typed)
        if typed and not found:
            raise forms.ValidationError(
                _("Write the address of a question, such as /ask/harbour/.")
            )
        return (found[1] or found[2]) if found else ""


class RetractForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is taken back"), max_length=300, help_text=_("Everybody may read it.")
    )
