"""What a person gives to sign in to X."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import SecretField


class SignInForm(forms.Form):
    api_key = SecretField(
        label=_("API key"),
        help_text=_("From the developer portal of X: your app, Keys and tokens."),
    )
    api_key_secret = SecretField(label=_("API key secret"))
    access_token = SecretField(
        label=_("Access token"),
        help_text=_("Made for the account itself, after the app was allowed to read and write."),
    )
    access_token_secret = SecretField(label=_("Access token secret"))
