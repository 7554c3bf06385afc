"""What was said wrong is put right in the open: a new post that leads to the old one and back."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.record.actions import witness
from commonground.say import queries, rules
from commonground.say.actions.laying import lay_out
from commonground.say.actions.versions import copy_versions
from commonground.say.models import Post, PublicAlert, Variant

LONGEST_TITLE = 120


def correcting(post: Post, language: str, title: str) -> str:
    """Its headline says that it corrects, in its own language where we have words in it."""
    if post.corrects_id or language not in dict(settings.LANGUAGES):
        return title
    with translation.override(language):
        said = _("Correction: %s") % title if title else _("Correction")
    return said[:LONGEST_TITLE]


@transaction.atomic
def correct(post: Post, *, by: Member) -> Post:
    """A draft that corrects a published post, on the channels where that one stands.

    It starts from the old words, in the old language, so that what is still true need not be
    typed again. The old post is not touched.
    """
    rules.may_correct(post, by)
    title = correcting(post, post.language, post.title)
    draft = Post.objects.create(
        agency=post.agency, author=by, moment=post.moment, corrects=post,
        title=title, text=post.text, language=post.language, urgent=post.urgent,
        parting=post.parting,
    )  # fmt: skip
    draft.resources.set(post.resources.all())
    ours = queries.spoken_by(by).filter(pk__in=queries.stands_on(post))
    for old in post.variants.filter(channel__in=ours, boosts=None).select_related("channel"):
        Variant.objects.create(
            post=draft, channel=old.channel, title=draft.title, text=old.text,
            detached=old.detached, speaks=old.speaks,
        )  # fmt: skip
    terms = post.alert_terms()
    if terms and any(channel.kind.alerts for channel in ours):
        PublicAlert.objects.create(post=draft, **asdict(terms))
    copy_versions(post, draft, title_of=partial(correcting, post))
    lay_out(draft)
    witness("begin", draft, by=by, moment=None, corrects=str(post.pk))
    return draft
