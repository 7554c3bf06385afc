"""Entries as sentences: "Officer Reyes approved the post “Roads are icy”"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from commonground.record.models import Entry
from commonground.record.templatetags.tables import NOBODY_BY_NAME, THINGS, VERBS

register = template.Library()


@register.filter
def step_in_words(verb: str) -> str:
    """A kind of step, whoever takes it: "Somebody withdrew …"."""
    pattern = str(VERBS.get(verb) or gettext("%(who)s: %(verb)s, %(what)s"))
    return pattern % {"who": gettext("Somebody"), "what": "…", "verb": verb}


def plain_sentence(facts: Mapping[str, Any]) -> str:
    """An act in words, from the facts that are shown of it; … for what is not."""
    kind = str(facts.get("subject", "")).partition(":")[0]
    title = facts.get("title", "…")
    thing = str(THINGS.get(kind, f"{kind} “%(title)s”")) % {"title": title}
    who = str(facts.get("who", "…"))
    verb = str(facts.get("verb", "…"))
    pattern = str(VERBS.get(verb) or gettext("%(who)s: %(verb)s, %(what)s"))
    return pattern % {"who": NOBODY_BY_NAME.get(who, who), "what": thing, "verb": verb}


@register.simple_tag
def sentence(entry: Entry) -> SafeString:
    """One entry in words, its actor and thing in bold. Unknown verbs are shown as they are."""
    kind = entry.subject.partition(":")[0]
    thing = str(THINGS.get(kind, f"{kind} “%(title)s”")) % {"title": entry.title}
    pattern = VERBS.get(entry.verb) or gettext("%(who)s: %(verb)s, %(what)s")
    actor = NOBODY_BY_NAME.get(entry.who, entry.who)
    if entry.is_erased:
        actor, thing = gettext("Somebody"), gettext("something that was erased since")
    who, what = format_html("<strong>{}</strong>", actor), format_html("<bdi>{}</bdi>", thing)
    # The pattern is ours, the parts are escaped: the result is safe to show.
    words = str(pattern).replace("%(who)s", "{who}").replace("%(what)s", "{what}")
    words = words.replace("%(verb)s", "{verb}")
    through = entry.detail.get("through", "")
    if through:
        words = gettext("%(sentence)s, through the program {through}") % {"sentence": words}
    named = format_html("<bdi>“{}”</bdi>", through)
    return format_html(words, who=who, what=what, verb=entry.verb, through=named)
