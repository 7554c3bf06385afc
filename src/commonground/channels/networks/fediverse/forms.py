"""What a person chooses once, when the account is opened: its name."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.channels.networks.fediverse.models import Actor

NAME = re.compile(r"[a-z0-9][a-z0-9_]{1,28}[a-z0-9]")


class SignInForm(forms.Form):
    handle = forms.CharField(
        label=_("Name of the account"),
        max_length=30,
        help_text=_(
            "People will follow @name and your host. Small letters, digits and _. It can never"
            " be changed: other servers know the account by it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_handle(self) -> str:
        name: str = self.cleaned_data["handle"].strip().removeprefix("@").lower()
        if not NAME.fullmatch(name):
            raise forms.ValidationError(_("Use 3 to 30 small letters, digits and _."))
        if Actor.objects.filter(name=name).exists():
            raise forms.ValidationError(_("Another account of this desk has this name."))
        return name
