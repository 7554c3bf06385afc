"""What a person gives to sign in to a Facebook Page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import SecretField


class SignInForm(forms.Form):
    token = SecretField(
        label=_("Page access token"),
        max_length=1000,
        help_text=_(
            "Of the Page, not of a person. A system user of your business has one that lasts."
        ),
    )
