"""What is typed about a member, their training, and a new agency."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from commonground.agency.models import ROLE_LABELS, Agency, Member, Unit
from commonground.agency.states import Role
from commonground.kit.forms import DayField, TimeField
from commonground.record.actions import THE_DESK

LONGEST_TERM = timedelta(days=731)
ROLES = [(role.value, ROLE_LABELS[role]) for role in Role]


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=pgettext_lazy("roles", "May"),
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("An author writes, an approver lets words go out. Nobody approves their own."),
    )


class InviteForm(RolesForm):
    name = forms.CharField(label=_("Name, with rank if you use it"), max_length=80)
    email = forms.EmailField(label=_("E-mail"))
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    field_order = ["name", "email", "unit", "roles"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        choose(self, "unit", agency.units.all())

    def clean_name(self) -> str:
        name = plain_name(self.cleaned_data["name"])
        if self.agency.members.filter(name__iexact=name).exists():
            raise forms.ValidationError(
                _("Somebody of this name is here already. Add what tells them apart.")
            )
        return name

    def clean_email(self) -> str:
        return new_address(self.cleaned_data["email"])


class FactorDaysForm(forms.Form):
    """How long somebody new may work with a password alone."""

    days = forms.IntegerField(
        label=_("Days until a second proof is asked for"), min_value=0, max_value=60,
        help_text=_(
            "Approvers and administrators need a passkey by then, all others a passkey or one-time"
            " codes. 0: from the first minute."
        ),
    )  # fmt: skip


class AwayForm(forms.Form):
    """From when until when, and who stands in."""

    starts_at = TimeField(label=_("Away from"), initial=timezone.now)
    ends_at = TimeField(label=_("Back on"))
    deputy = forms.ModelChoiceField(
        label=_("Who stands in"), queryset=Member.objects.none(), required=False,
        empty_label=pgettext_lazy("deputy", "Nobody"),
        help_text=_(
            "Is asked where you would have been, if they may approve at all and hold a"
            " certificate. It gives nobody a right they do not have."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "deputy", others_than(member).filter(is_active=True))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        starts, ends = found.get("starts_at"), found.get("ends_at")
        if ends and ends <= timezone.now():
            self.add_error("ends_at", _("This time has passed."))
        elif starts and ends and ends <= starts:
            self.add_error("ends_at", _("They would be back before they left."))
        return found


class SamePersonForm(forms.Form):
    """Which other account is the same person's."""

    other = forms.ModelChoiceField(
        label=_("The same person as"), queryset=Member.objects.none(), required=False,
        empty_label=pgettext_lazy("account", "No other account"),
        help_text=_("Neither account can approve what the other wrote."),
    )  # fmt: skip

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "other", others_than(member))


def others_than(member: Member) -> QuerySet[Member]:
    return Member.objects.filter(agency=member.agency_id).exclude(pk=member.pk).order_by("name")


def choose(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
    field.queryset = rows


class CertificateForm(forms.Form):
    """What they were trained in, and until when that holds."""

    course = forms.CharField(label=_("Training"), max_length=80)
    expires_at = DayField(
        label=_("Valid until"), help_text=_("Two years at most."),
        initial=lambda: timezone.localdate() + timedelta(days=365),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean_expires_at(self) -> datetime:
        day: date = self.cleaned_data["expires_at"]
        if not timezone.localdate() < day <= timezone.localdate() + LONGEST_TERM:
            raise forms.ValidationError(_("Choose a day from tomorrow to two years from now."))
        return timezone.make_aware(datetime.combine(day, time(23, 59)))


class AboutForm(forms.Form):
    """What an agency says of itself, on each public page and to its own desk."""

    emergency_number = forms.CharField(
        label=_("Emergency number"), max_length=20,
        help_text=_("It stands first on every public page. Dial it in your mind: is it this one?"),
    )  # fmt: skip
    motto = forms.CharField(
        label=_("Your words"), max_length=160, required=False,
        help_text=_("One line under your public pages and in your feeds."),
    )  # fmt: skip
    languages = forms.CharField(
        label=_("Languages of your public"),
        help_text=_("Two-letter codes with commas, the most spoken first: en, fr, es."),
    )  # fmt: skip
    time_zone = forms.CharField(
        label=_("Time zone"), help_text=_("As Europe/Paris or America/Halifax."),
    )  # fmt: skip
    units = forms.CharField(
        label=_("More units"), max_length=2000, required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Divisions, stations, teams: one a line. Members and channels can belong to"
                    " one; those you have stay."),
    )  # fmt: skip

    def clean_units(self) -> list[str]:
        names = [plain_name(line) for line in str(self.cleaned_data["units"]).splitlines()]
        if any(len(name) > 80 for name in names):
            raise forms.ValidationError(_("The name of a unit has 80 characters at most."))
        return list(dict.fromkeys(filter(None, names)))

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone. One is Europe/Paris."))
        return zone

    def clean_languages(self) -> list[str]:
        codes = str(self.cleaned_data["languages"]).replace(",", " ").lower().split()
        if wrong := [code for code in codes if not (code.isascii() and 2 <= len(code) <= 8)]:
            raise forms.ValidationError(_("Not a language code: %s") % ", ".join(wrong))
        return codes


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("The spreadsheet"),
        help_text=_("XLSX, or CSV in UTF-8; the first sheet is read. 500 rows at most."),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )  # fmt: skip


class FoundForm(AboutForm):
    """What `commonground agency found` is told."""

    motto = None  # type: ignore[assignment]  # it is asked for on the desk, by somebody who has the time
    units = None  # type: ignore[assignment]
    name = forms.CharField(max_length=80)
    slug = forms.SlugField(max_length=40)
    administrator = forms.CharField(max_length=80)
    email = forms.EmailField()

    def clean_name(self) -> str:
        return unused("name", str(self.cleaned_data["name"]))

    def clean_slug(self) -> str:
        return unused("slug", str(self.cleaned_data["slug"]))

    def clean_administrator(self) -> str:
        return plain_name(self.cleaned_data["administrator"])

    def clean_email(self) -> str:
        return new_address(self.cleaned_data["email"])


def unused(field: str, value: str) -> str:
    if Agency.objects.filter(**{field: value}).exists():
        raise forms.ValidationError(_("There is an agency of this name already."))
    return value


def new_address(typed: object) -> str:
    email = str(typed).lower()
    if Member.objects.filter(email=email).exists():
        raise forms.ValidationError(_("Someone with this address is on a desk already."))
    return email


def plain_name(typed: object) -> str:
    """A name the record can be read by: what cannot be seen could make one look like another."""
    name = " ".join(str(typed).split())
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") for sign in name):
        raise forms.ValidationError(_("There is an invisible sign in this name."))
    if name.casefold() == THE_DESK.name.casefold():
        raise forms.ValidationError(_("The record calls the machine by this name."))
    return name
