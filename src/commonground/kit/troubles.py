"""Why something was not had, written down by one process and told by another.

A worker speaks nobody's language. What went wrong is kept as our own English sentence, marked for
the translators where it is raised, and said in the language of whoever reads it. What is in no
catalogue is somebody else's words, and stays as it is.
"""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop as _

# Sentences with a gap, to be filled with `%`. Here, for what was filled must be told apart again.
ANSWERED = _("The server answered %(what)s.")
BROKE = _("The connection broke: %(what)s.")
TOO_LONG = _("It is longer than %(what)s kB.")
STREAM_BROKE = _("The stream broke off: %(what)s.")
STREAM_ENDED = _("The stream was ended by its server: %(what)s.")
NO_NAME_SERVER = _("No name server answered for %(what)s.")
WITH_A_GAP = (ANSWERED, BROKE, TOO_LONG, STREAM_BROKE, STREAM_ENDED, NO_NAME_SERVER)
AROUND = {words: tuple(words.split("%(what)s")) for words in WITH_A_GAP}


def told(trouble: str) -> str:
    """The sentence in the language of whoever reads it now."""
    for words, (before, after) in AROUND.items():
        if trouble.startswith(before) and trouble.endswith(after):
            what = trouble.removeprefix(before).removesuffix(after)
            return gettext(words) % {"what": what}
    return gettext(trouble) if trouble else ""  # of nothing, a catalogue tells its own head
