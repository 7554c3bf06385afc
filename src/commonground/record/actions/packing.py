"""Packs the answer to a request: a bag in a ZIP file, sealed until it is handed over."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import zipfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _, ngettext

from commonground.kit.envelope import KEY_BYTES, locked, unlocked, unwrapped, wrapped
from commonground.record.actions.inquiries import give
from commonground.record.actions.publishing import publish
from commonground.record.models import Inquiry, Parcel
from commonground.record.queries.exporting import Wish, export
from commonground.record.queries.inquiries import withholding
from commonground.record.queries.papers import Told
from commonground.record.templatetags.sentences import plain_sentence
from commonground.record.templatetags.withheld import REASONS

log = logging.getLogger(__name__)
TELL_EVERY = 200  # entries: a page that shows how far it is asks a few times a second at most


def pack(inquiry: Inquiry) -> None:
    """Make the file. What goes wrong is told on the request, and tried again."""
    try:
        content = packed(inquiry)
    except Exception as trouble:  # whatever it is, a person must learn of it
        log.exception("the answer to %s could not be packed", inquiry.name)
        Inquiry.objects.filter(pk=inquiry.pk).update(trouble=str(trouble)[:300] or "?")
        return
    own, place = os.urandom(KEY_BYTES), inquiry.pk.bytes
    sealed = {"sealed": locked(content, own, place), "wrapped": wrapped(own, place)}
    give(inquiry, **sealed, size=len(content), digest=hashlib.sha256(content).hexdigest())


def opened(parcel: Parcel) -> bytes:
    own = unwrapped(bytes(parcel.wrapped), parcel.place)
    return unlocked(bytes(parcel.sealed), own, parcel.place)


def packed(inquiry: Inquiry) -> bytes:
    shown = publish()
    if shown is None or not inquiry.found:
        raise ValueError("there is nothing to pack")
    rows = Inquiry.objects.filter(pk=inquiry.pk)

    def count(number: int) -> None:
        if number % TELL_EVERY == 0:
            rows.update(packed=number)

    wish = Wish(
        min(inquiry.found), max(inquiry.found), withholding(inquiry), agency=inquiry.agency,
        told=told_about(inquiry), count=count,
    )  # fmt: skip
    with TemporaryDirectory(prefix="answer-") as folder:
        bag = Path(folder) / f"answer-{inquiry.name}"
        export(wish, shown, bag)
        return zipped(bag)


def zipped(bag: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for one in sorted(bag.rglob("*")):
            if one.is_file():
                file.write(one, one.relative_to(bag.parent))
    return out.getvalue()


def told_about(inquiry: Inquiry) -> Told:
    """What the paper says, in the language that is spoken now."""
    many = len(inquiry.found)
    received = date_format(inquiry.received_on, "j F Y")
    return told_in_words(
        _("Answer to request %(name)s") % {"name": inquiry.name},
        _("Received on %(day)s, under: %(law)s.") % {"day": received, "law": inquiry.by_law.name},
        ngettext("%(n)d entry of the record fits.", "%(n)d entries of the record fit.", many)
        % {"n": many},
    )


def told_in_words(title: str, *before: str) -> Told:
    how = _(
        "How to check that nothing was changed or left out: unpack the file and run verify.py, or"
        " open verify.html in a browser. Pictures, videos and pages as the public saw them lie in"
        " data/media and data/captures. This paper is a copy for reading."
    )
    return Told(
        title, get_language() or "en", [*before, how], words=plain_sentence, day=day_in_words,
        withheld=str(_("Not shown")), reasons={code: str(words) for code, words in REASONS.items()},
        nothing=str(_("Nothing of this entry is shown.")),
        unseen=str(_("Some signs cannot be printed here; records.csv has them.")),
        rest=str(_("The acts after this one stand in records.csv alone.")),
    )  # fmt: skip


def day_in_words(at: datetime) -> str:
    return date_format(timezone.localtime(at), "l j F Y")
