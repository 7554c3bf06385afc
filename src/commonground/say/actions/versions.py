"""A post in several languages and for areas: its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.refusals import Refused
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.actions.laying import lay_out
from commonground.say.actions.writing import must_be_draft
from commonground.say.models import Area, Post, Version, whole_of

MOST = 12  # more than that nobody reads before saying yes


@transaction.atomic
def add_version(post: Post, *, language: str, area: Area | None, by: Member) -> Version:
    """Begin to say it in another language, or for an area. An area begins with the words there
    are; a language begins empty, so that nothing goes out in the wrong one."""
    rules.may_change(post, by)
    must_be_draft(post)
    if area is None and language == post.language:
        raise Refused(_("The post is in this language already."))
    if post.versions.count() >= MOST:
        raise Refused(_("A post has twelve versions at most: nobody reads more."))
    if post.versions.filter(language=language, area=area).exists():
        raise Refused(_("There is such a version already."))
    version = Version.objects.create(
        post=post, language=language, area=area, **first_words(post, language, area)
    )
    witness("add_version", post, by=by, **told(version))
    lay_out(post)
    return version


def first_words(post: Post, language: str, area: Area | None) -> dict[str, str]:
    """What an area's version begins with: the words of its language for everybody."""
    held = {"held_against": whole_of(post)}
    if area is None:
        return held
    if language == post.language:
        return {"title": post.title, "text": post.text, **held}
    general = post.versions.filter(language=language, area=None).first()
    return {"title": general.title, "text": general.text, **held} if general else held


@transaction.atomic
def change_version(version: Version, words: Mapping[str, Any], *, by: Member) -> Version:
    """Other words for it, held against the main ones as they are now."""
    post = version.post
    rules.may_change(post, by)
    must_be_draft(post)
    for name, said in words.items():
        setattr(version, name, said)
    version.held_against, version.changed_at = whole_of(post), timezone.now()
    version.save()
    witness("change_version", post, by=by, **told(version))
    lay_out(post)
    return version


@transaction.atomic
def confirm_version(version: Version, *, by: Member) -> None:
    """Say that it still holds, although the main words have changed."""
    post = version.post
    rules.may_change(post, by)
    must_be_draft(post)
    Version.objects.filter(pk=version.pk).update(held_against=whole_of(post))
    witness("confirm_version", post, by=by, **told(version))


@transaction.atomic
def remove_version(version: Version, *, by: Member) -> None:
    """Say it in this language, or for this area, no more. Its words are lost."""
    post = version.post
    rules.may_change(post, by)
    must_be_draft(post)
    witness("remove_version", post, by=by, **told(version))
    version.delete()
    lay_out(post)


def copy_versions(old: Post, new: Post, *, title_of: Callable[[str, str], str]) -> None:
    """The same versions for a post that begins from another's words; its pictures stay behind."""
    for version in old.versions.all():
        Version.objects.create(
            post=new, language=version.language, area=version.area, text=version.text,
            title=title_of(version.language, version.title), event=version.event,
            place=version.place, instruction=version.instruction, held_against=whole_of(new),
        )  # fmt: skip


def told(version: Version) -> dict[str, str]:
    """For the record: which one, and the digest of its words."""
    said = "\n\n".join([version.title, version.text, *map(str, version.alts.values())])
    return {
        "language": version.language, "area": str(version.area or ""),
        "digest": sha256(said.encode()).hexdigest(),
    }  # fmt: skip
