"""What can be wished for of the first days: a desk where nothing is done yet, and spreadsheets."""

from __future__ import annotations

from django.core.cache import cache
from django.urls import reverse

from commonground.agency import actions
from commonground.agency.models import Agency, Sheet
from commonground.kit.sheets import lines_of, sheets
from tests.journeys import scene

SHEET = """Name;What it offers;Phone;Postal address;Languages spoken there;Mood
Harbour refuge;A safe bed tonight, for women and children.;+1 902 555 0143;;English, French;calm
Night bus for anybody who is afraid to walk;A ride home.;902 555 0177;5 Mill Road;en;
Port Sable legal clinic;;;;Klingonish;
=HYPERLINK("https://evil.example");Free money.;;;;
"""


def begin_anew() -> str:
    """Jonas is the one person of an agency that was founded a minute ago."""
    jonas = scene.person("jonas")
    cache.clear()
    jonas.agency = Agency.objects.create(
        name="Port Noor Police", slug="noor", languages=["en"], days_for_factors=1000
    )
    jonas.save(update_fields=["agency"])
    return reverse("agency:setup")


def bring_a_sheet() -> str:
    """One row right, one there already, two with mistakes. Where each one's fate is read."""
    jonas, kind = scene.person("jonas"), sheets()["resources"]
    there = jonas.agency.resources.order_by("name").first()
    text = SHEET + f"{there};It is there.;;;;\n"
    sheet = actions.bring_sheet(kind, "victim services 2026.csv", text.encode(), by=jonas)
    return reverse("agency:sheet", args=[sheet.pk])


def take_a_sheet() -> str:
    where = bring_a_sheet()
    sheet = Sheet.objects.get()
    kind = sheets()[sheet.kind]
    lines, _ = lines_of(kind, sheet.agency, sheet.header, sheet.rows)
    new = sum(line.is_new for line in lines)
    actions.take_sheet(kind, sheet, new=new, by=scene.person("jonas"))
    return where


def undo_a_sheet() -> str:
    where = take_a_sheet()
    sheet = Sheet.objects.get()
    actions.undo_sheet(sheets()[sheet.kind], sheet, by=scene.person("jonas"))
    return where
