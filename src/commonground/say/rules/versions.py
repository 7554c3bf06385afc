"""What must be true of a post's versions in other languages and for areas."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.kit.languages import name_of_language
from commonground.kit.refusals import NotYours, Refused
from commonground.say.models import Area, Post, Variant, Version, shown_by
from commonground.say.models.laying import Layout


def may_keep_areas(agency: Agency, by: Member) -> None:
    """Whoever writes uses what is known of an area; whoever runs the channels keeps it."""
    if Role.ADMIN not in by.roles or by.agency_id != agency.pk:
        raise NotYours(_("Only an administrator may say what is known of an area."))


def must_be_no_version(post: Post, language: str) -> None:
    """The main words cannot take the language of a version: there would be two of one."""
    if post.versions.filter(language=language, area=None).exists():
        named = {"language": name_of_language(language)}
        raise Refused(
            _("There is a version in %(language)s. Remove it before the post takes its language.")
            % named
        )


def must_be_whole(post: Post, variants: Iterable[Variant]) -> None:
    """Each version says what the main words say, and somebody reads it."""
    versions = list(post.versions.select_related("area"))
    if not versions:
        return
    for version in versions:
        must_say_all(version)
    lost = Layout.of(post).unshown([(v.channel, v.speaks) for v in variants])
    if lost:
        words = _("%(version)s: no channel shows it. Choose one that does, or remove it.")
        names = {(one.language, str(one.area_id or "")): one.name for one in versions}
        raise Refused(words % {"version": names[lost[0].said.language, lost[0].area]})


def must_say_all(version: Version) -> None:
    """Not one part of the main words may be missing in it: not even for those who cannot see."""
    where = {"version": version.name}
    if not version.text.strip() or (version.post.title and not version.title.strip()):
        raise Refused(_("%(version)s: its words are not written yet.") % where)
    shown = [key for key, _alt in shown_by(version.post)]
    if not version.area_id and not all(str(version.alts.get(key, "")).strip() for key in shown):
        raise Refused(_("%(version)s: a picture or video is not described in it yet.") % where)
    terms = version.post.alert_terms()
    said = (version.event, version.place, version.instruction)
    asked = (terms.event, terms.area, terms.instruction) if terms else ("", "", "")
    if not version.area_id and any(a and not s.strip() for a, s in zip(asked, said, strict=True)):
        raise Refused(_("%(version)s: the public alert is not translated yet.") % where)


def must_be_unused(area: Area) -> None:
    if area.versions.exists():
        raise Refused(
            _("Posts were written for this area, so it stays. Take its channels away instead.")
        )
