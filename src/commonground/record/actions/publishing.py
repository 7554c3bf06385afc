"""Shows the public where the log stands, and owns up where it broke."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.kit.refusals import Refused
from commonground.record.actions.growing import grow
from commonground.record.actions.guarding import FOUND_WHOLE, keep, place, what_is_wrong
from commonground.record.actions.writing import Machine, written
from commonground.record.engine import notes, tree
from commonground.record.models import Checkpoint, Head, Restored
from commonground.record.queries.log import last_checkpoint, nodes, origin, signing_key


def publish() -> Checkpoint | None:
    """Sign what the log holds now, and show it. None where nothing was ever written.

    An older copy of the database signs nothing, and from then on nothing can be written to it.
    Raises Refused.
    """
    if trouble := what_is_wrong():
        Head.objects.filter(pk=1).update(stopped=trouble[:600])
        raise Refused(trouble)
    Head.objects.filter(pk=1, asked=True).update(asked=False)
    with transaction.atomic():
        size = grow()
        last = last_checkpoint()
        if not size or (last and last.size >= size):
            return last
        epoch = Head.objects.get(pk=1).epoch
        said = notes.Checkpoint(origin(epoch), size, tree.root(size, nodes()))
        note = notes.signed(str(said), said.origin, signing_key())
        # Kept before it is shown: what nobody can hold against us was never published.
        keep(note)
        return Checkpoint.objects.get_or_create(epoch=epoch, size=size, defaults={"note": note})[0]


@transaction.atomic
def reconcile(*, reason: str, by: str, second: str) -> Restored:
    """Own up to the loss, and begin a new log over what is left. The old one is never continued:
    whoever holds its checkpoints can see to the end of time what it had shown."""
    reason, by, second = reason.strip(), by.strip(), second.strip()
    if not reason or not by or not second or by.casefold() == second.casefold():
        raise Refused(_("It takes a reason and two different people."))
    at = place()
    if at is None or not what_is_wrong():
        raise Refused(_("Nothing is to be reconciled: this database goes on where it stopped."))
    lost = at.read_text()
    Head.objects.get_or_create(pk=1)
    head = Head.objects.select_for_update().get(pk=1)
    ended = epoch_of(lost, head.epoch)
    broken = Restored.objects.create(epoch=ended, lost=lost, kept=head.count, reason=reason[:300])
    Head.objects.filter(pk=1).update(epoch=ended + 1, stopped="", asked=True)
    FOUND_WHOLE.add(at)
    told = {"reason": reason, "lost_checkpoint": lost, "second": second, "kept": head.count}
    written("reconcile", Record(), by=Machine(by), detail=told, role="administrator")
    return broken


def epoch_of(text: str, otherwise: int) -> int:
    """Which log ended; a checkpoint that nobody can read ends the one we are in."""
    try:
        name = notes.Checkpoint.read(notes.Note.read(text).text).origin.rpartition("/")[2]
    except notes.NotANote:
        return otherwise
    return int(name) if name.isascii() and name.isdigit() else otherwise


class Record:
    """The record itself, as something to write about."""

    pk = "log"
    agency_id = ""

    def __str__(self) -> str:
        return _("the record")
