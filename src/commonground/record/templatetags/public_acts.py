"""What stands in the public archive, in words a reader without our vocabulary understands."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

ACTS = {
    "post.break_glass": _("Published by one person alone, because nobody could wait"),
    "post.finish": _("Published"),
    "post.withdraw": _("Taken back"),
    "delivery.see": _("Seen in public"),
    "delivery.note_withdrawn": _("Seen to be gone"),
    "question.open": _("A question to the public was opened"),
    "question.end": _("A question was closed at its time"),
    "question.publish": _("Results were published"),
    "question.seal": _("Ballots were put under a seal"),
    "question.forget_key": _("What tied ballots to people was destroyed"),
    "statement.accept": _("A statement by a resident was put to the vote"),
    "statement.refuse": _("A statement by a resident was kept from the vote"),
    "statement.reopen": _("A decision on a statement was taken back"),
    "measure.allow": _("A measure against what somebody wrote to us began"),
    "measure.end": _("A measure was taken back before its time"),
    "measure.expire": _("A measure ended at its time"),
    "measure.restore": _("A measure was found wrong and undone"),
    "appeal.appeal": _("Somebody objected to a measure"),
    "appeal.grant": _("An objection was found right"),
    "appeal.uphold": _("An objection was heard, and the measure stays"),
    "commentpolicy.publish": _("A version of the comment policy came into force"),
    "filter.note_filter": _("What a network itself hides beneath our posts was written down"),
    "record.erase": _("Words of earlier entries were erased"),
    "record.dispose": _("Words of earlier entries were erased when their time was over"),
    "record.reconcile": _("An older copy took the place of the record, and a new log began"),
    "legalhold.agree_to_keep": _("Entries were put under a legal hold"),
    "legalhold.agree_to_let_go": _("A legal hold was lifted"),
}


@register.filter
def public_act(type_: str) -> str:
    return str(ACTS.get(type_, type_))
