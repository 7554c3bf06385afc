"""Thousands of requests made up from the API's own description: what it says must hold.

Whoever asks - a stranger, a key of each role, a key of another agency - nothing may be a mistake of
the server, and every answer must be one that the document describes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks
from werkzeug.test import Client

from commonground.agency.states import Role
from commonground.answer.tests.world import a_conversation
from commonground.connect import actions as connect
from commonground.record.models import Entry
from commonground.say.models import Delivery
from tests import given as building

WORLDS = ["stranger", *(str(role) for role in Role), "every role", "another agency"]
CHECKS = [
    schemathesis.checks.not_a_server_error, checks.status_code_conformance,
    checks.content_type_conformance, checks.response_schema_conformance,
    checks.response_headers_conformance, checks.negative_data_rejection,
]  # fmt: skip
APP = WSGIHandler()
UNLIMITED = {"read": (10**9, 10**9), "write": (10**9, 10**9)}


@dataclass
class Told:
    """What came of it."""

    cases: int = 0
    server_errors: int = 0
    breaks: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    by_world: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Stage:
    """One agency with one of everything, and a key of every kind to come in with."""

    keys: dict[str, str]
    things: dict[str, Any]


def a_stage() -> Stage:
    chief = building.a_member(roles=[*Role])
    channel = building.a_channel(agency=chief.agency, authorised=[chief])
    social = building.a_channel(
        agency=chief.agency, name="Social", network="mastodon", authorised=[chief]
    )
    post = building.an_approved_post(agency=chief.agency)
    draft = building.a_post(by=chief, channels=[channel])
    webhook, _secret = connect.open_webhook(
        name="Site", address="https://example.org/", events=["desk.stopped"], by=chief
    )
    connect.send_test(webhook, by=chief)
    people = {str(role): building.a_member(agency=chief.agency, roles=[role]) for role in Role}
    people |= {"every role": chief, "another agency": building.a_member(roles=[*Role])}
    keys = {name: building.a_key(by=person)[1] for name, person in people.items()}
    things = {
        "post_id": str(draft.pk), "delivery_id": str(Delivery.objects.get(variant__post=post).pk),
        "moment_id": str(building.a_moment(agency=chief.agency).pk),
        "resource_id": str(building.a_resource(agency=chief.agency).pk),
        "conversation_id": str(a_conversation(channel=social).pk),
        "webhook_id": str(webhook.pk), "number": Entry.objects.of(chief.agency_id)[0].number,
    }  # fmt: skip
    return Stage({"stranger": "", **keys}, things)


def storm(each: int, first_seed: int = 1) -> Told:
    """So many made-up requests of each kind to each operation, each sent by everybody. Ends by
    itself."""
    told, stage = Told(), a_stage()
    with override_settings(API_LIMITS=UNLIMITED), on_one_connection():
        schema = described()
        for number, (operation, mode, known) in enumerate(kinds(schema)):
            told.operations.add(operation.label)
            strategy = made_up(operation, mode, stage.things if known else None)
            if strategy is not None:
                ask(strategy, stage, told, each, first_seed + number)
    return told


def described() -> Any:
    """The document, but for the key: who asks is ours to vary, and is sent with every request."""
    document = json.loads(Client(APP).get("/api/v1/openapi.json").data)
    del document["components"]["securitySchemes"]
    for methods in document["paths"].values():
        for told in methods.values():
            del told["security"]
    schema = schemathesis.openapi.from_dict(document)
    schema.app, schema.location = APP, "/api/v1/openapi.json"
    return schema


@contextmanager
def on_one_connection() -> Iterator[None]:
    """As Django's own test client: what a request leaves open is not its to close."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def kinds(schema: Any) -> Iterator[tuple[Any, GenerationMode, bool]]:
    """As described and not, for things that are there and for things that are not; what ends a
    thing comes last."""
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda one: one.method.upper() == "DELETE"):
        for known in (True, False) if "{" in operation.path else (False,):
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                yield operation, mode, known


def made_up(operation: Any, mode: GenerationMode, things: dict[str, Any] | None) -> Any:
    fixed = {n: v for n, v in (things or {}).items() if f"{{{n}}}" in operation.path}
    can_break = operation.body or operation.query or operation.headers
    if mode == GenerationMode.NEGATIVE and not can_break and (fixed or "{" not in operation.path):
        return None
    how = {"path_parameters": fixed} if fixed else {}
    return operation.as_strategy(generation_mode=mode, **how)


def ask(strategy: Any, stage: Stage, told: Told, each: int, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=each, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    @given(case=strategy)
    def one(case: Any) -> None:
        for world, key in stage.keys.items():
            send(case, world, key, told)

    one()


def send(case: Any, world: str, key: str, told: Told) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if case.method == "PUT":  # as an honest program does: read, then write
        read = Client(APP).get(case.formatted_path, headers=headers)
        headers["If-Match"] = read.headers.get("ETag", '"nothing"')
    answer = case.call(headers=headers)
    told.cases += 1
    told.statuses[answer.status_code] += 1
    told.by_world[world] += 1
    told.server_errors += answer.status_code >= 500
    try:  # written down, not raised: a run is over when all of it was asked
        case.validate_response(answer, checks=CHECKS)
    except BaseExceptionGroup as broken:
        told.breaks += [f"{world}, {case.method} {case.path}: {one}" for one in broken.exceptions]
