"""Turns what somebody in a hurry chose into what the actions take."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import ReasonForm
from commonground.protect.models import Said


class SpeakForm(forms.Form):
    """What the public reads meanwhile, in words that are fixed."""

    said = forms.ChoiceField(
        label=_("What our newsroom says meanwhile"), choices=Said.choices, required=False,
        widget=forms.RadioSelect, initial=Said.NOTHING,
        help_text=_("The words are prepared, in each of your languages, and shown at once."),
    )  # fmt: skip


class StopForm(SpeakForm, ReasonForm):
    """Why, what the public reads, and whether the sign-ins live on."""

    keep = forms.BooleanField(
        label=_("Keep the sign-ins: nobody broke in, we only need silence"), required=False,
        help_text=_(
            "Otherwise every sign-in ends within a minute, so that whoever copied one holds"
            " nothing. Afterwards somebody must sign in each account again."
        ),
    )  # fmt: skip
    field_order = ["reason", "said", "keep"]
