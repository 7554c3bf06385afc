"""The comment policy: what may be hidden, and how. Written by one, published by another."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.answer.models import CommentPolicy, Filter
from commonground.answer.rules import measures as rules
from commonground.answer.states import PolicyState
from commonground.channels.models import Channel
from commonground.kit.clock import database_now
from commonground.kit.refusals import Refused
from commonground.record.actions import THE_DESK, advance, witness

MOST_RULES, LONGEST_RULE = 12, 160


@transaction.atomic
def propose_policy(
    agency: Agency, *, about: str, rules_said: Sequence[str], appeal_hours: int, language: str,
    by: Member,
) -> CommentPolicy:  # fmt: skip
    """The next version, for a second person to read. The one in force stays until then."""
    rules.may_propose(agency, by)
    # One at a time: whoever comes second finds the first one's row, and its number.
    Agency.objects.select_for_update().get(pk=agency.pk)
    said = [" ".join(rule.split()) for rule in rules_said if rule.strip()]
    if not 1 <= len(said) <= MOST_RULES or max(map(len, said)) > LONGEST_RULE:
        raise Refused(_("Write one to twelve rules, each in a sentence of at most 160 signs."))
    if agency.comment_policies.filter(state=PolicyState.PROPOSED).exists():
        raise Refused(_("A version waits for a second person already. Drop it first."))
    last = agency.comment_policies.aggregate(last=Max("number"))["last"] or 0
    policy = CommentPolicy.objects.create(
        agency=agency, number=last + 1, about=about.strip(), rules=said, language=language,
        appeal_hours=appeal_hours, written_by=by,
    )  # fmt: skip
    witness("propose_policy", policy, by=by, version=policy.number, rules=said)
    return policy


@transaction.atomic
def publish(policy: CommentPolicy, *, by: Member) -> CommentPolicy:
    """From this second it is the policy. What was done under the former one stays under it."""
    rules.may_publish(policy, by)
    now = database_now()
    former = rules.policy_of(policy.agency)
    if former:
        supersede(former, policy)
    told = {"version": policy.number}
    return advance(policy, "publish", by=by, told=told, agreed_by=by, since=now)


def supersede(former: CommentPolicy, policy: CommentPolicy) -> None:
    """A newer version took its place."""
    advance(former, "supersede", by=THE_DESK, told={"version": policy.number}, until=database_now())


@transaction.atomic
def drop(policy: CommentPolicy, *, by: Member) -> CommentPolicy:
    """It was never in force, and never will be."""
    rules.may_propose(policy.agency, by)
    return advance(policy, "drop", by=by)


@transaction.atomic
def note_filter(
    channel: Channel, *, strength: str, words: str, ground: str, by: Member
) -> Filter:  # fmt: skip
    """How strongly the network itself hides there, as somebody just read it in its settings."""
    rules.may_propose(channel.agency, by)
    if not strength.strip():
        raise Refused(_("Write what the network's own settings say."))
    if words.strip() and not ground.strip():
        raise Refused(_("Each word that is hidden needs a legal ground, in words."))
    noted = Filter.objects.create(
        channel=channel, strength=strength.strip(), words=words.strip(), ground=ground.strip(),
        by=by,
    )  # fmt: skip
    witness("note_filter", noted, by=by, strength=noted.strength)
    return noted
