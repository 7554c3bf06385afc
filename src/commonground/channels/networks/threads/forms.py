"""What a person gives to sign in to Threads."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import SecretField


class SignInForm(forms.Form):
    token = SecretField(
        label=_("Long-lived access token"),
        max_length=1000,
        help_text=_("Made for the account itself. It ends after sixty days: the desk says when."),
    )
