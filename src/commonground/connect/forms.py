"""What is typed about a program that comes in, or one that is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.connect import rules
from commonground.connect.engine.events import EVENTS
from commonground.connect.models import Webhook
from commonground.connect.states import Scope
from commonground.connect.templatetags.programs import EVENTS as EVENT_WORDS, SCOPES
from commonground.kit.refusals import Refused


class TokenForm(forms.Form):
    """A key for a program: whose, for what, and until when."""

    name = forms.CharField(
        label=_("Program"), max_length=60,
        help_text=_("What it is called here, such as “Dispatch bridge”. The record names it."),
    )  # fmt: skip
    member = forms.ModelChoiceField(
        label=_("In whose name"), queryset=Member.objects.none(),
        help_text=_(
            "It never does more than they may do at that moment. A key for somebody else is only"
            " offered: they take it themselves, and nobody else sees it."
        ),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("It may"), widget=forms.CheckboxSelectMultiple,
        choices=[(scope.value, SCOPES[scope]) for scope in Scope],
        help_text=_("As little as it needs. No program ever approves, publishes or stops."),
    )  # fmt: skip
    days = forms.IntegerField(label=_("Ends after so many days"), min_value=1)

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = by.agency.members.filter(is_active=True).order_by("name")
        if Role.ADMIN not in by.roles:
            people = people.filter(pk=by.pk)
        whose = self.fields["member"]
        assert isinstance(whose, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        whose.queryset, whose.initial, whose.empty_label = people, by.pk, None
        days, longest = self.fields["days"], settings.ENV.token_days
        assert isinstance(days, forms.IntegerField)  # noqa: S101 - for the type checker
        days.max_value, days.initial = longest, min(30, longest)
        days.help_text = _("%(days)s at most. A week before its end, its member is told.") % {
            "days": longest
        }

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        if days > settings.ENV.token_days:
            raise forms.ValidationError(
                _("%(days)s days at most.") % {"days": settings.ENV.token_days}
            )
        return days

    def asked(self) -> dict[str, Any]:
        typed = self.cleaned_data
        until: datetime = timezone.now() + timedelta(days=typed["days"])
        return {
            "member": typed["member"], "name": typed["name"], "scopes": typed["scopes"],
            "expires_at": until,
        }  # fmt: skip


class WebhookForm(forms.Form):
    """A program elsewhere: where it listens, and what it wants to know."""

    name = forms.CharField(label=_("Program"), max_length=60)
    address = forms.CharField(
        label=_("Where it listens"), max_length=400,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("An address that begins with https. The desk sends there, and nowhere else."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("It is told when"), widget=forms.CheckboxSelectMultiple,
        choices=[(event, EVENT_WORDS[event]) for event in EVENTS],
    )  # fmt: skip

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            rules.must_lead_outside(address)
        except Refused as why:
            raise forms.ValidationError(str(why)) from why
        return address


def as_typed(webhook: Webhook) -> dict[str, Any]:
    return {"name": webhook.name, "address": webhook.address, "events": webhook.events}
