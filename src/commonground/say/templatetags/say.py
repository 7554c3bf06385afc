"""How SAY speaks: states, steps and deliveries in the words people see."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext

from commonground.channels.engine import LINK
from commonground.channels.models import Channel
from commonground.channels.states import State as ChannelState
from commonground.kit.clock import database_now
from commonground.say.engine.coach import Remark
from commonground.say.engine.coach.receptiveness import spoken_of
from commonground.say.engine.coach.remarks import rules
from commonground.say.engine.fit import HASHTAG
from commonground.say.models import Attachment, Delivery, Post, Review, Variant, Video
from commonground.say.queries import Queue, responsible_for
from commonground.say.queries.pictures import shape_on

register = template.Library()

STANDS_OUT = '<span class="link">{}</span>'

STATES = {
    "draft": gettext_lazy("Draft"),
    "in_review": gettext_lazy("In review"),
    "approved": gettext_lazy("Approved, goes out in a moment"),
    "scheduled": gettext_lazy("Scheduled"),
    "held": gettext_lazy("Held: it does not go out"),
    "publishing": gettext_lazy("Going out"),
    "published": gettext_lazy("Published and seen"),
    "failed": gettext_lazy("It did not go out"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
DELIVERIES = {
    "waiting": gettext_lazy("waiting"),
    "sending": gettext_lazy("sending, not yet seen"),
    "sent": gettext_lazy("seen in public"),
    "declined": gettext_lazy("declined: a person must act"),
    "unsure": gettext_lazy("unsure, looking"),
    "late": gettext_lazy("too late, not sent"),
}
# Nobody can look into people's boxes, or onto their screens.
LETTERS = {
    "sent": gettext_lazy("handed over"),
    "sending": gettext_lazy("being handed over"),
    "unsure": gettext_lazy("being handed over"),
}
CLASSES = {"sent": "ok", "declined": "bad", "late": "bad", "unsure": "warn"}
VERDICTS = {
    "approve": gettext_lazy("said yes"),
    "override": gettext_lazy("overrode the coach’s stop"),
    "send_back": gettext_lazy("returned it"),
    "reject": gettext_lazy("rejected it"),
}
STEPS = {
    "recall": gettext_lazy("Take it back to change it"),
    "retry": gettext_lazy("Make a new draft of it"),
}


@register.filter
def state_words(post: Post) -> str:
    return str(STATES[post.state])


@register.filter
def step_words(step: str) -> str:
    return str(STEPS[step])


# What a remark of the coach is about, said in words: never by colour alone.
REMARKS = {
    "risk": gettext_lazy("Stop: this may not go out"),
    "helpful": gettext_lazy("More helpful"),
    "receptiveness": gettext_lazy("Easier to hear"),
    "justice": gettext_lazy("Fair and respectful"),
    "plain": gettext_lazy("Plainer"),
}


@register.filter
def remark_words(remark: Remark) -> str:
    return str(REMARKS[remark.kind])


@register.filter
def rests_on(remark: Remark) -> str:
    """The finding or the duty behind a remark."""
    return rules()[remark.rule].rests_on


@register.filter
def feature_words(feature: str) -> str:
    speak = "fr" if (get_language() or "").startswith("fr") else "en"
    return spoken_of()[feature][speak]["name"]


@register.filter
def verdict_words(review: Review) -> str:
    return str(VERDICTS[review.verdict])


@register.filter
def delivery_words(variant: Variant) -> str:
    delivery = delivery_of(variant)
    if delivery is None:
        return _("not sent")
    if variant.post.state == "held":
        return _("held, not sent")
    if words := thread_words(variant):
        return words
    if delivery.raised_at and delivery.state in ("waiting", "sending"):
        return _("late: the desk goes on trying")
    if delivery.handed_over_at and delivery.state == "unsure":
        return _("unsure: please look")
    if still_public(delivery):
        return _("still public, being taken back")
    if variant.channel.kind.letters and delivery.state in LETTERS:
        return str(LETTERS[delivery.state])
    return str(DELIVERIES[delivery.state])


def still_public(delivery: Delivery) -> bool:
    sent = delivery.state == "sent" and delivery.withdrawn_at is None
    return sent and delivery.variant.is_taken_back


def thread_words(variant: Variant) -> str:
    """How far a thread came, unless all of it is out; nothing where there is none."""
    whole = len(variant.parts)
    rows = list(variant.deliveries.all()) if whole > 1 else []
    if not rows:
        return ""
    standing = [row for row in rows if row.state == "sent" and row.withdrawn_at is None]
    if variant.is_taken_back:
        words = ngettext(
            "being taken back, %(out)d part still public",
            "being taken back, %(out)d parts still public",
            len(standing),
        )
        return words % {"out": len(standing)} if standing else ""
    return out_of(len(standing), whole) if len(standing) < whole else ""


def out_of(out: int, whole: int) -> str:
    words = ngettext("%(out)d of %(whole)d parts is out", "%(out)d of %(whole)d parts are out", out)
    return words % {"out": out, "whole": whole}


@register.filter
def half_out(variant: Variant) -> str:
    """What to say of a thread that broke off, and waits for a person; nothing if none did."""
    delivery = variant.delivery
    if delivery is None or len(variant.parts) < 2 or variant.is_taken_back:
        return ""
    handed_over = delivery.state == "unsure" and delivery.handed_over_at
    broken = delivery.state in ("declined", "late") or handed_over
    out = sum(row.state == "sent" for row in variant.deliveries.all())
    return out_of(out, len(variant.parts)) if broken else ""


@register.filter
def is_out(variant: Variant) -> bool:
    """Whether the public sees anything of it."""
    return any(row.state == "sent" for row in variant.deliveries.all())


@register.filter
def may_go_on(variant: Variant) -> bool:
    """Whether the rest of it may still be sent."""
    delivery = variant.delivery
    going_out = variant.post.state == "publishing"
    in_time = delivery is not None and database_now() < delivery.not_after
    return bool(going_out and in_time and delivery and delivery.state == "declined")


@register.filter
def delivery_why(variant: Variant) -> str:
    """What is known besides the state: as it is now, where the channel can tell."""
    delivery = delivery_of(variant)
    if delivery is None:
        return ""
    told = variant.channel.kind.told
    now = told(delivery.key) if told else ""
    # A refusal or a person's own words say more than the figures do, and stay beside them.
    said = "" if now and delivery.state in ("sending", "unsure") else delivery.why
    return " ".join(words for words in (now, said, waits_for(variant)) if words)


def waits_for(variant: Variant) -> str:
    """Whom it waits for, where that is a person."""
    shut_out = variant.channel.state == ChannelState.SIGN_IN
    if not shut_out or not variant.delivery or not variant.delivery.is_pending:
        return ""
    return _("It goes out as soon as an administrator signs this channel in again.")


@register.filter
def delivery_class(variant: Variant) -> str:
    delivery = delivery_of(variant)
    if delivery and still_public(delivery):
        return "bad"
    return CLASSES.get(delivery.state, "") if delivery else ""


@register.filter
def part_words(delivery: Delivery) -> str:
    """How one part of a thread stands."""
    if delivery.withdrawn_at:
        return _("withdrawn")
    behind = delivery.state == "waiting" and delivery.part > 1 and not delivery.attempt
    return _("waits for the part before it") if behind else str(DELIVERIES[delivery.state])


@register.filter
def part_class(delivery: Delivery) -> str:
    return CLASSES.get(delivery.state, "")


@register.filter
def told_words(delivery: Delivery) -> str:
    """Who knows of the trouble: on which routes people were told, and when they will be again."""
    if not settings.ENV.mail_url:
        return _("E-mail is not set up: people are told here only.")
    if not delivery.told_at:
        return _("Nobody has been told by e-mail yet.")
    people = responsible_for(delivery)[: delivery.told]
    names = get_text_list([member.name for member in people], _("and"))
    return _("Told by e-mail: %(names)s.") % {"names": names}


def delivery_of(variant: Variant) -> Delivery | None:
    return variant.delivery


@register.filter
def wants_to_post(post: Post) -> str:
    """The title of a decision: who wants to say something, where, and when."""
    where = get_text_list([short_name(v.channel) for v in post.variants.all()], _("and"))
    names = {"author": post.author.name, "where": where}
    if post.go_out_at is None:
        return _("%(author)s wants to post on %(where)s now") % names
    at = date_format(localtime(post.go_out_at), "j F, H:i")
    return _("%(author)s wants to post on %(where)s at %(at)s") % {**names, "at": at}


@register.filter
def queue_words(queue: Queue) -> str:
    """3 posts are due while this runs; 2 cheerful."""
    n = len(queue.waiting)
    due = ngettext("%(n)d post is due while this runs", "%(n)d posts are due while this runs", n)
    told = due % {"n": n}
    if queue.cheerful:
        cheerful = ngettext("%(n)d cheerful", "%(n)d cheerful", queue.cheerful)
        told += "; " + cheerful % {"n": queue.cheerful}
    return told + "."


def short_name(channel: Channel) -> str:
    """Bluesky, where the channel is called "Port Sable Police on Bluesky"; else its own name."""
    label = str(channel.kind.label)
    return label if label in channel.name else channel.name


@register.filter
def as_shown(text: str) -> SafeString:
    """Links and hashtags stand out, as they will on the network; everything else is plain."""
    pieces, end = [], 0
    marks = [*LINK.finditer(text), *HASHTAG.finditer(text)]
    for mark in sorted(marks, key=lambda m: m.start()):
        if mark.start() < end:  # a hashtag inside a link is part of the link
            continue
        pieces += [escape(text[end : mark.start()]), STANDS_OUT.format(escape(mark.group()))]
        end = mark.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))  # noqa: S308 - each piece is escaped


@register.simple_tag
def cut_on(channel: Channel, picture: Attachment) -> bool:
    """Whether a channel shows this picture cropped: the preview must show what it shows."""
    return shape_on(channel, picture) is not None


@register.simple_tag
def video_of(post: Post) -> Video | None:
    """The video of a post, without its bytes: pages only name it."""
    return Video.objects.defer("content").filter(post=post).first()
