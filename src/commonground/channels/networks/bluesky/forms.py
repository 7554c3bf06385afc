"""What a person gives to sign in to Bluesky."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import SecretField


class SignInForm(forms.Form):
    address = forms.CharField(
        label=_("Server"),
        max_length=200,
        initial="https://bsky.social",
        help_text=_("Leave it as it is, unless your agency has a server of its own."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    handle = forms.CharField(
        label=_("Account"),
        max_length=120,
        help_text=_("The name without the @, like riverside.example"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    app_password = SecretField(
        label=_("App password"),
        max_length=200,
        help_text=_("From Settings, Privacy and security, App passwords. Never the main password."),
    )
