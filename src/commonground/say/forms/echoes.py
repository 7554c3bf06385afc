"""A sentence of one's own, or none."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.channels.engine import writable


class SentenceForm(forms.Form):
    sentence = forms.CharField(
        max_length=200, required=False, label=_("A sentence of your own"),
        help_text=_("It stands before the link. You can change it in your draft."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    def clean_sentence(self) -> str:
        return writable(str(self.cleaned_data["sentence"]))
