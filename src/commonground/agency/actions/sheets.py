"""Many things out of one spreadsheet: looked over first, then taken all at once, or taken back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member, Sheet
from commonground.kit.refusals import MovedOn, Refused
from commonground.kit.sheets import Kind, Line, lines_of, read_sheet
from commonground.record.actions import witness


def bring_sheet(kind: Kind, name: str, given: bytes, *, by: Member) -> Sheet:
    """Read it, and keep what was read until its person takes it, or brings another. Nothing of it
    counts yet."""
    kind.may(by)
    header, rows = read_sheet(given)
    lines_of(kind, by.agency, header, rows)  # a column that is missing is told now
    with transaction.atomic():
        by.sheets.filter(taken_at=None).delete()
        return Sheet.objects.create(
            agency=by.agency, by=by, kind=kind.name, name=name[:120], header=header, rows=rows
        )


@transaction.atomic
def take_sheet(kind: Kind, sheet: Sheet, *, new: int, by: Member) -> Sheet:
    """Make what its rows say, all or nothing. `new`: how many its person saw would be made."""
    kind.may(by)
    now = timezone.now()
    if not Sheet.objects.filter(pk=sheet.pk, taken_at=None).update(taken_at=now):
        raise MovedOn(_("This sheet was taken already."))
    lines, _strange = lines_of(kind, by.agency, sheet.header, sheet.rows)
    right = [line for line in lines if line.is_new]
    if len(right) != new:
        raise MovedOn(_("Somebody changed something meanwhile. Look at each row again."))
    if not right:
        raise Refused(_("There is nothing new in it."))
    made = [made_of(kind, line, by) for line in right]
    # What was made stands where it belongs; the rows themselves are kept no longer.
    sheet.taken_at, sheet.made, sheet.header, sheet.rows = now, made, [], []
    sheet.save(update_fields=["made", "header", "rows"])
    witness("take_sheet", sheet, by=by, kind=kind.name, made=len(made))
    return sheet


def made_of(kind: Kind, line: Line, by: Member) -> str:
    form = kind.form(by.agency, line.values)
    form.is_valid()
    try:
        return str(kind.make(by.agency, form.cleaned_data, by).pk)
    except IntegrityError as error:  # of two who take in one instant, one is later
        raise MovedOn(_("Somebody changed something meanwhile. Look at each row again.")) from error


@transaction.atomic
def undo_sheet(kind: Kind, sheet: Sheet, *, by: Member) -> Sheet:
    """As if it had never been taken; only while nothing came of anything that was in it."""
    kind.may(by)
    now = timezone.now()
    standing = Sheet.objects.filter(pk=sheet.pk, undone_at=None).exclude(taken_at=None)
    if not standing.update(undone_at=now):
        raise MovedOn(_("This sheet was not taken, or was undone already."))
    things = list(kind.of(by.agency, sheet.made))
    if len(things) < len(sheet.made):
        raise Refused(_("Some of it is not there any more, so it cannot be undone as a whole."))
    for thing in things:
        if kind.used(thing):
            raise Refused(
                _("“%(name)s” was used since, so the sheet cannot be undone as a whole. Change"
                  " what is wrong on each page.") % {"name": thing}
            )  # fmt: skip
    names = [str(thing) for thing in things]
    for thing in things:
        kind.take_back(thing, by)
    sheet.undone_at = now
    witness("undo_sheet", sheet, by=by, kind=kind.name, names=names)
    return sheet


def drop_sheet(sheet: Sheet, *, by: Member) -> None:
    """They thought better of it: nothing of it was ever here."""
    if not by.sheets.filter(pk=sheet.pk, taken_at=None).delete()[0]:
        raise MovedOn(_("This sheet was taken already."))
