"""How CONNECT speaks: scopes, events and what became of a notice, in the words people see."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _, gettext_lazy

from commonground.connect.engine.events import TEST
from commonground.connect.models import Notice
from commonground.connect.states import Scope

register = template.Library()

SCOPES = {
    Scope.READ_POSTS: gettext_lazy("Read posts, and how they stand on each channel"),
    Scope.WRITE_DRAFTS: gettext_lazy("Write drafts, and send them for approval"),
    Scope.READ_MOMENTS: gettext_lazy("Read moments and resources"),
    Scope.READ_INBOX: gettext_lazy("Read what people wrote to us, and our notes"),
    Scope.WRITE_INBOX: gettext_lazy("Claim conversations, write notes, and answers for approval"),
    Scope.READ_RECORD: gettext_lazy("Read the record and its proofs"),
    Scope.READ_REGISTRY: gettext_lazy("Read which accounts speak for us"),
    Scope.MANAGE_WEBHOOKS: gettext_lazy("Say which programs are told what happens"),
}
EVENTS = {
    TEST: gettext_lazy("A test"),
    "post.submitted": gettext_lazy("A post waits for approval"),
    "post.approved": gettext_lazy("A post was approved"),
    "post.approved_alone": gettext_lazy("A post goes out without a second person"),
    "post.held": gettext_lazy("A post is held back"),
    "post.published": gettext_lazy("A post was seen in public"),
    "post.failed": gettext_lazy("A post did not go out"),
    "post.withdrawn": gettext_lazy("A post was withdrawn"),
    "delivery.seen": gettext_lazy("One channel: seen there"),
    "delivery.unsure": gettext_lazy("One channel: not sure whether it arrived"),
    "delivery.declined": gettext_lazy("One channel: refused"),
    "delivery.late": gettext_lazy("One channel: too late, not sent"),
    "delivery.gone": gettext_lazy("One channel: taken back, and gone"),
    "moment.opened": gettext_lazy("A moment opened"),
    "moment.closed": gettext_lazy("A moment closed"),
    "desk.stopped": gettext_lazy("Everything was stopped"),
    "desk.started": gettext_lazy("Everything was started again"),
}


@register.filter
def scope_words(scope: str) -> str:
    return str(SCOPES[Scope(scope)])


@register.filter
def event_words(event: str) -> str:
    return str(EVENTS.get(event, event))


@register.filter
def notice_words(notice: Notice) -> str:
    if notice.told_at:
        return _("heard")
    if notice.given_up_at:
        return _("not heard: the desk gave up")
    if notice.tries == 0:
        return _("waits to be told")
    return _("not heard yet: the desk tries again")
