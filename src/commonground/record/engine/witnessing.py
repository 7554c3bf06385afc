"""What a witness does: it signs that a log only ever grew (C2SP tlog-witness, tlog-cosignature).

Whoever asks needs no name: the log's own signature says whose log it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commonground.record.engine import notes, tree

MOST_STEPS = 63  # of a consistency path: enough for any tree there can be


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a body; `seen`: the note to remember before it is sent, if any."""

    status: int
    body: str = ""
    type: str = "text/plain; charset=utf-8"
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """Its name, its key, and the logs it watches, by origin."""

    name: str
    private: Ed25519PrivateKey
    logs: Mapping[str, notes.Key]

    @property
    def key(self) -> notes.Key:
        return notes.key_of(self.name, self.private, notes.BY_A_WITNESS)

    def answer(self, asked: str, seen: Mapping[str, str], now: int) -> Answer:
        """What to say to add-checkpoint. `seen`: by origin, the last note it signed; `now`: POSIX
        seconds. Whoever calls must let nobody else in until `Answer.seen` is kept."""
        try:
            old, path, raw = read_request(asked)
            note = notes.Note.read(raw)
            said = notes.Checkpoint.read(note.text)
        except notes.NotANote as why:
            return Answer(400, f"{why}\n")
        if said.origin not in self.logs:
            return Answer(404, "this witness does not watch that log\n")
        try:
            if not note.signed_by([self.logs[said.origin]]):
                return Answer(403, "the log did not sign this\n")
        except notes.NotANote as why:
            return Answer(403, f"{why}\n")
        before = seen_of(seen.get(said.origin))
        if old > said.size:
            return Answer(400, "a log does not shrink\n")
        if old != before.size:
            return Answer(409, f"{before.size}\n", "text/x.tlog.size")
        if not follows(before, said, path):
            return Answer(422, "this does not continue what was seen before\n")
        line = notes.cosigned(note.text, self.name, self.private, now)
        return Answer(200, line, seen=signed_by_log(note, self.logs[said.origin]) + line)


def follows(before: notes.Checkpoint, said: notes.Checkpoint, path: Sequence[bytes]) -> bool:
    if said.size == 0 and said.root != tree.EMPTY:
        return False
    return tree.grew(before.size, before.root, said.size, said.root, path)


def seen_of(note: str | None) -> notes.Checkpoint:
    """What a witness last signed; of a log it never saw, the tree without leaves."""
    if not note:
        return notes.Checkpoint("none", 0, tree.EMPTY)
    return notes.Checkpoint.read(notes.Note.read(note).text)


def signed_by_log(note: notes.Note, key: notes.Key) -> str:
    """The note with the log's own signature and no other."""
    ours = [s for s in note.signatures if (s[0], s[1]) == (key.name, key.id)]
    return note.text + "\n" + "".join(notes.line(name, mark + sig) for name, mark, sig in ours)


def read_request(asked: str) -> tuple[int, list[bytes], str]:
    """The size before, the path, the checkpoint. Raises NotANote."""
    head, gap, raw = asked.partition("\n\n")
    first, *steps = head.split("\n")
    size = first.removeprefix("old ")
    if not gap or size == first or not notes.SIZE.fullmatch(size) or len(steps) > MOST_STEPS:
        raise notes.NotANote("this is not a request to a witness")
    path = [notes.unb64(step) for step in steps]
    if any(len(step) != 32 for step in path):
        raise notes.NotANote("a step of a path has 32 bytes")
    return int(size), path, raw


def request(old: int, path: Sequence[bytes], note: str) -> str:
    """What a log sends."""
    return "\n".join([f"old {old}", *(notes.b64(step) for step in path), ""]) + "\n" + note
