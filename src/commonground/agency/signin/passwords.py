"""What no password here may be made of: the words that anybody would try first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ENOUGH = 8  # letters and digits that must be left without them
SHORTEST = 4  # shorter words are parts of too many others
OURS = ("commonground", "password", "police", "social desk")


class NotOurOwnWords:
    """The agency's name, the desk's address, and the member's own name are no secret."""

    def validate(self, password: str, user: Any = None) -> None:
        left = plain(password)
        for word in sorted(words_of(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < ENOUGH:
            raise ValidationError(self.get_help_text(), code="own_words")

    def get_help_text(self) -> str:
        return _("Choose more than the names of people and of your agency: these are tried first.")


def words_of(user: Any) -> Iterator[str]:
    said = [*OURS, urlsplit(settings.ENV.site_url).hostname or ""]
    if user is not None:
        said += [user.name, user.email, getattr(getattr(user, "agency", None), "name", "")]
    for text in said:
        yield from (word for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= SHORTEST)


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
