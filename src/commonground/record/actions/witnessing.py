"""Asks outsiders to sign that our log only ever grew."""

from __future__ import annotations

import logging
from contextlib import suppress

from django.conf import settings

from commonground.kit.outbound import Answer, Unreachable, post
from commonground.record.actions.guarding import keep
from commonground.record.engine import notes, tree
from commonground.record.engine.witnessing import request
from commonground.record.models import Checkpoint, Head
from commonground.record.queries.log import log_key, nodes

log = logging.getLogger(__name__)
TEXT = {"Content-Type": "text/plain; charset=utf-8"}
AHEAD = (
    "A witness has seen {theirs} entries of this record, and {ours} are here: this database is an "
    "older copy. Nothing is written or published. An administrator: put the newest copy of the "
    "database back; if it is lost, two administrators begin a new log: Record, Own up to a loss"
)


def ask_witnesses(shown: Checkpoint) -> Checkpoint:
    """The checkpoint with the line of each witness that signed. One that cannot be reached is
    asked again with the next checkpoint."""
    signed = {name for name, _, _ in notes.Note.read(shown.note).signatures}
    for wish in settings.ENV.witnesses:
        address, _, text = wish.partition(" ")
        try:
            key = notes.Key.read(text.strip())
            if key.name not in signed:
                add_line(shown, key, asked(shown, key, address.rstrip("/") + "/add-checkpoint"))
        except (notes.NotANote, Unreachable) as why:
            log.warning("the witness at %s did not sign: %s", address, why)
    return shown


def asked(shown: Checkpoint, key: notes.Key, address: str) -> Answer:
    """Its answer, after telling it how we grew from what it saw last."""
    node = nodes()
    old = last_seen_by(key, shown)
    for _ in range(2):
        path = tree.consistency(old, shown.size, node) if old else []
        answer = post(address, request(old, path, shown.note).encode(), headers=TEXT)
        if answer.status != 409:
            return answer
        old = size_in(answer)
        if old > shown.size:
            stop(AHEAD.format(theirs=old, ours=shown.size))
            raise notes.NotANote("it has seen more of this log than is here")
    return answer


def size_in(answer: Answer) -> int:
    text = answer.body.decode("ascii", "replace").removesuffix("\n")
    if not notes.SIZE.fullmatch(text):
        raise notes.NotANote("its answer says no size")
    return int(text)


def last_seen_by(key: notes.Key, shown: Checkpoint) -> int:
    """What it signed last, as far as we remember; it says so itself if we are wrong."""
    rows = Checkpoint.objects.filter(epoch=shown.epoch, size__lt=shown.size, witnesses__gt=0)
    for note in rows.order_by("-size").values_list("note", flat=True)[:20]:
        if any(name == key.name for name, _, _ in notes.Note.read(note).signatures):
            return int(note.split("\n")[1])
    return 0


def add_line(shown: Checkpoint, key: notes.Key, answer: Answer) -> None:
    """Put its signature under ours, if it is one. Raises NotANote."""
    if answer.status != 200:
        raise notes.NotANote(f"it answered {answer.status}")
    for line in answer.body.decode("utf-8", "replace").splitlines(keepends=True)[:16]:
        with suppress(notes.NotANote):
            longer = notes.Note.read(shown.note + line)
            if set(longer.signed_by([log_key(shown.epoch), key])) >= {key}:
                shown.note, shown.witnesses = shown.note + line, shown.witnesses + 1
                shown.save(update_fields=["note", "witnesses"])
                keep(shown.note)
                return
    raise notes.NotANote("it did not sign what we asked")


def stop(why: str) -> None:
    Head.objects.filter(pk=1).update(stopped=why[:600])
