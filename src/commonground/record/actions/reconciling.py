"""Two administrators who are signed in own up to a loss, and a new log begins."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.kit.persons import account_of
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.actions.guarding import place, what_is_wrong
from commonground.record.actions.keeping import Officer, must_be_another
from commonground.record.actions.publishing import reconcile
from commonground.record.models import Reconciliation, Restored


def may_reconcile(by: Officer) -> None:
    if "admin" not in by.roles:
        raise NotYours(_("Only an administrator may do this."))


def lost_now() -> str:
    """The checkpoint this database falls short of. Raises Refused where nothing is lost."""
    at = place()
    if at is None or not what_is_wrong():
        raise Refused(_("Nothing is to be reconciled: this database goes on where it stopped."))
    return at.read_text()


@transaction.atomic
def ask_to_reconcile(*, reason: str, by: Officer) -> Reconciliation:
    """Say what happened, for the public to read. Nothing changes until a second person agrees.

    It cannot stand in the record, which is stopped; the entry that ends it names both.
    """
    may_reconcile(by)
    if not reason.strip():
        raise Refused(_("Say what happened, in a few words: the public reads it."))
    lost = lost_now()
    Reconciliation.objects.filter(done_at=None).delete()
    return Reconciliation.objects.create(
        asked_by=str(by.pk), asked_name=by.name[:80], agency=str(by.agency_id),
        reason=reason.strip()[:300], lost=lost,
    )  # fmt: skip


@transaction.atomic
def agree_to_reconcile(row: Reconciliation, *, by: Officer) -> Restored:
    """The second yes: the old log ends, and what is kept goes on in a new one."""
    may_reconcile(by)
    must_be_another(row.asked_by, by)
    first = account_of(row.asked_by)
    if first is None or not first.is_active or "admin" not in first.roles:
        raise Refused(_("Whoever asked for it is no administrator any more. Ask for it anew."))
    if row.lost != lost_now():
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    rows = Reconciliation.objects.filter(pk=row.pk, done_at=None)
    if not rows.update(agreed_by=str(by.pk), done_at=timezone.now()):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    return reconcile(reason=row.reason, by=first.name,
        second=by.name)  # fmt: skip
