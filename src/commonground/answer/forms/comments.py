"""What an administrator chooses about comments on our own site."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.channels.networks.site.models import How


class TalkForm(forms.Form):
    how = forms.TypedChoiceField(
        label=_("Comments"), coerce=How, choices=How.choices, widget=forms.RadioSelect,
        help_text=_("The form says which it is. What was written already stays as it is."),
    )  # fmt: skip
