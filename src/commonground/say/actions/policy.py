"""Changes of who must read what. Each stands on the record, whole."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max

from commonground.agency.models import Agency, Member
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.models import ReviewRule
from commonground.say.models.policy import Said


@transaction.atomic
def add_review_rule(agency: Agency, said: Said, *, by: Member) -> ReviewRule:
    """One more rule, after the others."""
    rules.may_set_rules(agency, by)
    last = agency.review_rules.aggregate(last=Max("place"))["last"] or 0
    return kept(ReviewRule(agency=agency, place=last + 1), said, "add_review_rule", by)


@transaction.atomic
def change_review_rule(rule: ReviewRule, said: Said, *, by: Member) -> ReviewRule:
    """Other words; what waits is asked for by the new ones from now on."""
    rules.may_set_rules(rule.agency, by)
    return kept(rule, said, "change_review_rule", by)


def kept(rule: ReviewRule, said: Said, verb: str, by: Member) -> ReviewRule:
    for name in ("name", "unit", "topic", "urgent", "starts", "ends", "steps"):
        setattr(rule, name, said[name])
    rule.save()
    rule.channels.set(said["channels"])
    hours = [t.isoformat("minutes") for t in (rule.starts, rule.ends) if t]
    witness(
        verb, rule, by=by, steps=rule.steps, channels=[c.name for c in said["channels"]],
        unit=str(rule.unit or ""), topic=rule.topic, urgent=rule.urgent, hours=hours,
    )  # fmt: skip
    return rule


@transaction.atomic
def drop_review_rule(rule: ReviewRule, *, by: Member) -> None:
    """It decides no more. Those after it, or one approver, do."""
    rules.may_set_rules(rule.agency, by)
    witness("drop_review_rule", rule, by=by)
    rule.delete()


@transaction.atomic
def put_review_rule_first(rule: ReviewRule, *, by: Member) -> ReviewRule:
    """Ask it before all others: the first that fits decides."""
    rules.may_set_rules(rule.agency, by)
    rule.agency.review_rules.exclude(pk=rule.pk).update(place=F("place") + 1)
    rule.place = 1
    rule.save(update_fields=["place"])
    witness("put_review_rule_first", rule, by=by)
    return rule
