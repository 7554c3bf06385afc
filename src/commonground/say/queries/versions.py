"""The versions of a post, for whoever writes or reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language, gettext as _

from commonground.say.engine.coach import Advice, coach
from commonground.say.engine.versions import changed
from commonground.say.engine.words import Words
from commonground.say.models import Area, Post, Version, shown_by, whole_of
from commonground.say.queries.previewing import Preview, previews_of


def versions_of(post: Post) -> list[Version]:
    """Each with its post at hand, so that nothing is asked twice."""
    rows = list(post.versions.select_related("area"))
    for row in rows:
        row.post = post
    return rows


def languages_of(post: Post) -> list[str]:
    """In which languages everybody is spoken to, the main one first."""
    others = post.versions.filter(area=None).order_by("language")
    return [post.language, *others.values_list("language", flat=True)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A version one could begin: its value in the form, and how it is called."""

    value: str
    words: str


def choices_for(
    post: Post, languages: Sequence[tuple[str, str]], versions: Sequence[Version]
) -> list[tuple[str, list[Choice]]]:
    """What could be added, grouped: the agency's own languages, its areas, then the rest."""
    there = {(row.language, row.area_id) for row in versions} | {(post.language, None)}
    names, ours = dict(languages), post.agency.languages
    areas = list(post.agency.areas.filter(everywhere=False))
    spoken = dict.fromkeys([post.language, *(row.language for row in versions if not row.area_id)])
    pairs: list[tuple[str, Area | None]] = [(code, area) for area in areas for code in spoken]
    groups: list[tuple[str, list[tuple[str, Area | None]]]] = [
        (_("In another language"), [(code, None) for code in ours]),
        (_("For an area"), pairs),
        (_("More languages"), [(code, None) for code in names if code not in ours]),
    ]
    shown = []
    for heading, group in groups:
        free = [(c, a) for c, a in group if (c, a.pk if a else None) not in there]
        rows = [
            Choice(f"{c} {a.pk if a else ''}".strip(), called(c, a, post, names)) for c, a in free
        ]
        shown += [(heading, rows)] if rows else []
    return shown


def called(code: str, area: Area | None, post: Post, names: dict[str, str]) -> str:
    own = names.get(code, code)
    if area is None:
        return own
    return str(area) if code == post.language else f"{area}: {own}"


def coached_in(post: Post, versions: Sequence[Version]) -> list[tuple[Version, Advice]]:
    """What the coach says of each version that is in another language, in that language. What it
    stops stands with the main words: a stop anywhere stops the post."""
    speak, known = get_language() or "en", post.known()
    others = [one for one in versions if one.language != post.language and one.text]
    return [
        (one, coach(one.text, one.language, replace(known, pictures=alts_of(one)), speak))
        for one in others
    ]


def alts_of(version: Version) -> tuple[str, ...]:
    return tuple(str(words) for words in version.alts.values() if words)


def changed_since(version: Version) -> list[tuple[str, str]]:
    """What became of the main words since it was last held against them."""
    return changed(version.held_against, whole_of(version.post)) if version.is_old else []


def to_describe(version: Version) -> list[tuple[str, str]]:
    """What a version must describe: each picture, or the video, by its key, with its main words."""
    return [] if version.area_id else shown_by(version.post)


def words_of_version(version: Version, words: Words) -> Words:
    """As the coach reads it."""
    return replace(words, title=version.title, text=version.text, language=version.language)


def previews_showing(version: Version) -> list[Preview]:
    """The channels whose readers would see this version, and only what they see of it."""
    code, area = version.language, version.area.name if version.area else None
    shown = []
    for one in previews_of(version.post):
        mine = [tongue for tongue in one.tongues if tongue.language == code]
        if mine and (area is None or one.area == area):
            shown.append(replace(one, tongues=mine))
    return shown
