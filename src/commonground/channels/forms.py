"""Turns what an administrator typed into what the actions take."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member, Unit
from commonground.channels import networks as folders
from commonground.channels.contract import Network
from commonground.channels.models import Channel
from commonground.kit.forms import TimeField
from commonground.kit.languages import name_of_language


class OpenChannelForm(forms.Form):
    """A new channel: what it is and what it is for. Signing in comes after."""

    network = forms.ChoiceField(label=_("Network"))
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As your members say it."))
    purpose = forms.CharField(
        label=_("Purpose"), max_length=160, required=False,
        help_text=_("One line for the public: what this account is for."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), required=False,
        help_text=_(
            "Where a post is said in several languages, this account shows this one. The newsroom,"
            " letters and notices show all."
        ),
    )  # fmt: skip
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    listed = forms.BooleanField(
        label=_("Show it in the public list of our accounts"), required=False, initial=True
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = folders.networks().values()
        kinds = [n for n in known if n.name == "rehearsal"] if agency.drill else list(known)
        self.particular = [n for n in kinds if n.asks]
        self.offer("network", choices=[(n.name, n.label) for n in kinds])
        self.offer("language", choices=languages_for(agency))
        self.fields["language"].initial = agency.language
        self.offer("unit", queryset=agency.units.all())

    def offer(self, field: str, **choices: Any) -> None:
        for name, offered in choices.items():
            setattr(self.fields[field], name, offered)


class ConnectForm(OpenChannelForm):
    """An account of ours that is already there, as a row of a sheet tells it. Whoever has its
    password signs it in afterwards."""

    handle = forms.CharField(label=_("Handle"), max_length=120, required=False)
    address = forms.CharField(label=_("Server"), max_length=200, required=False)
    topics = forms.CharField(label=_("Topics"), max_length=200, required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, **kwargs)
        kinds = [kind for kind in folders.networks().values() if kind.signs_in and not agency.drill]
        self.offer("network", choices=[(kind.name, kind.label) for kind in kinds])
        self.fields["network"].error_messages["invalid_choice"] = _(
            "No such network here, or one that is opened on its own page: %(value)s."
        )
        self.fields["unit"].error_messages["invalid_choice"] = _(
            "Your agency has no unit of this name. Add it under “Say who you are”."
        )


def languages_for(agency: Agency) -> list[tuple[str, Any]]:
    """The agency's own; none in particular; or each as a post of its own (ISO 639-2: mul)."""
    own = [(code, name_of_language(code, own=True)) for code in agency.languages or ["en"]]
    more: list[tuple[str, Any]] = [
        ("", _("None in particular: the main language of each post")),
        ("mul", _("Several: each language a post of its own, one after the other")),
    ]
    return [*own, *more]


class AuthoriseForm(forms.Form):
    """Leadership's written yes."""

    member = forms.ModelChoiceField(label=_("Member"), queryset=Member.objects.none())
    topics = forms.CharField(label=_("Topics"), max_length=200, required=False)
    until = TimeField(
        label=_("Until"), required=False, help_text=_("Leave empty for as long as they serve."),
    )  # fmt: skip
    alone = forms.BooleanField(
        label=_("May publish alone in an emergency"), required=False,
        help_text=_(
            "Only when people are in danger and nobody can read it in time. Everybody who could"
            " have is told at once, and one of them must look at it within a day."
        ),
    )  # fmt: skip
    request = forms.CharField(
        label=_("What was asked for"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who asked to speak from here, and what for."),
    )  # fmt: skip
    obstacles = forms.CharField(
        label=_("Questions and obstacles"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was asked back, what stood in the way, and how it was settled."),
    )  # fmt: skip
    decision = forms.CharField(
        label=_("Decision"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who decided this, and why. It goes on the record."),
    )  # fmt: skip

    def __init__(self, *args: Any, channel: Channel, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = channel.agency.members.filter(is_active=True).exclude(pk=by.pk)
        self.fields["member"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["topics"].initial = channel.topics

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until <= timezone.now():
            raise forms.ValidationError(_("That day has passed."))
        return until


class ForgetForm(forms.Form):
    """One reader who asked to be deleted. It is looked up by its mark; nothing is listed."""

    typed = forms.CharField(
        label=_("The address, as the person gives it"), max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )  # fmt: skip


def sign_in_form(network: Network) -> type[forms.Form] | None:
    """What this network asks a person for. None: it asks for nothing."""
    folder = f"{folders.__name__}.{network.name}.forms"
    if not network.signs_in or not find_spec(folder):
        return None
    form: type[forms.Form] = import_module(folder).SignInForm
    return form


def given_too(typed: Mapping[str, str], network: Network) -> dict[str, str]:
    """What a person need not give, where they gave it."""
    return {name: typed[name] for name in network.secrets_too if typed.get(name)}


def given_in(form: forms.Form, network: Network) -> dict[str, Any]:
    """The arguments of `actions.sign_in`, from a valid form of this network."""
    typed = form.cleaned_data
    return {
        "secrets": {name: typed[name] for name in network.secrets} | given_too(typed, network),
        "address": typed.get("address", ""),
        "handle": typed.get("handle", ""),
    }
