"""Accounts out of a spreadsheet: the list that every communications office keeps somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.agency.queries import is_used
from commonground.channels import actions, rules
from commonground.channels.forms import ConnectForm
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.channels.states import State
from commonground.kit.sheets import KINDS, Cells, Column, Kind

COLUMNS = (
    Column("name", _("Name"), _("As your members say it. Each name once."), needed=True),
    Column("network", _("Network"), _("Such as Mastodon, Bluesky, X, Facebook."), needed=True),
    Column("handle", _("Handle"), _("As people see it: @police"), begins="@"),
    Column("address", _("Server"), _("Where a network has many: https://mastodon.example")),
    Column("unit", _("Unit"), _("One of your units, by its name.")),
    Column("purpose", _("Purpose"), _("One line for the public: what this account is for.")),
    Column("topics", _("Topics"), _("What its people may speak about.")),
    Column("language", _("Language"), _("A two-letter code, such as en or fr.")),
)


def form(agency: Agency, cells: Cells) -> forms.Form:
    typed = {**cells, "listed": "on"}
    named = {kind.label.casefold(): kind.name for kind in networks().values()}
    network = cells.get("network", "")
    typed["network"] = named.get(network.casefold(), network.casefold())
    if wanted := cells.get("unit", ""):
        unit = agency.units.filter(name__iexact=wanted).first()
        typed["unit"] = str(unit.pk) if unit else "-1"
    typed.setdefault("language", "")
    typed["language"] = typed["language"].lower() or agency.language
    return ConnectForm(typed, agency=agency)


def make(agency: Agency, known: Mapping[str, Any], by: Member) -> Channel:
    told = dict(known)
    return actions.open_channel(agency, told.pop("network"), told.pop("name"), by=by, **told)


def of(agency: Agency, keys: Sequence[str]) -> Iterable[Channel]:
    return Channel.objects.filter(agency=agency, pk__in=keys).select_for_update()


def used(channel: Channel) -> bool:
    """Signed in, lent to somebody, or written for."""
    return channel.state != State.NEW or is_used(channel, made_by="open_channel")


def take_back(channel: Channel, by: Member) -> None:
    channel.delete()


KINDS["accounts"] = Kind(
    "accounts", _("Bring accounts from a spreadsheet"),
    _("Each row becomes a channel that waits to be signed in. The newsroom, letters and notices are"
      " opened on their own pages."),
    COLUMNS, may=lambda by: rules.may_run(by.agency_id, by), form=form,
    names=lambda agency: set(agency.channels.values_list("name", flat=True)), make=make, of=of,
    used=used, take_back=take_back, page="channels:channels",
)  # fmt: skip
