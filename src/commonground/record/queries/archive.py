"""An entry as the public archive shows it: what the leaf says, and the facts it opens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commonground.record.engine.acts import OPEN
from commonground.record.engine.leaves import fact
from commonground.record.models import Entry


@dataclass(frozen=True, slots=True)
class Archived:
    """`disclosures` open the leaf for exactly the `facts` shown here."""

    number: int
    at: datetime
    type: str
    channel: str
    leaf: str
    disclosures: list[str]
    facts: dict[str, Any]
    erased: bool

    @property
    def index(self) -> int:
        return self.number - 1

    @property
    def title(self) -> str:
        return str(self.facts.get("title", ""))

    @property
    def reason(self) -> str:
        return str(self.facts.get("detail.reason", ""))


def archived(entry: Entry) -> Archived:
    leaf = bytes(entry.leaf).decode()
    open_ = OPEN.get(entry.type, ())
    shown = [one for one in entry.disclosures if fact(one)[0] in open_]
    return Archived(
        entry.number, entry.at, entry.type, json.loads(leaf).get("channel", ""), leaf, shown,
        dict(fact(one) for one in shown), entry.is_erased,
    )  # fmt: skip
