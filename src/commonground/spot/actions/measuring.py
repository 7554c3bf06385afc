"""How good our spotting is: a measuring of the detector, kept whatever came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonground import __version__
from commonground.agency.models import Member
from commonground.record.actions import witness
from commonground.spot import rules
from commonground.spot.models import Backtest


@transaction.atomic
def begin_backtest(name: str, *, settings: Mapping[str, Any], by: Member) -> Backtest:
    """Say that somebody measures the detector. What comes of it is kept on the desk."""
    rules.may_measure(by)
    test = Backtest.objects.create(
        agency=by.agency, name=name.strip()[:80], run_by=by, version=__version__,
        settings=dict(settings),
    )  # fmt: skip
    witness("begin_backtest", test, by=by, version=test.version, settings=test.settings)
    return test


def tell_progress(test: Backtest, said: str) -> None:
    """How far it is. Thousands of such words are no history: they are not in the record."""
    rows = Backtest.objects.filter(pk=test.pk, ended_at=None)
    rows.update(progress=said[:200], told_at=timezone.now())


@transaction.atomic
def finish_backtest(test: Backtest, report: Mapping[str, Any]) -> Backtest:
    """Keep what was measured, whether we like it or not: a kept report cannot be changed."""
    now = timezone.now()
    test.report, test.ended_at, test.told_at, test.progress = dict(report), now, now, ""
    test.save(update_fields=["report", "ended_at", "told_at", "progress"])
    digest = hashlib.sha256(json.dumps(report, sort_keys=True).encode()).hexdigest()
    witness("finish_backtest", test, by=test.run_by, digest=digest)
    return test


@transaction.atomic
def fail_backtest(test: Backtest, why: str) -> Backtest:
    """It came to nothing, and why."""
    test.ended_at, test.trouble = timezone.now(), why[:300]
    test.save(update_fields=["ended_at", "trouble"])
    witness("fail_backtest", test, by=test.run_by, why=test.trouble)
    return test
