"""What must be true of a post before anyone is asked about it, and again before it goes out."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext

from commonground.agency.models import ROLE_LABELS, Member
from commonground.agency.states import Role
from commonground.channels.contract.alert import Flaw
from commonground.channels.models import Authorisation, Channel
from commonground.kit.refusals import NotYours, Refused
from commonground.say.engine.blanks import blanks_in
from commonground.say.engine.fit import fit
from commonground.say.models import (
    Post,
    Variant,
    Video,
)
from commonground.say.rules.echoes import must_boost_what_stands, must_echo_what_stands
from commonground.say.rules.threads import must_make_a_thread
from commonground.say.rules.versions import must_be_whole
from commonground.say.states import State


def must_be_ready(post: Post) -> None:
    """Everything that must be true of a post before anyone is asked to approve it, or it goes out.

    Asked three times: when it is sent for approval, when it is approved, and at the last moment.
    """
    variants = list(post.variants.select_related("channel"))
    if not variants:
        raise Refused(_("Choose at least one channel."))
    must_stand(post.author, Role.AUTHOR)
    must_be_certified(post.author)
    must_be_whole(post, variants)
    pictures, video = post.pictures.count(), Video.objects.filter(post=post).first()
    for variant in variants:
        must_fit(variant)
        must_boost_what_stands(variant)
        if not variant.boosts_id:
            must_be_shown(variant.channel, pictures)
            must_show_film(variant.channel, video)
        must_be_filled_in(variant)
    must_be_authorised(post.author, variants)
    must_warn_well(post, variants)
    must_correct_what_stands(post)
    must_answer_where_it_was_asked(post, variants)
    must_echo_what_stands(post)
    must_pass_the_coach(post)
    if post.go_out_at and post.go_out_at + post.stays_good < timezone.now():
        raise Refused(_("Its time has passed. Choose a new one."))


def must_be_filled_in(variant: Variant) -> None:
    terms = variant.post.alert_terms()
    warning = [terms.event, terms.area, terms.instruction] if terms else []
    said = [words for one in variant.said for words in one.words]
    if left := blanks_in(*said, *warning):
        named = {"channel": variant.channel.name, "blank": left[0]}
        raise Refused(_("“%(blank)s” is still to be filled in for %(channel)s.") % named)


ALERT_FLAWS = {
    Flaw.EVENT: gettext_lazy("Say in two or three words what happens."),
    Flaw.AREA: gettext_lazy("Say where people are meant."),
    Flaw.CIRCLE: gettext_lazy(
        "The circle is latitude, comma, longitude, a space, and kilometres: 53.55,-113.49 5"
    ),
    Flaw.HOURS: gettext_lazy("It is in force for 1 to 72 hours."),
    Flaw.TERM: gettext_lazy("Choose its terms from the lists."),
}


def must_warn_well(post: Post, variants: Iterable[Variant]) -> None:
    """A public alert says all that a machine must know, and has a place to stand."""
    terms = post.alert_terms()
    if terms is None:
        return
    if flaws := terms.flaws():
        raise Refused(_("The public alert is not complete. %s") % ALERT_FLAWS[flaws[0]])
    if not any(variant.channel.kind.alerts for variant in variants):
        raise Refused(_("A public alert stands in the newsroom. Choose that channel too."))


def corrected_already(post: Post, but: Post | None = None) -> bool:
    """Whether another correction of it is out, or on its way: two would not know of each other."""
    out = [State.APPROVED, State.SCHEDULED, State.HELD, State.PUBLISHING, State.PUBLISHED]
    others = post.corrections.filter(state__in=out)
    return (others.exclude(pk=but.pk) if but else others).exists()


def must_correct_what_stands(post: Post) -> None:
    if post.corrects is None:
        return
    if post.corrects.state == State.WITHDRAWN:
        raise Refused(_("What this corrects was taken back. Write a post of its own."))
    if corrected_already(post.corrects, but=post):
        raise Refused(_("What this corrects was corrected already. Correct the correction."))


def must_answer_where_it_was_asked(post: Post, variants: Iterable[Variant]) -> None:
    """On any other channel it would answer nobody."""
    if post.answers and {v.channel_id for v in variants} != {post.answered.channel_id}:
        where = {"channel": post.answered.channel.name}
        raise Refused(_("An answer stands on %(channel)s alone. Untick the others.") % where)


def must_pass_the_coach(post: Post) -> None:
    """No hard stop stands, or a second person let exactly these words pass, in writing."""
    stops = post.stops(get_language() or "en")
    if stops and not post.overridden():
        named = {"quote": stops[0].quote[:120], "why": stops[0].why}
        raise Refused(
            _(
                "The coach stops “%(quote)s”. %(why)s Change the words, or ask a second person to"
                " override the stop in writing."
            )
            % named
        )


def hindrance(post: Post) -> str:
    """Why it could not go out just now, in words; nothing if it could."""
    try:
        must_be_ready(post)
    except Refused as refusal:
        return str(refusal)
    return ""


def must_fit(variant: Variant) -> None:
    """Its words in each language, or each part of them where they may be parted."""
    whole = [one.text for one in variant.said[1:]] if variant.channel.kind.languages else []
    for words in [*variant.parts, *whole]:
        must_be_short_enough(variant, words)
    must_make_a_thread(variant)


def must_be_short_enough(variant: Variant, words: str) -> None:
    measured = fit(words, variant.channel.kind.limits)
    where = {"channel": variant.channel.name}
    if measured.why == "empty":
        raise Refused(_("There are no words yet for %(channel)s.") % where)
    if measured.why == "hashtags":
        most = variant.channel.kind.limits.hashtags
        raise Refused(_("%(channel)s takes %(most)d hashtags at most.") % {**where, "most": most})
    if not measured.fits:
        over = max(-measured.left, 1)
        raise Refused(
            ngettext(
                "The text for %(channel)s is %(over)d character too long.",
                "The text for %(channel)s is %(over)d characters too long.",
                over,
            )
            % {**where, "over": over}
        )


def must_stand(member: Member, role: Role) -> None:
    """Still on the desk, and still in the role they acted in."""
    if not member.is_active or role not in member.roles:
        named = {"who": member.name, "role": ROLE_LABELS[role]}
        raise NotYours(_("%(who)s no longer has the role “%(role)s” on this desk.") % named)


def must_be_certified(author: Member) -> None:
    """A lapse closes the right the same second, also for what was approved before."""
    if not author.certified():
        raise NotYours(
            _("The certificate of %(author)s is not in force.") % {"author": author.name}
        )


def must_be_shown(channel: Channel, pictures: int) -> None:
    """Some networks show nothing without a picture, some none, and not so many."""
    limits, where = channel.kind.limits, {"channel": channel.name}
    if pictures < limits.pictures_at_least:
        raise Refused(_("%(channel)s shows only posts with a picture. Add one.") % where)
    if pictures and not limits.pictures:
        raise Refused(
            _("%(channel)s takes no picture with its description. Write a post of its own.") % where
        )
    if pictures > limits.pictures:
        words = _("%(channel)s shows %(most)d pictures at most.")
        raise Refused(words % {**where, "most": limits.pictures})


def must_show_film(channel: Channel, video: Video | None) -> None:
    """Not every network takes a video from here, and none takes every one."""
    limits, where = channel.kind.limits, {"channel": channel.name}
    if video is None or not limits.film_objection(video.film):
        return
    if not limits.film_bytes:
        words = _("Videos are not yet sent to %(channel)s from here. Leave that channel out.")
        raise Refused(words % where)
    words = _("On %(channel)s a video may be %(seconds)d seconds long, and this one is longer.")
    raise Refused(words % {**where, "seconds": limits.film_seconds})


def must_be_authorised(author: Member, variants: Iterable[Variant]) -> None:
    """Asked in one go: a post may go to hundreds of accounts."""
    said_yes = Authorisation.objects.in_force().filter(member=author)
    theirs = set(said_yes.values_list("channel_id", flat=True))
    for variant in variants:
        if variant.channel_id not in theirs:
            raise NotYours(
                _("%(author)s is not authorised to speak on %(channel)s.")
                % {"author": author.name, "channel": variant.channel.name}
            )
