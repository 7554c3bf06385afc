"""Who gets through which door: tried with a real thing behind it, as each kind of visitor.

What was found is kept in doors.json; it is the policy, it is drawn in the docs
(reference/who-may-enter.md), and a test tries every door again. A change is written with

    COMMONGROUND_WRITE_DOORS=yes .venv/bin/pytest tests/house/test_doors.py

and read in its difference before it is kept.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonground.agency.states import Role
from tests import given

KEPT = Path(__file__).with_name("doors.json")
STRANGER = "another agency"  # one of its members, with every role there is
VISITORS = [*(role.value for role in Role), STRANGER]
WRITES = re.compile(
    r"(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) \"(?P<table>\w+)\"", re.IGNORECASE
)
# What an answer means. A form that comes back with its mistakes is a door that opened.
MEANS = {403: "no", 404: "not there", 405: "-", 410: "not there"}


def kept() -> dict[str, dict[str, str]]:
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def keep(room: str, found: dict[str, dict[str, str]]) -> None:
    others = {n: f for n, f in kept().items() if n.partition(":")[0] != room}
    KEPT.write_text(json.dumps(dict(sorted((others | found).items())), indent=1) + "\n")


def visitors(agency) -> dict[str, Client]:
    """One of each kind, signed in."""
    found = {}
    for who in VISITORS:
        member = (
            given.a_member(roles=[*Role])
            if who == STRANGER
            else given.a_member(roles=[who], agency=agency)
        )
        found[who] = Client(raise_request_exception=False)
        found[who].force_login(member)
    return found


def tried(address: str, clients: dict[str, Client]) -> dict[str, str]:
    """For each visitor what reading and pressing comes to: "yes / no"."""
    return {
        who: " / ".join(answer_to(client, how, address) for how in ("get", "post"))
        for who, client in clients.items()
    }


WRITTEN: dict[str, set[str]] = {}  # address -> the tables that reading it wrote to


def answer_to(client: Client, how: str, address: str) -> str:
    """Whatever it changed is undone: the next visitor finds the same thing."""
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        answer = getattr(client, how)(address)
        transaction.set_rollback(True)
    if how == "get":
        WRITTEN.setdefault(address, set()).update(tables_written(asked.captured_queries))
    if answer.status_code >= 500:
        return "broken"
    if answer.status_code == 302 and answer["Location"].startswith("/account/login/"):
        return "sign in"
    return MEANS.get(answer.status_code, "yes")


def tables_written(queries: list[dict[str, str]]) -> set[str]:
    """Where a row was added, changed or deleted."""
    found = (WRITES.match(one["sql"]) for one in queries)
    return {match["table"] for match in found if match}
