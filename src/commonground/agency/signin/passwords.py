"""What no password here may be: made of the words that anybody would try first, or one that was
stolen elsewhere."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
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


class NotLeaked:
    """None that stands on the operator's own list of stolen ones. No service learns that somebody
    here chooses a password."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def validate(self, password: str, user: Any = None) -> None:
        try:
            found = stands_in(self.file, hashed(password))
        except OSError as trouble:
            raise ValidationError(
                _("The list of stolen passwords cannot be read. Tell whoever runs this server."),
                code="no_list",
            ) from trouble
        if found:
            raise ValidationError(self.get_help_text(), code="leaked")

    def get_help_text(self) -> str:
        return _("Choose none that was ever stolen elsewhere: these are tried first, too.")


def hashed(password: str) -> bytes:
    """As such lists have it: SHA-1, for they are not there to keep a secret."""
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()


def stands_in(file: Path, wanted: bytes) -> bool:
    """Whether a line of this sorted file begins so. Of forty gigabytes it reads forty lines."""
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, os.SEEK_END)
        while low < high:  # if it is there, its line begins at `low` or after it, before `high`
            middle = (low + high) // 2
            lines.seek(max(middle - 1, 0))
            if middle:
                lines.readline()  # to where a line begins
            line = lines.readline()[: len(wanted)].upper() if lines.tell() < high else b""
            if line == wanted:
                return True
            low, high = (lines.tell(), high) if b"" < line < wanted else (low, middle)
    return False
