"""Looking back on a moment: what people write of it, and the report as it stood on a day."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from commonground.agency.models import Member
from commonground.learn import queries, rules
from commonground.learn.engine.after_action import canonical, digest_of
from commonground.learn.models import FrozenReport, LookBack
from commonground.record.actions import witness
from commonground.spot.models import Moment


@transaction.atomic
def write_look_back(moment: Moment, *, went_well: str, what_next: str, by: Member) -> LookBack:
    """What went well, and what we do next time. Older words stay in the record."""
    rules.may_look_back(moment, by)
    words = {"went_well": went_well, "what_next": what_next}
    told = {**words, "agency": by.agency, "written_by": by, "written_at": timezone.now()}
    look_back, _ = LookBack.objects.update_or_create(moment=moment, defaults=told)
    witness("write_look_back", look_back, by=by, moment=str(moment.pk), **words)
    return look_back


@transaction.atomic
def freeze_report(moment: Moment, *, by: Member) -> FrozenReport:
    """Put the report as it is now on the record: all of it, and its digest. What happens later
    changes this one no more; another can be frozen then."""
    rules.may_freeze(moment, by)
    Moment.objects.select_for_update(of=("self",)).get(pk=moment.pk)  # one number, one report
    told = queries.report_of(moment).as_dict()
    frozen = FrozenReport.objects.create(
        agency=by.agency, moment=moment, number=moment.frozen_reports.count() + 1, told=told,
        sha256=digest_of(told), frozen_by=by,
    )  # fmt: skip
    witness(
        "freeze_report", frozen, by=by, moment=str(moment.pk), digest=frozen.sha256,
        report=canonical(told),
    )  # fmt: skip
    return frozen
