"""What was said wrong is put right in the open: a new post that leads to the old one and back."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.record.actions import witness
from commonground.say import queries, rules
from commonground.say.models import Post, PublicAlert, Variant

LONGEST_TITLE = 120


def correcting(post: Post) -> str:
    """Its headline says that it corrects, in its own language where we have words in it."""
    if post.corrects_id or post.language not in dict(settings.LANGUAGES):
        return post.title
    with translation.override(post.language):
        return _("Correction: %s") % post.title if post.title else _("Correction")


@transaction.atomic
def correct(post: Post, *, by: Member) -> Post:
    """A draft that corrects a published post, on the channels where that one stands.

    It starts from the old words, in the old language, so that what is still true need not be
    typed again. The old post is not touched.
    """
    rules.may_correct(post, by)
    title = correcting(post)
    draft = Post.objects.create(
        agency=post.agency, author=by, moment=post.moment, corrects=post,
        title=title[:LONGEST_TITLE], text=post.text, language=post.language, urgent=post.urgent,
        parting=post.parting,
    )  # fmt: skip
    draft.resources.set(post.resources.all())
    ours = queries.spoken_by(by).filter(pk__in=queries.stands_on(post))
    for old in post.variants.filter(channel__in=ours, boosts=None).select_related("channel"):
        Variant.objects.create(
            post=draft, channel=old.channel, title=draft.title, text=old.text,
            detached=old.detached,
        )  # fmt: skip
    terms = post.alert_terms()
    if terms and any(channel.kind.alerts for channel in ours):
        PublicAlert.objects.create(post=draft, **asdict(terms))
    witness("begin", draft, by=by, moment=None, corrects=str(post.pk))
    return draft
