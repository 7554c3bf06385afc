"""One entry's proof as a text that stands alone (C2SP tlog-proof)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from commonground.record.engine.notes import SIZE, Key, NotANote, b64, opened, unb64
from commonground.record.engine.tree import climbed, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the entry stands, the way to the root, and the checkpoint that names the root."""

    index: int
    path: Sequence[bytes]
    checkpoint: str

    def __str__(self) -> str:
        lines = [HEADER, f"index {self.index}", *(b64(step) for step in self.path), ""]
        return "\n".join(lines) + "\n" + self.checkpoint

    @classmethod
    def read(cls, text: str) -> Proof:
        """Raises NotANote."""
        head, gap, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if len(lines) > 1 and lines[1].startswith("extra "):
            unb64(lines.pop(1).removeprefix("extra "))  # ours is in the entry itself
        if lines[0] != HEADER or not gap or len(lines) < 2 or not lines[1].startswith("index "):
            raise NotANote("this is not a proof")
        index = lines[1].removeprefix("index ")
        if not SIZE.fullmatch(index):
            raise NotANote("the index of a proof is a plain number")
        return cls(int(index), [unb64(step) for step in lines[2:]], checkpoint)

    def proves(self, entry: bytes, key: Key) -> bool:
        """Whether this entry stands in the log of that key. Raises NotANote."""
        head = opened(self.checkpoint, key)
        return climbed(leaf_hash(entry), self.index, head.size, self.path) == head.root
