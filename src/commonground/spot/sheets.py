"""Resources out of a spreadsheet: the list of victim services that lies in somebody's drawer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.agency.queries import is_used
from commonground.kit.sheets import KINDS, Cells, Column, Kind
from commonground.spot import actions, rules
from commonground.spot.forms import ResourceForm
from commonground.spot.models import Resource

COLUMNS = (
    Column("name", _("Name"), _("As the public knows it. Each name once."), needed=True),
    Column("about", _("What it offers"), _("One or two short sentences; the public reads them."),
           needed=True),
    Column("kind", _("Kind"), _("Such as helpline, shelter, page, map.")),
    Column("phone", _("Phone"), _("As one dials it: +1 902 555 0100"), begins="+"),
    Column("url", _("Web address"), _("With https://")),
    Column("address", _("Postal address"), _("Where people go. Empty where it must not be known.")),
    Column("languages", _("Languages spoken there"), _("English, French; or en, fr.")),
    Column("hours", _("Hours"), _("Such as: every day, 8 to 20")),
    Column("area", _("Area served"), _("As people call it.")),
    Column("owner", _("Who keeps it right"), _("A person or a unit.")),
    Column("words", _("Words people in need would use"), _("So that a moment finds it.")),
)  # fmt: skip
# As people write them, in English and in the language itself.
CODES = {
    name.casefold(): code
    for code, known in LANG_INFO.items() if "name" in known and len(code) == 2
    for name in (code, known["name"], known["name_local"])
}  # fmt: skip


def form(agency: Agency, cells: Cells) -> forms.Form:
    typed = {name: cell for name, cell in cells.items() if name != "words"}
    spoken = cells.get("languages", "").replace(";", ",").replace("/", ",").split(",")
    named = [CODES.get(one.strip().casefold(), one.strip()) for one in spoken]
    typed["languages"] = ", ".join(filter(None, named))
    typed[f"words_{agency.language}"] = cells.get("words", "")
    return FromSheet(typed, agency=agency)


class FromSheet(ResourceForm):
    """The same as on its page, with what the action takes where a sheet looks for it."""

    def clean(self) -> dict[str, Any]:
        known = super().clean() or self.cleaned_data
        return known if self.errors else self.fields_of_it()


def make(agency: Agency, known: Mapping[str, Any], by: Member) -> Resource:
    return actions.add_resource(agency, by=by, **known)


def of(agency: Agency, keys: Sequence[str]) -> Iterable[Resource]:
    return Resource.objects.filter(agency=agency, pk__in=keys).select_for_update()


def take_back(resource: Resource, by: Member) -> None:
    resource.delete()


KINDS["resources"] = Kind(
    "resources", _("Bring resources from a spreadsheet"),
    _("Each row becomes a resource of your library, which moments offer and the public sees."),
    COLUMNS, may=rules.may_change_resources, form=form,
    names=lambda agency: set(agency.resources.values_list("name", flat=True)), make=make, of=of,
    used=lambda resource: is_used(resource, made_by="add_resource"), take_back=take_back,
    page="spot:resources",
)  # fmt: skip
