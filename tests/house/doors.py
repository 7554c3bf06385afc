"""Who gets through which door: tried with a real thing behind it, as each kind of visitor.

What was found is kept in doors.json; it is the policy, it is drawn in the docs
(reference/who-may-enter.md), and a test tries every door again. A change is written with

    COMMONGROUND_WRITE_DOORS=yes .venv/bin/pytest tests/house/test_doors.py

and read in its difference before it is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.db import connection, reset_queries, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from tests import given

KEPT = Path(__file__).with_name("doors.json")
STRANGER = "another agency"  # one of its members, with every role there is
VISITORS = [*(role.value for role in Role), STRANGER]
WRITES = re.compile(
    r"(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) \"(?P<table>\w+)\"", re.IGNORECASE
)
# What many forms ask for. A field that is not theirs, no form reads.
USUAL = {"reason": "So that it is tried.", "text": "Some words.", "basis": "A wish", "numbers": "1",
         "kind": "complaint", "priority": "1", "hours": "1", "name": "A name"}  # fmt: skip
# What an answer means. A form that comes back with its mistakes is a door that opened.
MEANS = {403: "no", 404: "not there", 405: "-", 410: "not there"}


def kept() -> dict[str, dict[str, str]]:
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def keep(room: str, found: dict[str, dict[str, str]]) -> None:
    others = {n: f for n, f in kept().items() if n.partition(":")[0] != room}
    KEPT.write_text(json.dumps(dict(sorted((others | found).items())), indent=1) + "\n")


def people_of(agency: Agency) -> dict[str, Member]:
    """One of each kind, who could prove that it is them."""
    roles = {who: [*Role] if who == STRANGER else [who] for who in VISITORS}
    where = {who: {} if who == STRANGER else {"agency": agency} for who in VISITORS}
    return {
        who: given.a_member(roles=roles[who], password="correct horse battery", **where[who])
        for who in VISITORS
    }


def signed_in(people: dict[str, Member]) -> dict[str, Client]:
    """Each in a browser of their own, having just proven that it is them."""
    found = {}
    for who, member in people.items():
        found[who] = Client(raise_request_exception=False)
        found[who].force_login(member)
        request = RequestFactory().get("/")
        request.session = found[who].session
        record_authentication(request, member, method="password", reauthenticated=True)
        request.session.save()
        found[who].cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return found


type Words = Callable[[], dict[str, Any]]


def tried(
    address: str, clients: dict[str, Client], *, filled_in: bool, typed: Words = dict
) -> dict[str, str]:
    """For each visitor what reading and pressing comes to: "yes / no"."""
    press = partial(pressed, typed=typed) if filled_in else Client.post
    found = {}
    for who, client in clients.items():
        reading = answer_to(client, Client.get, address, READ.setdefault(address, set()))
        pressing = answer_to(client, press, address, PRESSED.setdefault((address, who), set()))
        found[who] = f"{reading} / {pressing}"
    return found


READ: dict[str, set[str]] = {}  # address -> the tables that reading it wrote to
PRESSED: dict[tuple[str, str], set[str]] = {}  # address, visitor -> those that pressing wrote to


def answer_to(
    client: Client, how: Callable[[Client, str], Any], address: str, tables: set[str]
) -> str:
    """Whatever it changed is undone: the next visitor finds the same thing."""
    reset_queries()  # only the last nine thousand are kept, and a room asks more
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        answer = how(client, address)
        transaction.set_rollback(True)
    tables |= tables_written(asked.captured_queries)
    if answer.status_code >= 500:
        return "broken"
    if answer.status_code == 302 and answer["Location"].startswith("/account/login/"):
        return "sign in"
    return MEANS.get(answer.status_code, "yes")


def pressed(client: Client, address: str, typed: Words = dict) -> Any:
    """A form that comes back with its mistakes is filled in, and sent once more: what is asked is
    whether this visitor may, not whether they can type."""
    more: dict[str, Any] = {}
    for _ in range(3):
        answer = client.post(address, USUAL | typed() | more)
        wanting = [form for form in forms_in(answer) if form.is_bound and form.errors]
        if not wanting:
            break
        for form in wanting:
            more |= {
                form.add_prefix(n): word_for(form.fields[n])
                for n in form.errors
                if n in form.fields
            }
    return answer


def forms_in(answer: Any) -> list[forms.BaseForm]:
    held = [value for one in answer.context or [] for d in getattr(one, "dicts", [one])
            for value in dict(d).values()]  # fmt: skip
    return [value for value in held if isinstance(value, forms.BaseForm)]


def word_for(field: forms.Field) -> Any:
    """Something this field takes."""
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        offered = [value for value, _ in field.choices if str(value)]
        chosen = str(getattr(offered[0], "value", offered[0])) if offered else ""
        return [chosen] if isinstance(field.widget, forms.SelectMultiple) else chosen
    if isinstance(field, forms.DateTimeField):
        return f"{timezone.localtime() + timedelta(days=9):%Y-%m-%dT%H:%M}"
    if isinstance(field, forms.DateField):
        return f"{timezone.localdate() + timedelta(days=9):%Y-%m-%d}"
    if isinstance(field, forms.IntegerField):
        return str(field.min_value or 1)
    if isinstance(field, forms.EmailField):
        return "somebody@riverside.example"
    if isinstance(field, forms.BooleanField):
        return "on"
    return "A word"


def tables_written(queries: list[dict[str, str]]) -> set[str]:
    """Where a row was added, changed or deleted."""
    found = (WRITES.match(one["sql"]) for one in queries)
    return {match["table"] for match in found if match}
