"""What no outlet carried reaches people directly: a draft in SAY that carries the message."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.refusals import Refused
from commonground.learn import rules
from commonground.learn.models import Coverage
from commonground.record.actions import witness
from commonground.say import actions as say, queries as said
from commonground.say.models import Post


@transaction.atomic
def go_direct(coverage: Coverage, message: str, *, by: Member) -> Post:
    """Begin a post with this message, for the same moment or campaign. Nothing goes out: it is a
    draft, and takes the way of every post."""
    rules.may_go_direct(by)
    rules.must_be_ours(coverage.agency_id, by)
    if message not in coverage.messages:
        raise Refused(_("This message was changed a moment ago. Look at the page again."))
    moment = coverage.moment
    helps = [one.resource for one in moment.matches.select_related("resource")] if moment else []
    opening = said.opening(helps)
    post = say.begin(
        by=by, moment=moment, campaign=coverage.campaign, resources=helps,
        title=str(coverage)[:120], language=by.agency.language,
        text=f"{message}\n\n{opening}" if opening else message,
    )  # fmt: skip
    witness("go_direct", coverage, by=by, message=message, post=str(post.pk))
    return post
