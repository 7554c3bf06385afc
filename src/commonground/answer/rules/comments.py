"""Whether people may comment on our own site, and who decides that."""

from __future__ import annotations

from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.answer import rules
from commonground.answer.models.hours import HEARD
from commonground.answer.rules.measures import policy_of
from commonground.channels.models import Channel
from commonground.channels.networks.site.models import How, Page, Talk
from commonground.kit.refusals import NotYours, Refused


def how(channel: Channel) -> How:
    found = Talk.objects.filter(channel=channel).values_list("how", flat=True).first()
    return How(found or How.OFF)


def may_set(channel: Channel, wanted: How, by: Member) -> None:
    """Without published rules nothing may be hidden, and so nothing may be opened."""
    if Role.ADMIN not in by.roles or by.agency_id != channel.agency_id:
        raise NotYours(_("Only an administrator says whether people may comment."))
    if channel.network != "site":
        raise Refused(_("Only beneath what stands on your own site. Networks have their own."))
    if wanted != How.OFF and policy_of(channel.agency) is None:
        raise Refused(
            _("Publish a comment policy first: without a rule that everybody can read nothing may"
              " ever be hidden, and nothing is opened.")
        )  # fmt: skip


def may_close(page: Page, by: Member) -> None:
    rules.may_act(page.channel.agency_id, by)


def takes_comments(page: Page) -> How:
    """How comments are taken beneath a page; OFF where none are."""
    closed = page.closed_at or page.withdrawn_at or page.answers_id
    if closed or page.channel.state not in HEARD:
        return How.OFF
    wanted = how(page.channel)
    return wanted if wanted == How.OFF or policy_of(page.channel.agency) else How.OFF


def must_take_comments(page: Page) -> How:
    wanted = takes_comments(page)
    if wanted == How.OFF:
        raise Refused(_("No comments are taken here."))
    return wanted
