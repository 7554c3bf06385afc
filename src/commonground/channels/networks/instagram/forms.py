"""What a person gives to sign in to Instagram."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import SecretField


class SignInForm(forms.Form):
    token = SecretField(
        label=_("Page access token"),
        max_length=1000,
        help_text=_("Of the Facebook Page that the account is connected to."),
    )
