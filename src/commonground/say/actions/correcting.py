"""What was said wrong is put right in the open: a new post that leads to the old one and back."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.record.actions import witness
from commonground.say import queries, rules
from commonground.say.models import Post, PublicAlert, Variant

LONGEST_TITLE = 120


@transaction.atomic
def correct(post: Post, *, by: Member) -> Post:
    """A draft that corrects a published post, on the channels where that one stands.

    It starts from the old words, in the old language, so that what is still true need not be
    typed again. The old post is not touched.
    """
    rules.may_correct(post, by)
    with translation.override(post.language):
        title = _("Correction: %s") % post.title if post.title else _("Correction")
    draft = Post.objects.create(
        agency=post.agency, author=by, moment=post.moment, corrects=post,
        title=title[:LONGEST_TITLE], text=post.text, language=post.language, urgent=post.urgent,
    )  # fmt: skip
    draft.resources.set(post.resources.all())
    ours = queries.spoken_by(by).filter(pk__in=queries.stands_on(post))
    for channel in ours:
        Variant.objects.create(post=draft, channel=channel, title=draft.title, text=draft.text)
    if alert := getattr(post, "alert", None):
        terms = {name: getattr(alert, name) for name in alert.terms.__dataclass_fields__}
        PublicAlert.objects.create(post=draft, **terms)
    witness("begin", draft, by=by, moment=None, corrects=str(post.pk))
    return draft
