#!/usr/bin/env python3
"""Checks an export of a Commonground record. Needs Python 3.9 or newer and nothing else.

    python3 -I -S verify.py BAG [--key KEY] [--witness KEY ...] [--after CHECKPOINT]

Says OK and ends with 0 only if every record in the folder BAG stands in the agency's log exactly
as it was written, none is missing between the first and the last, and every fact that is not
shown is named with a reason. Without --key it believes the key that came along, and says so:
compare it with the key the agency publishes, or with one you noted earlier.
"""

from __future__ import annotations

import argparse
import binascii
import csv
import hashlib
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Optional

# Older Pythons cannot say these in other ways.
Point = tuple[int, int, int, int]
Key = tuple[str, bytes]  # the name; what it signs and the key itself
Signatures = list[tuple[str, bytes]]
Row = tuple[int, Any, dict[str, Any], dict[str, list[str]]]

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
REASONS = {
    "personal": "personal information",
    "third-party": "about somebody else",
    "security": "would help an attacker",
    "investigation": "would harm an investigation",
    "legal": "legal privilege",
    "other-agency": "another agency's record",
    "not-asked": "outside what was asked for",
    "erased": "erased, with a tombstone in the log",
}
KEYS = {"index", "leaf", "path", "shown", "seed", "withheld", "tombstone"}
SHOWN = ("at", "type", "verb", "subject", "title", "who", "role", "agency")
# What the parts of Python we lean on say of what they cannot read.
MALFORMED = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Failed(Exception):
    """The export is not what it claims to be."""


def must(so: Any, why: str) -> None:
    if not so:
        raise Failed(why)


# Ed25519 (RFC 8032, 5.1), checking only.


def recover(y: int, odd: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    must((x * x - square) % P == 0 and (x or not odd), "a point is not on the curve")
    return P - x if x & 1 != odd else x


def plus(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = plus(total, point)
        point, number = plus(point, point), number >> 1
    return total


def unpacked(raw: bytes) -> Point:
    y = int.from_bytes(raw, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    must(y < P, "a point is not written in the one right way")
    x = recover(y, odd)
    return x, y, 1, x * y % P


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = unpacked(BASE_Y.to_bytes(32, "little"))


def is_signed(public: bytes, said: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        key, start = unpacked(public), unpacked(signature[:32])
    except Failed:
        return False
    answer = int.from_bytes(signature[32:], "little")
    if answer >= ORDER:
        return False
    asked = int.from_bytes(hashlib.sha512(signature[:32] + public + said).digest(), "little")
    one, two = times(answer, BASE), plus(start, times(asked % ORDER, key))
    return not ((one[0] * two[2] - two[0] * one[2]) % P or (one[1] * two[2] - two[1] * one[2]) % P)


# Texts that can be read in one way only.


def unb64(text: str) -> bytes:
    raw = binascii.a2b_base64(text)
    same = binascii.b2a_base64(raw, newline=False).decode() == text
    must(same, "base64 is not written in the one right way")
    return raw


def unb64url(text: str) -> bytes:
    padded = text.encode() + b"=" * (-len(text) % 4)
    raw = binascii.a2b_base64(padded.translate(FROM_URL))
    must(b64url(raw) == text, "base64 is not written in the one right way")
    return raw


def b64url(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).translate(TO_URL).rstrip(b"=").decode()


TO_URL, FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    must(len(found) == len(pairs), "a name stands twice in one JSON object")
    return found


def no_number(text: str) -> None:
    raise Failed("JSON has no number " + text)


# Made once: an export of ten thousand records has ten times as many texts to read.
JSON = json.JSONDecoder(object_pairs_hook=unique, parse_constant=no_number)
SPELLING = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
IN_A_TABLE = json.JSONEncoder(sort_keys=True)


def read_json(text: str) -> Any:
    return JSON.decode(text)


def number_in(text: str) -> int:
    must(text.isascii() and text.isdigit() and str(int(text)) == text, "a number is malformed")
    return int(text)


# The log: keys, notes, tree (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature; RFC 6962).


def read_key(text: str) -> Key:
    name, mark, body = text.strip().split("+", 2)
    raw = unb64(body)
    must(len(raw) == 33 and raw[0] in (1, 4), "this is not a key")
    must(key_id(name, raw).hex() == mark, "the name of a key does not fit its bytes")
    return name, raw


def key_id(name: str, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]


def read_note(raw: str) -> tuple[str, Signatures]:
    text, gap, below = raw.rpartition("\n\n")
    must(gap and below.endswith("\n"), "a note lacks its signatures")
    must(not any(ord(c) < 32 and c != "\n" for c in raw), "a note holds control characters")
    lines = [line.split(" ") for line in below[:-1].split("\n")]
    must(all(len(line) == 3 and line[0] == "\u2014" for line in lines), "a signature is malformed")
    found = [(name, unb64(body)) for _, name, body in lines]
    keys = {(name, signature[:4]) for name, signature in found}
    must(len(keys) == len(found), "a key signed a note twice")
    return text + "\n", found


def signed_by(text: str, signatures: Signatures, key: Key) -> bool:
    name, raw = key
    found = [s for n, s in signatures if n == name and s[:4] == key_id(name, raw)]
    for signature in found:
        said, rest = text.encode(), signature[4:]
        if raw[0] == 4:
            said = b"cosignature/v1\ntime %d\n" % int.from_bytes(rest[:8], "big") + said
            rest = rest[8:]
        must(is_signed(raw[1:], said, rest), "a signature of " + name + " is not right")
    return bool(found)


def read_checkpoint(raw: str, key: Key) -> tuple[int, bytes, str, Signatures]:
    text, signatures = read_note(raw)
    must(signed_by(text, signatures, key), "the checkpoint is not signed by the key of the log")
    lines = text[:-1].split("\n")
    must(len(lines) == 3 and lines[0] == key[0], "this is a checkpoint of another log")
    return number_in(lines[1]), unb64(lines[2]), text, signatures


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def climbed(value: bytes, index: int, size: int, path: list[bytes]) -> Optional[bytes]:
    if not 0 <= index < size:
        return None
    last = size - 1
    for beside in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            value = node_hash(beside, value)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            value = node_hash(value, beside)
        index, last = index >> 1, last >> 1
    return value if last == 0 else None


def grew(old: int, old_root: bytes, size: int, root: bytes, path: list[bytes]) -> bool:
    if not 1 <= old < size:
        return False
    path = [old_root] + path if old & (old - 1) == 0 else path
    index, last = old - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    return bool(path) and both(path, index, last) == (old_root, root)


def both(path: list[bytes], index: int, last: int) -> Optional[tuple[bytes, bytes]]:
    was = now = path[0]
    for beside in path[1:]:
        if last == 0:
            return None
        if index & 1 or index == last:
            was, now = node_hash(beside, was), node_hash(beside, now)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            now = node_hash(now, beside)
        index, last = index >> 1, last >> 1
    return (was, now) if last == 0 else None


# Records.


def read_record(line: str, size: int, root: bytes) -> tuple[Row, Any]:
    """The record, and how it stands in the export."""
    record = read_json(line)
    must(isinstance(record, dict) and set(record) <= KEYS, "a record has parts nobody knows")
    must(spelt(record) == line, "a record is not spelt in the one right way")
    index, entry = record["index"], record["leaf"].encode()
    must(type(index) is int, "an index is not a number")
    where = "record %d: " % (index + 1)
    path = [unb64(step) for step in record["path"]]
    must(climbed(leaf_hash(entry), index, size, path) == root, where + "does not stand in the log")
    leaf = read_json(record["leaf"])
    must(leaf["v"] == 1 and leaf["_sd_alg"] == "sha-256", where + "is of a kind nobody knows")
    return (index, leaf, facts_of(record, leaf, where), record["withheld"]), record


def spelt(record: Any) -> str:
    return SPELLING.encode(record)


def facts_of(record: Any, leaf: Any, where: str) -> dict[str, Any]:
    left, facts = set(leaf["_sd"]), dict[str, Any]()
    must(len(left) == len(leaf["_sd"]), where + "a digest stands twice")
    must(record["shown"] == sorted(record["shown"]), where + "facts are out of order")
    for shown in record["shown"]:
        _salt, name, value = read_json(unb64url(shown).decode())
        digest = b64url(hashlib.sha256(shown.encode()).digest())
        must(digest in left and name not in facts, where + "a fact is not what was written")
        left.remove(digest)
        facts[name] = value
    if record["seed"]:
        seed = unb64url(record["seed"])
        must(len(seed) == 32, where + "the seed has not its length")
        must(decoy(seed, 0) in left, where + "the seed is of another record")
        for number in range(64):
            fits = decoy(seed, number)
            if fits not in left:
                break
            left.remove(fits)
    for reason, digests in record["withheld"].items():
        must(reason in REASONS, where + "withheld for a reason nobody knows")
        must(digests and digests == sorted(set(digests)), where + "withheld twice, or nothing")
        must(left.issuperset(digests), where + "something is withheld that was never there")
        left -= set(digests)
    must(not left, where + "something is withheld without a reason")
    return facts


def decoy(seed: bytes, number: int) -> str:
    """A digest that stands for nothing: so that not even the number of facts shows."""
    return b64url(hashlib.sha256(b"decoy" + bytes([number]) + seed).digest())


HEAD = ("number",) + SHOWN + ("detail", "withheld")


def cells_of(row: Row) -> list[str]:
    index, leaf, facts, withheld = row
    public = {"at": leaf["at"], "type": leaf["type"], "role": leaf.get("role", "")}
    detail = {k[7:]: v for k, v in sorted(facts.items()) if k.startswith("detail.")}
    told = [str(facts.get(name, public.get(name, ""))) for name in SHOWN]
    why = " ".join("%s:%d" % (reason, len(withheld[reason])) for reason in sorted(withheld))
    return [str(index + 1)] + told + [IN_A_TABLE.encode(detail) if detail else "", why]


def table(rows: list[Row]) -> str:
    """The records as a table for spreadsheets. A cell that would be a formula is disarmed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in rows:
        writer.writerow([disarmed(cell) for cell in cells_of(row)])
    return out.getvalue()


def disarmed(cell: str) -> str:
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


# The bag (RFC 8493).


def read_text(bag: str, name: str) -> str:
    with open(os.path.join(bag, name), encoding="utf-8", newline="") as file:
        return file.read()


def read_bytes(bag: str, name: str) -> bytes:
    with open(os.path.join(bag, name), "rb") as file:
        return file.read()


def digest_of(bag: str, name: str) -> str:
    digest = hashlib.sha256()
    with open(os.path.join(bag, name), "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def files_in(bag: str) -> Iterator[str]:
    for folder, _, names in os.walk(bag):
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), bag).replace(os.sep, "/")


def check_bag(bag: str) -> None:
    """Every file is listed with the digest it has, and no other file is there."""
    listed = {}
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for line in read_text(bag, manifest).splitlines():
            digest, gap, name = line.partition("  ")
            payload = name.startswith("data/") == (manifest[0] == "m")
            must(gap and name not in listed and payload, manifest + " is malformed")
            listed[name] = digest
    free = {"tagmanifest-sha256.txt", "signed-by.txt"}
    there = set(files_in(bag)) - free
    must(there == set(listed), "files are missing, or were added: %s" % sorted(there ^ set(listed)))
    for name, digest in listed.items():
        must(digest_of(bag, name) == digest, name + " is not what was sent")


def check_claim(bag: str, key: Key) -> tuple[int, int]:
    """What the agency signed: which log, from where to where, and which files."""
    text, signatures = read_note(read_text(bag, "signed-by.txt"))
    by = ["%s+%s" % (name, signature[:4].hex()) for name, signature in signatures]
    mine = "%s+%s" % (key[0], key_id(*key).hex())
    must(mine in by, "the export is signed with the key %s, not with %s" % (" ".join(by), mine))
    must(len(signatures) == 1 and signed_by(text, signatures, key), "the export is not signed")
    head, name, span, digest = text[:-1].split("\n")
    must(head == "commonground record export v1" and name == key[0], "this is not such an export")
    must(digest == digest_of(bag, "tagmanifest-sha256.txt"), "the list of files was changed")
    first, _, end = span.partition(" ")
    return number_in(first), number_in(end)


def check_records(bag: str, span: tuple[int, int], size: int, root: bytes) -> list[Row]:
    first, end = span
    rows: list[Row] = []
    erased: list[tuple[int, Any]] = []
    lines = read_text(bag, "data/records.jsonl").split("\n")
    must(lines.pop() == "", "the last record is cut off")
    for expected, line in enumerate(lines, first):
        row, record = read_record(line, size, root)
        must(row[0] == expected, "record %d is missing, or not in its place" % (expected + 1))
        rows.append(row)
        if "erased" in row[3]:
            erased.append((row[0], record.get("tombstone")))
        else:
            must("tombstone" not in record, "a tombstone stands over a record that is there")
    must(first + len(rows) == end, "records are missing at the end")
    check_tombstones(bag, rows, erased, size, root)
    must(read_text(bag, "data/records.csv") == table(rows), "the table says something else")
    return rows


# What was captured: the bytes that the public was shown, and the pictures and videos with them.


ENDINGS = {
    "text/html": ".html", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp",
    "video/mp4": ".mp4",
}  # fmt: skip


def ending(type_: str) -> str:
    return ENDINGS.get(type_, ".json" if type_.endswith("json") else ".bin")


def captured_in(row: Row) -> Optional[tuple[str, str, list[tuple[str, str]]]]:
    """The name and digest of what a record captured, and of each medium shown with it."""
    index, _, facts, _ = row
    if facts.get("verb") != "capture" or "detail.digest" not in facts:
        return None
    name = "data/captures/%d%s" % (index + 1, ending(str(facts.get("detail.media_type", ""))))
    media = [
        ("data/media/" + digest + ending(type_), digest)
        for digest, type_, _ in facts.get("detail.media", [])
    ]
    return name, facts["detail.digest"], media


def check_captures(bag: str, origin: str, rows: list[Row]) -> tuple[int, int]:
    """What was captured is here, is what the log says, and nothing else is beside it."""
    found = [one for one in map(captured_in, rows) if one]
    shown = [(row, one[0]) for row in rows for one in [captured_in(row)] if one]
    needed = {name: digest for name, digest, _ in found}
    media = {name: digest for _, _, shown in found for name, digest in shown}
    needed.update(media)
    there = {n for n in files_in(bag) if n.startswith(("data/captures/", "data/media/"))}
    must(
        there == set(needed),
        "captures are missing, or were added: %s" % sorted(there ^ set(needed)),
    )
    for name, digest in needed.items():
        must(digest_of(bag, name) == digest, name + " is not what was captured")
    archive = os.path.join(bag, "data/captures.warc")
    must(os.path.exists(archive) == bool(found), "the web archive is amiss")
    if found:
        made = web_archive(origin, [(row, read_bytes(bag, name)) for row, name in shown])
        must(read_bytes(bag, "data/captures.warc") == made, "the web archive says something else")
    return len(found), len(media)


def web_archive(origin: str, shown: Sequence[tuple[Row, bytes]]) -> bytes:
    """What was captured as WARC 1.1: of the same captures always the same bytes. `resource`, not
    `response`: of a network's answer the body was kept, often only the part about one post."""
    about = b"software: Commonground\r\nformat: WARC File Format 1.1\r\n"
    first = date_of(shown[0][0])
    parts = [warc_record(origin, 0, "warcinfo", first, "", "application/warc-fields", about)]
    for row, body in shown:
        number, facts = row[0] + 1, row[2]
        address = facts.get("detail.address") or "urn:commonground:record:%d" % number
        type_ = facts.get("detail.media_type") or "application/octet-stream"
        parts.append(warc_record(origin, number, "resource", date_of(row), address, type_, body))
    return b"".join(parts)


def date_of(row: Row) -> str:
    """To the second where the time of the entry is shown; else what the log says aloud."""
    at = row[2].get("at")
    return str(at)[:19] + "Z" if at else str(row[1]["at"])


def warc_record(
    origin: str, number: int, kind: str, date: str, address: str, type_: str, body: bytes
) -> bytes:
    name = hashlib.sha256(("%s#%d" % (origin, number)).encode()).hexdigest()
    name = "-".join((name[:8], name[8:12], name[12:16], name[16:20], name[20:32]))
    lines = ["WARC/1.1", "WARC-Type: " + kind, "WARC-Record-ID: <urn:uuid:%s>" % name]
    lines += ["WARC-Date: " + date]
    lines += ["WARC-Target-URI: " + address] if address else []
    lines += ["WARC-Block-Digest: sha256:" + hashlib.sha256(body).hexdigest()]
    lines += ["Content-Type: " + type_, "Content-Length: %d" % len(body), "", ""]
    return "\r\n".join(lines).encode() + body + b"\r\n\r\n"


# Stamps of time (RFC 3161): what they say. Their signature is checked with openssl, see the manual.


def check_stamps(bag: str, key: Key, size: int, root: bytes) -> list[str]:
    """For each stamp of a log that this one continues: when it was seen, by its own words."""
    names = sorted(n for n in files_in(bag) if n.startswith("data/stamps/"))
    told = []
    for name in [n[:-4] for n in names if n.endswith(".tsr")]:
        old, old_root, text, _ = read_checkpoint(read_text(bag, name + ".checkpoint"), key)
        must(name == "data/stamps/%d" % old and old <= size, "a stamp is not in its place")
        if old == size:
            must(old_root == root, "a stamp is of another log")
        else:
            path = [unb64(line) for line in read_text(bag, name + ".since").splitlines()]
            must(grew(old, old_root, size, root, path), "a stamp is of another log")
        at = stamped_at(read_bytes(bag, name + ".tsr"), text.encode())
        told.append("Stamped: a log of %d records was there on %s." % (old, at))
    if told:
        told.append("Who stamped it this check cannot tell: ask openssl, as the manual says.")
    known = {
        n[:-4] + e for n in names if n.endswith(".tsr") for e in (".tsr", ".checkpoint", ".since")
    }
    must(set(names) <= known, "something lies among the stamps that is none")
    return told


def stamped_at(answer: bytes, text: bytes) -> str:
    """The time in a stamp over this text: TimeStampResp, SignedData, TSTInfo."""
    status, token = parts(only(answer, 0x30))[:2]
    must(int.from_bytes(parts(status[1])[0][1], "big") in (0, 1), "a stamp was refused")
    signed = parts(only(parts(token[1])[1][1], 0x30))
    inner = only(parts(signed[2][1])[1][1], 0x04)
    info = parts(only(inner, 0x30))
    (algorithm, imprint), at = parts(info[2][1]), info[4]
    must(parts(algorithm[1])[0] == SHA_256, "a stamp is over a digest nobody knows")
    must(imprint == (4, hashlib.sha256(text).digest()), "a stamp is of something else")
    must(at[0] == 0x18, "a stamp has no time")
    told = at[1].decode("ascii")
    must(told[:14].isdigit() and told.endswith("Z"), "a stamp has no time")
    return "%s-%s-%s at %s:%s:%s UTC" % (
        told[:4], told[4:6], told[6:8], told[8:10], told[10:12], told[12:14]
    )  # fmt: skip


SHA_256 = (6, bytes([0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]))


def parts(raw: bytes) -> list[tuple[int, bytes]]:
    """The tags and contents that stand beside each other in DER."""
    at, found = 0, []
    while at < len(raw):
        tag, length, at = raw[at], raw[at + 1], at + 2
        if length > 127:
            wide = length - 128
            must(1 <= wide <= 4 and at + wide <= len(raw), "a stamp is malformed")
            length, at = int.from_bytes(raw[at : at + wide], "big"), at + wide
        must(at + length <= len(raw), "a stamp is cut off")
        found.append((tag, raw[at : at + length]))
        at += length
    return found


def only(raw: bytes, tag: int) -> bytes:
    found = parts(raw)
    must(len(found) == 1 and found[0][0] == tag, "a stamp is malformed")
    return found[0][1]


def check_tombstones(
    bag: str, rows: list[Row], erased: list[tuple[int, Any]], size: int, root: bytes
) -> None:
    stones = {index: leaf for index, leaf, _, _ in rows}
    needed = sorted({stone for _, stone in erased if stone not in stones})
    lines = read_text(bag, "data/tombstones.jsonl").split("\n")
    must(lines.pop() == "" and len(lines) == len(needed), "tombstones are missing, or idle")
    for expected, line in zip(needed, lines):
        (index, leaf, _, _), _ = read_record(line, size, root)
        must(index == expected, "a tombstone is not in its place")
        stones[index] = leaf
    for index, stone in erased:
        leaf = stones.get(stone, {})
        told = leaf.get("type") in ("record.erase", "record.dispose") and leaf.get("erased", [])
        must(told and index in told, "record %d: no tombstone in the log" % (index + 1))


def check_history(bag: str, after: str, key: Key, size: int, root: bytes) -> None:
    old, old_root, _, _ = read_checkpoint(after, key)
    if old == size:
        must(old_root == root, "this is not the log you saw earlier")
        return
    name = "data/since-%d" % old
    must(os.path.exists(os.path.join(bag, name)), "ask for an export with --earlier CHECKPOINT")
    path = [unb64(line) for line in read_text(bag, name).splitlines()]
    must(grew(old, old_root, size, root, path), "this is not the log you saw earlier")


def check(bag: str, key: str = "", witnesses: Sequence[str] = (), after: str = "") -> Iterator[str]:
    """Raises Failed, or says in lines what was found."""
    told = key or read_text(bag, "data/key")
    the_key = read_key(told)
    check_bag(bag)
    span = check_claim(bag, the_key)
    size, root, text, signatures = read_checkpoint(read_text(bag, "data/checkpoint"), the_key)
    must(span[0] <= span[1] <= size, "the export claims more than the log holds")
    seen = [w.split("+")[0] for w in witnesses if signed_by(text, signatures, read_key(w))]
    must(len(seen) == len(witnesses), "a witness you named did not sign this checkpoint")
    if after:
        check_history(bag, after, the_key, size, root)
    rows = check_records(bag, span, size, root)
    captured, stamps = check_captures(bag, the_key[0], rows), check_stamps(bag, the_key, size, root)
    return report(rows, span, captured, stamps, told if not key else "", seen, after)


def counted(rows: list[Row]) -> dict[str, int]:
    withheld: dict[str, int] = {}
    for _, _, _, why in rows:
        for reason, digests in why.items():
            withheld[reason] = withheld.get(reason, 0) + len(digests)
    return withheld


def report(
    rows: list[Row], span: tuple[int, int], captured: tuple[int, int], stamps: list[str],
    trusted: str, seen: list[str], after: str,
) -> Iterator[str]:  # fmt: skip
    withheld = counted(rows)
    yield "OK. %d records, from %d to %d, none missing." % (len(rows), span[0] + 1, span[1])
    yield "Each stands in the log as it was written."
    if captured[0]:
        yield "Captured: %d answers of networks and pages, %d pictures and videos." % captured
    yield from (
        "Withheld: %d facts: %s." % (n, REASONS[why]) for why, n in sorted(withheld.items())
    )
    yield from stamps
    yield from ("Witnessed by " + name + "." for name in seen)
    if not seen:
        yield "No witness was asked for: the agency could show somebody else another log."
    if after:
        yield "It continues the checkpoint you saw earlier."
    if trusted:
        yield "The key came along with the export. Compare it with the published one: " + trusted


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("bag")
    asked.add_argument("--key", default="")
    asked.add_argument("--witness", action="append", default=[])
    asked.add_argument("--after", default="", help="a file with a checkpoint you saw earlier")
    wish = asked.parse_args(words)
    try:
        after = open(wish.after, encoding="utf-8").read() if wish.after else ""
        lines = list(check(wish.bag, wish.key, wish.witness, after))
    except Failed as why:
        lines, code = ["FAILED: %s." % why], 1
    except MALFORMED as why:
        lines, code = ["FAILED: the export is malformed (%s)." % why], 1
    else:
        code = 0
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
