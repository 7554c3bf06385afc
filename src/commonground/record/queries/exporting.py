"""Part of the record as a folder that an outsider can check: a BagIt bag (RFC 8493)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone

from commonground.record.engine import notes, tree
from commonground.record.engine.leaves import decoy, digest, fact
from commonground.record.engine.outsider import verify
from commonground.record.models import Checkpoint, Entry, Erased
from commonground.record.queries import papers
from commonground.record.queries.captures import VERB, captured, gaps_as_told
from commonground.record.queries.log import log_key, nodes, signing_key
from commonground.record.queries.stamps import stamps_for

OUTSIDER = Path(verify.__file__).parent
EVERYTHING = "*"  # withhold all of it
# What was captured says all of this itself: where one of them is kept back, so is what was
# captured, with whatever else of the entry would tell of it.
CONTENT = (
    "verb", "subject", "title", "detail.what", "detail.address", "detail.digest", "detail.media",
    "detail.media_type", "detail.bytes",
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What to export: from entry number `first` to `last`, and what not to show.

    `withhold`: for an entry, by the name of a fact (or `*`), the reason code.
    """

    first: int
    last: int
    withhold: Callable[[Entry], Mapping[str, str]] = field(default=lambda _: {})
    earlier: str = ""  # a checkpoint that whoever asked holds
    agency: str = ""  # whose gaps are told
    told: papers.Told = field(default_factory=papers.Told)  # the words of what people read
    count: Callable[[int], None] = field(default=lambda _: None)  # told how far it is

    def names(self) -> str:
        return f"{self.first - 1} {self.last}"


def export(wish: Wish, shown: Checkpoint, place: Path) -> None:
    """Write the bag to `place`, which must not exist. Raises FileExistsError."""
    place.mkdir(parents=True)
    data = place / "data"
    data.mkdir()
    node = nodes()
    rows, stones = write_records(data, wish, shown, node)
    inside = range(wish.first, wish.last + 1)
    write_stones(data, {n for n in stones if n not in inside}, shown, node)
    (data / "checkpoint").write_text(shown.note, newline="")
    (data / "key").write_text(f"{log_key(shown.epoch)}\n", newline="")
    if wish.agency:
        gaps = gaps_as_told(wish.agency, timezone.now())
        write(data / "gaps.json", json.dumps(gaps, ensure_ascii=False, indent=1) + "\n")
    if wish.earlier:
        write_history(data, wish.earlier, shown, node)
    write_stamps(data, shown, wish.last, node)
    papers.write_papers(data, rows, wish.told)
    for name in ("verify.py", "verify.html"):
        if (OUTSIDER / name).exists():
            (place / name).write_bytes((OUTSIDER / name).read_bytes())
    seal(place, wish, shown)


def write_records(
    data: Path, wish: Wish, shown: Checkpoint, node: tree.Node
) -> tuple[list[verify.Row], set[int]]:
    """The records and their table; the numbers of tombstones that stand over some of them."""
    rows: list[verify.Row] = []
    seen: list[tuple[verify.Row, bytes]] = []
    stones = set()
    buried = dict(
        Erased.objects.filter(number__gte=wish.first, number__lte=wish.last).values_list(
            "number", "tombstone"
        )
    )
    with (data / "records.jsonl").open("w", newline="") as file:
        for entry in entries(wish):
            line = record_of(entry, wish.withhold(entry), shown.size, node, buried)
            file.write(verify.spelt(line) + "\n")
            facts = dict(fact(one) for one in line["shown"])
            row = (entry.index, json.loads(line["leaf"]), facts, line["withheld"])
            rows.append(row)
            if entry.number in buried:
                stones.add(buried[entry.number])
            elif names := verify.captured_in(row):
                seen.append((row, write_capture(data.parent, entry, names)))
            wish.count(len(rows))
    (data / "records.csv").write_text(verify.table(rows), newline="")
    if seen:
        made = verify.web_archive(log_key(shown.epoch).name, seen)
        (data / "captures.warc").write_bytes(made)
    return rows, stones


def write_capture(bag: Path, entry: Entry, names: tuple[str, str, list[tuple[str, str]]]) -> bytes:
    """What an entry captured, and its media, as files under their digests."""
    found = captured(entry)
    if found is None:
        raise ValueError(f"entry {entry.number} has lost what it captured")
    put(bag / names[0], found.body)
    contents = {digest: content for digest, _, _, content in found.media}
    for name, digest_ in names[2]:
        content = contents.get(digest_)
        if content is None:
            raise ValueError(f"entry {entry.number} has lost a picture or video")
        put(bag / name, content)
    return found.body


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)


def entries(wish: Wish) -> Iterator[Entry]:
    rows = Entry.objects.filter(number__gte=wish.first, number__lte=wish.last)
    return rows.order_by("number").iterator(1000)


def record_of(
    entry: Entry, withhold: Mapping[str, str], size: int, node: tree.Node,
    buried: Mapping[int, int],
) -> dict[str, Any]:  # fmt: skip
    """One line of an export: the leaf, its way to the root, what is shown and what is not."""
    leaf = bytes(entry.leaf).decode()
    line: dict[str, Any] = {
        "index": entry.index,
        "leaf": leaf,
        "path": [notes.b64(step) for step in tree.inclusion(entry.index, size, node)],
        "shown": [],
        "seed": "",
        "withheld": {},
    }
    if entry.number in buried:
        whole = {"withheld": {"erased": json.loads(leaf)["_sd"]}}
        return {**line, **whole, "tombstone": buried[entry.number] - 1}
    if EVERYTHING in withhold:
        return {**line, "withheld": {withhold[EVERYTHING]: json.loads(leaf)["_sd"]}}
    if stands_for_nothing(entry.opened[1], leaf):
        line["seed"] = entry.opened[1]
    withhold = with_what_was_captured(entry, withhold)
    for one in sorted(entry.disclosures):
        reason = withhold.get(fact(one)[0])
        if reason:
            line["withheld"].setdefault(reason, []).append(digest(one))
        else:
            line["shown"].append(one)
    line["withheld"] = {reason: sorted(digests) for reason, digests in line["withheld"].items()}
    return line


def with_what_was_captured(entry: Entry, withhold: Mapping[str, str]) -> Mapping[str, str]:
    """A captured page shows its own title: whoever keeps that back keeps back the page."""
    reason = next((withhold[name] for name in CONTENT if name in withhold), "")
    if entry.verb != VERB or not reason:
        return withhold
    return {**dict.fromkeys(CONTENT, reason), **withhold}


def stands_for_nothing(seed: str, leaf: str) -> bool:
    """Whether any digest of the leaf comes from the seed: a seed that explains nothing is left
    out, so that nobody can put another in its place."""
    return decoy(verify.unb64url(seed), 0) in json.loads(leaf)["_sd"]


def write_stones(data: Path, numbers: set[int], shown: Checkpoint, node: tree.Node) -> None:
    """The leaves that say what was erased; of what else they hold, nothing."""
    with (data / "tombstones.jsonl").open("w", newline="") as file:
        for stone in Entry.objects.filter(number__in=numbers).order_by("number"):
            line = record_of(stone, {EVERYTHING: "not-asked"}, shown.size, node, {})
            file.write(verify.spelt(line) + "\n")


def write_history(data: Path, earlier: str, shown: Checkpoint, node: tree.Node) -> None:
    """That the log of today continues the one that somebody saw. Raises NotANote, ValueError."""
    old = notes.opened(earlier, log_key(shown.epoch))
    path = tree.consistency(old.size, shown.size, node)
    lines = "".join(f"{notes.b64(step)}\n" for step in path)
    (data / f"since-{old.size}").write_text(lines, newline="")


def write_stamps(data: Path, shown: Checkpoint, last: int, node: tree.Node) -> None:
    """What an authority said of when it saw the log, and that the log of today continues that."""
    for stamp in stamps_for(shown, last):
        name, size = f"stamps/{stamp.checkpoint.size}", stamp.checkpoint.size
        put(data / f"{name}.tsr", bytes(stamp.answer))
        put(data / f"{name}.checkpoint", stamp.checkpoint.note.encode())
        if size < shown.size:
            path = tree.consistency(size, shown.size, node)
            put(data / f"{name}.since", "".join(f"{notes.b64(s)}\n" for s in path).encode())


def seal(place: Path, wish: Wish, shown: Checkpoint) -> None:
    """List every file, and sign the list."""
    today = timezone.now().date().isoformat()
    payload = sorted(file for file in (place / "data").rglob("*") if file.is_file())
    size = sum(file.stat().st_size for file in payload)
    write(place / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    write(
        place / "bag-info.txt",
        f"Bagging-Date: {today}\nPayload-Oxum: {size}.{len(payload)}\n"
        f"Source-Organization: {log_key(shown.epoch).name}\n"
        f"External-Description: Entries {wish.first} to {wish.last} of the record\n",
    )
    manifest(place, "manifest-sha256.txt", payload)
    tags = [file for file in sorted(place.iterdir()) if file.is_file()]
    manifest(place, "tagmanifest-sha256.txt", tags)
    listed = hashlib.sha256((place / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    name = log_key(shown.epoch).name
    claim = f"commonground record export v1\n{name}\n{wish.names()}\n{listed}\n"
    write(place / "signed-by.txt", notes.signed(claim, name, signing_key()))


def manifest(place: Path, name: str, files: list[Path]) -> None:
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(place).as_posix()}\n"
        for file in files
    ]
    write(place / name, "".join(lines))


def write(file: Path, text: str) -> None:
    file.write_text(text, newline="")
