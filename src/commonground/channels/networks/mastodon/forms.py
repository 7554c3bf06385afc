"""What a person gives to sign in to a Mastodon server."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import SecretField


class SignInForm(forms.Form):
    address = forms.CharField(
        label=_("Server"),
        max_length=200,
        help_text=_("The address of the server the account is on, like https://social.example"),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    token = SecretField(
        label=_("Access token"),
        help_text=_("From Preferences, Development, New application: it may read and write."),
    )
    client_key = SecretField(
        label=_("Client key"), required=False,
        help_text=_(
            "From the same page. With it and the next one the desk can end this sign-in at the"
            " server itself when everything is stopped. Without them a person must."
        ),
    )  # fmt: skip
    client_secret = SecretField(label=_("Client secret"), required=False)
