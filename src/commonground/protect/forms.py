"""Turns what somebody in a hurry chose into what the actions take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.channels.networks import networks
from commonground.kit.forms import ReasonForm
from commonground.protect.engine.health import Factor
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


class CheckForm(forms.Form):
    """How an account is kept, as somebody found it on its network a minute ago."""

    factor = forms.ChoiceField(
        label=_("Second factor"), widget=forms.RadioSelect,
        choices=[
            (Factor.KEY.value, _("A passkey or a security key")),
            (Factor.CODE.value, _("A code from an app")),
            (Factor.TEXT.value, _("A code by text message: whoever takes our number over has it")),
            (Factor.NONE.value, _("None, or it is off")),
        ],
    )  # fmt: skip
    recovery_is_ours = forms.BooleanField(
        label=_("The recovery address and telephone are the agency’s, and reach somebody"),
        required=False,
    )
    owners = forms.ModelMultipleChoiceField(
        label=_("Who can sign in there"), queryset=Member.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick everybody who has its password or is an administrator of the page."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owners"].queryset = agency.members.all()  # type: ignore[attr-defined]


class AddImpostorForm(forms.Form):
    """An account somebody came across that pretends to be us."""

    handle = forms.CharField(label=_("Its name"), max_length=300)
    url = forms.URLField(label=_("Link to it"), max_length=400, assume_scheme="https")
    network = forms.ChoiceField(label=_("Where"))
    called = forms.CharField(label=_("What it calls itself"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(name, kind.label) for name, kind in networks().items() if not kind.ours_alone]
        self.fields["network"].choices = [*known, ("elsewhere", _("Elsewhere"))]  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    """The number that the network gave our report, if it gave one."""

    number = forms.CharField(
        label=_("Number of the report, if the network gave one"), max_length=80, required=False
    )
