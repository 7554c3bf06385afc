"""Help with the words of a draft, by a machine: proposed, and taken by hand or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.channels.engine import writable
from commonground.kit.refusals import MovedOn, Refused
from commonground.record.actions import witness
from commonground.say import line, queries, rules
from commonground.say.actions.writing import must_be_draft, write
from commonground.say.engine.proposing import Kind
from commonground.say.models import Post, Proposal

MOST_AN_HOUR = 30  # of one member: nobody reads more, and each costs the agency something
NAMES = {"en": "English", "fr": "French"}  # as the machine is told; others by their code


def propose(post: Post, kind: Kind, *, by: Member, language: str = "") -> Proposal:
    """Another wording, to stand beside the draft. The draft is not touched."""
    rules.may_change(post, by)
    must_offer_help(by)
    with transaction.atomic():
        must_be_draft(post)
    before = post.text
    if not before.strip():
        raise Refused(_("Write something first: the help works on your words."))
    try:
        text = writable(line.proposal(kind, before, NAMES.get(language, language)))
    except line.NoHelp as why:
        witness("miss_help", post, by=by, kind=kind.value, why=str(why))
        raise Refused(
            _("The drafting help did not answer. Your draft is as it was; try again later.")
        ) from why
    return kept(post, kind, language, before, text, by)


@transaction.atomic
def kept(post: Post, kind: Kind, language: str, before: str, text: str, by: Member) -> Proposal:
    model = settings.ENV.drafting_model[:80]
    proposal = Proposal.objects.create(
        post=post, by=by, kind=kind.value, language=language, before=before, text=text, model=model
    )
    digests = {name: sha256(t.encode()).hexdigest() for name, t in (("of", before), ("is", text))}
    witness("propose_words", post, by=by, kind=kind.value, model=model, **digests)
    return proposal


def must_offer_help(by: Member) -> None:
    if not line.offered():
        raise Refused(_("There is no drafting help on this desk."))
    lately = by.proposals.filter(made_at__gt=timezone.now() - timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        raise Refused(_("You asked for help many times within an hour. Go on in a while."))


@transaction.atomic
def take_proposal(proposal: Proposal, *, by: Member) -> Post:
    """These words in place of the draft's own. They are the author's from here on, and need
    the same yes as any others."""
    post = proposal.post
    rules.may_change(post, by)
    must_be_draft(post)
    if post.text != proposal.before:
        raise MovedOn(_("You wrote on since. Ask again, so that nothing of yours is lost."))
    words = replace(queries.words_of(post), text=proposal.text)
    if proposal.language:
        words = replace(words, language=proposal.language)
    proposal.taken_at = timezone.now()
    proposal.save(update_fields=["taken_at"])
    is_now = sha256(proposal.text.encode()).hexdigest()
    witness("take_words", post, by=by, kind=proposal.kind, digest=is_now)
    # A page that was opened before must not overwrite them unseen.
    return write(post, words, by=by, page=uuid4().hex, before=post.written_on)
