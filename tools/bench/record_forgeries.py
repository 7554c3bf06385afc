"""Ways to forge an export, one at a time, each different from the true one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from random import Random

from commonground.record.engine import notes
from commonground.record.engine.outsider import verify
from commonground.record.queries.log import log_key, signing_key

DATA = ("data/records.jsonl", "data/records.csv", "data/checkpoint", "data/tombstones.jsonl")
ALL = (*DATA, "data/key", "signed-by.txt", "bag-info.txt", "bagit.txt", "manifest-sha256.txt",
       "tagmanifest-sha256.txt")  # fmt: skip


# What was captured; of a stamp, what both programs check of it.
HELD = ("data/captures.warc", "data/captures/*", "data/media/*", "data/stamps/*.checkpoint")


class Forger:
    def __init__(self, bag: Path, chance: Random) -> None:
        self.bag, self.chance = bag, chance
        held = [file for place in HELD for file in bag.glob(place)]
        self.data = (*DATA, *(file.relative_to(bag).as_posix() for file in held))
        self.all = (*ALL, *self.data[len(DATA) :])
        self.true = {name: (bag / name).read_bytes() for name in self.all}
        self.touched: set[str] = set()

    def forge(self, holds_the_key: bool) -> tuple[str, Path]:
        """What was done, and the forged bag. `holds_the_key`: lists and signature fit again."""
        for name in self.touched:
            (self.bag / name).write_bytes(self.true[name])
        self.touched = set()
        ways = (
            [self.letters, self.lines, self.records]
            if holds_the_key
            else [self.letters, self.lines]
        )
        way = self.chance.choice(ways)
        name = self.chance.choice(self.data if holds_the_key else self.all)
        if way == self.records:
            name = "data/records.jsonl"
        forged = way(self.true[name])
        if forged == self.true[name]:
            return self.forge(holds_the_key)
        self.put(name, forged)
        if holds_the_key:
            self.sign_anew()
        return f"{way.__name__}{' with the key' if holds_the_key else ''}", self.bag

    def put(self, name: str, content: bytes) -> None:
        self.touched.add(name)
        (self.bag / name).write_bytes(content)

    def letters(self, content: bytes) -> bytes:
        """A byte changed, added or taken out; or two parts exchanged."""
        if not content:
            return b"x"
        at, more = self.chance.randrange(len(content)), self.chance.randrange(1, 9)
        other = bytes([self.chance.choice([*range(32, 127), 10, 0, 255])])
        return self.chance.choice([
            content[:at] + other + content[at + 1 :],
            content[:at] + other + content[at:],
            content[:at] + content[at + more :],
            content[:at] + bytes([content[at] ^ 1 << self.chance.randrange(8)]) + content[at + 1 :],
        ])  # fmt: skip

    def lines(self, content: bytes) -> bytes:
        lines = content.split(b"\n")
        one, two = self.chance.randrange(len(lines)), self.chance.randrange(len(lines))
        what = self.chance.randrange(3)
        if what == 0:
            lines[one], lines[two] = lines[two], lines[one]
        elif what == 1:
            del lines[one]
        else:
            lines.insert(one, lines[two])
        return b"\n".join(lines)

    def records(self, content: bytes) -> bytes:
        """A part of one record in the place of another's, or of its own; spelt as it should be."""
        rows = [json.loads(line) for line in content.decode().splitlines()]
        one, two = self.chance.choice(rows), self.chance.choice(rows)
        part = self.chance.choice(["index", "leaf", "path", "shown", "seed", "withheld", "name"])
        if part == "name":
            self.rename(one)
        elif isinstance(one[part], list) and self.chance.random() < 0.7:
            self.shuffle(one[part], two[part])
        else:
            one[part] = two[part]
        return "".join(verify.spelt(row) + "\n" for row in rows).encode()

    def rename(self, row: dict[str, list[str]]) -> None:
        """The same value under another name, with the same salt."""
        if not row["shown"]:  # erased: nothing has a name
            return
        at = self.chance.randrange(len(row["shown"]))
        salt, name, value = json.loads(verify.unb64url(row["shown"][at]))
        forged = json.dumps([salt, self.chance.choice(["who", "verb", name + "x"]), value])
        row["shown"][at] = verify.b64url(forged.encode())
        row["shown"].sort()

    def shuffle(self, mine: list[str], theirs: list[str]) -> None:
        what = self.chance.randrange(3)
        if what == 0 and mine:
            mine.pop(self.chance.randrange(len(mine)))
        elif what == 1 and theirs:
            mine.insert(self.chance.randrange(len(mine) + 1), self.chance.choice(theirs))
        else:
            self.chance.shuffle(mine)

    def sign_anew(self) -> None:
        for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            lines = self.true[name].decode().splitlines()
            files = [line.partition("  ")[2] for line in lines]
            self.put(name, "".join(f"{self.digest(f)}  {f}\n" for f in files).encode())
        head = self.true["signed-by.txt"].decode().split("\n")[:3]
        text = "\n".join([*head, self.digest("tagmanifest-sha256.txt")]) + "\n"
        self.put("signed-by.txt", notes.signed(text, log_key(1).name, signing_key()).encode())

    def digest(self, name: str) -> str:
        return hashlib.sha256((self.bag / name).read_bytes()).hexdigest()
