"""Stop everything, and start it again."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.kit.refusals import MovedOn
from commonground.protect import rules
from commonground.protect.models import Hold
from commonground.record.actions import witness


@transaction.atomic
def stop(agency: Agency, *, reason: str, by: Member) -> Hold:
    """From this second nothing is sent. Posts, approvals and times stay as they are."""
    rules.may_stop(by)
    # Every send asks under this lock whether it may: none can be between question and answer.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    try:
        with transaction.atomic():
            hold = Hold.objects.create(agency=agency, reason=reason, by=by)
    except IntegrityError as error:
        raise MovedOn(_("Everything was stopped already, by somebody else.")) from error
    witness("stop", hold, by=by, reason=reason)
    return hold


@transaction.atomic
def agree_to_restart(hold: Hold, *, by: Member) -> Hold:
    """One of the two yeses it takes. The second lifts the hold, and what is due goes out."""
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    rules.may_agree_to_restart(hold, by)
    if hold.first_yes is None:
        hold.first_yes = by
    else:
        hold.second_yes, hold.lifted_at = by, timezone.now()
    hold.save(update_fields=["first_yes", "second_yes", "lifted_at"])
    witness("lift" if hold.lifted_at else "agree_to_restart", hold, by=by, reason=hold.reason)
    return hold
