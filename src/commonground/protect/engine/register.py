"""The register of accounts as a document: dated, signed, and good for a while only.

A signed note (C2SP signed-note, as the record's checkpoints are). Its text: the name of the
register, when it was made, until when it is good, and the register itself as one line of JSON.
All of it is plain ASCII: in an agency's name that is written in another alphabet, it shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from commonground.record.engine.notes import Key, NotANote, Note

VERSION = 1
GOOD_FOR = timedelta(days=7)  # a copy that is older may name what was closed since
CLOCKS_DIFFER = timedelta(minutes=10)
LONGEST = 1_000_000  # characters
TIME = "%Y-%m-%dT%H:%M:%SZ"


class NotGood(ValueError):
    """It is no register to rely on; the message says why."""


def name_of(host: str) -> str:
    """What the register of a site is called, and its key too."""
    return f"{host}/accounts"


def moment(at: datetime) -> str:
    """To the second, in UTC."""
    return at.astimezone(UTC).strftime(TIME)


def document(
    agency: str, address: str, made_at: datetime, accounts: Sequence[Mapping[str, Any]],
    closed: Sequence[Mapping[str, Any]], not_ours: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """What a register says. Times in it are text already."""
    return {
        "version": VERSION, "agency": agency, "address": address, "as_of": moment(made_at),
        "good_until": moment(made_at + GOOD_FOR), "accounts": list(accounts),
        "closed": list(closed), "not_ours": list(not_ours),
    }  # fmt: skip


def text_of(name: str, said: Mapping[str, Any]) -> str:
    """What is signed. The same register gives the same text, letter by letter."""
    line = json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"{name}\n{said['as_of']}\n{said['good_until']}\n{line}\n"


@dataclass(frozen=True, slots=True)
class Register:
    """A register whose signature is right."""

    name: str
    made_at: datetime
    good_until: datetime
    said: Mapping[str, Any]

    @property
    def urls(self) -> list[str]:
        """Where the accounts are that speak for the agency."""
        return [str(one.get("url", "")) for one in self.said["accounts"]]


def opened(raw: str, key: Key, now: datetime) -> Register:
    """The register in a note that this key signed, if it is good now. Raises NotGood."""
    found = signed_with(raw, key)
    if found.made_at > now + CLOCKS_DIFFER:
        raise NotGood(f"it says that it was made at {moment(found.made_at)}, which is yet to come")
    if found.good_until < now:
        raise NotGood(f"it was good until {moment(found.good_until)}: ask for a new one")
    return found


def signed_with(raw: str, key: Key) -> Register:
    """The register in a note that this key signed, however old it is. Raises NotGood."""
    if len(raw) > LONGEST:
        raise NotGood("it is longer than any register")
    try:
        note = Note.read(raw)
        if not note.signed_by([key]):
            raise NotGood(f"{key.name} did not sign it")
    except NotANote as why:
        raise NotGood(str(why)) from why
    return read(note.text, key.name)


def read(text: str, name: str) -> Register:
    """Strictly: whatever could be read in two ways is no register."""
    lines = text.split("\n")
    if len(lines) != 5 or lines[0] != name:
        raise NotGood("it is a note about something else")
    said = read_json(lines[3])
    if said.get("version") != VERSION or text_of(name, spelt_out(said)) != text:
        raise NotGood("it is not written in the one right way")
    return Register(name, at(lines[1]), at(lines[2]), said)


def spelt_out(said: dict[str, Any]) -> dict[str, Any]:
    texts = all(isinstance(said.get(part), str) for part in ("agency", "as_of", "good_until"))
    lists = all(
        isinstance(said.get(part), list) and all(isinstance(one, dict) for one in said[part])
        for part in ("accounts", "closed", "not_ours")
    )
    if not texts or not lists:
        raise NotGood("a part of it is missing")
    return said


def read_json(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotGood("its register is no JSON") from error
    if not isinstance(said, dict):
        raise NotGood("its register is no JSON")
    return said


def at(word: str) -> datetime:
    try:
        return datetime.strptime(word, TIME).replace(tzinfo=UTC)
    except ValueError as error:
        raise NotGood("it bears no time") from error
