"""You said, we did: written by one, published by another, with what led to it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.answer import rules
from commonground.answer.models import Conversation, Deed
from commonground.answer.rules import deeds as deed_rules
from commonground.kit.clock import database_now
from commonground.kit.refusals import Refused
from commonground.record.actions import advance, witness


@transaction.atomic
def propose_deed(
    agency: Agency, *, by: Member, conversations: Iterable[Conversation] = (), **words: str
) -> Deed:
    """Say what came of it, for a second person to read. Nobody else sees it until then."""
    rules.may_act(agency.pk, by)
    led = [one for one in conversations if one.agency_id == agency.pk]
    if not led and not words.get("question"):
        raise Refused(_("Say which conversation or which question led to it."))
    deed = Deed.objects.create(agency=agency, written_by=by, **words)
    deed.conversations.set(led)
    witness("propose_deed", deed, by=by, conversations=[str(one.pk) for one in led], **words)
    return deed


@transaction.atomic
def announce(deed: Deed, *, by: Member) -> Deed:
    """Publish it. Whoever wrote it cannot."""
    deed_rules.may_announce(deed, by)
    return advance(deed, "announce", by=by, agreed_by=by, since=database_now())


@transaction.atomic
def give_up(deed: Deed, *, by: Member) -> Deed:
    """It was never public, and never will be."""
    rules.may_act(deed.agency_id, by)
    return advance(deed, "give_up", by=by)


@transaction.atomic
def retract(deed: Deed, *, reason: str, by: Member) -> Deed:
    """Take it back: its words go, that it was said stays, with the reason."""
    rules.may_act(deed.agency_id, by)
    if not reason.strip():
        raise Refused(_("Say why it is taken back. Everybody may read it."))
    why = reason.strip()[:300]
    return advance(deed, "retract", by=by, told={"reason": why}, reason=why, until=database_now())
