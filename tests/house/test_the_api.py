"""Every operation of the API, whoever asks: strangers, other agencies, keys that lack a scope."""

from __future__ import annotations

import pytest
from django.urls import reverse

from commonground.agency.states import Role
from commonground.answer.tests.world import a_conversation
from commonground.connect import actions as connect
from commonground.record.models import Entry
from commonground.say.models import Delivery
from commonground.urls import API
from tests import given
from tests.api.program import Program

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
DOCUMENT = API.get_openapi_schema(path_prefix="")
OPERATIONS = [
    (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
]
A_DRAFT = {"title": "Ice", "text": "Drive slowly.", "language": "en"}
A_WEBHOOK = {"name": "Site", "address": "https://example.org/", "events": ["desk.stopped"]}


def scope_of(method, path):
    return DOCUMENT["paths"][path][method.lower()]["x-scope"]


def filled(path, things):
    for name, value in things.items():
        path = path.replace(f"{{{name}}}", str(value))
    assert "{" not in path, f"say in things_of() what {path} leads to"
    return path


def things_of(member):
    """One of everything the API leads to, of this member's agency."""
    post = given.an_approved_post(agency=member.agency)
    webhook, _secret = connect.open_webhook(
        name="Theirs", address="https://example.org/", events=["desk.stopped"], by=member
    )
    return {
        "post_id": post.pk, "delivery_id": Delivery.objects.get(variant__post=post).pk,
        "moment_id": given.a_moment(agency=member.agency).pk,
        "resource_id": given.a_resource(agency=member.agency).pk,
        "conversation_id": a_conversation(
            channel=given.a_channel(agency=member.agency, name="Social", network="mastodon")
        ).pk,
        "webhook_id": webhook.pk, "number": Entry.objects.of(member.agency_id).first().number,
    }  # fmt: skip


def body_for(path):
    if "conversation" in path:
        return {"text": "Yes."}
    return A_WEBHOOK if "webhook" in path else A_DRAFT


def ask(program, method, path):
    body = body_for(path) if method in ("POST", "PUT") else None
    said = {"Idempotency-Key": "a-key-of-mine", "If-Match": '"x"'}
    return program.ask(method, path, body, **said)


def test_there_is_an_api_to_guard():
    assert len(OPERATIONS) > 15


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=str)
def test_a_stranger_is_told_to_send_a_key(method, path):
    things = things_of(given.a_member(roles=[*Role]))
    answer = ask(Program(""), method, filled(path, things))
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), [(m, p) for m, p in OPERATIONS if "{" in p], ids=str)
def test_what_belongs_to_another_agency_is_not_there(method, path):
    theirs = things_of(given.a_member(roles=[*Role]))
    program = Program(given.a_key(roles=[*Role])[1])
    before = Entry.objects.count()
    answer = ask(program, method, filled(path, theirs))
    assert answer.status_code == 404
    assert answer.told["type"] == "/api/#not-there"
    assert Entry.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), [o for o in OPERATIONS if scope_of(*o)], ids=str)
def test_a_key_without_the_scope_opens_it_not(method, path):
    member = given.a_member(roles=[*Role])
    others = [s for s in ("posts:read", "moments:read") if s != scope_of(method, path)]
    program = Program(given.a_key(*others, by=member)[1])
    answer = ask(program, method, filled(path, things_of(member)))
    assert answer.status_code == 403
    assert scope_of(method, path) in answer.told["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", DOCUMENT["paths"], ids=str)
def test_other_methods_are_refused_in_words(path):
    member = given.a_member(roles=[*Role])
    program, address = Program(given.a_key(by=member)[1]), filled(path, things_of(member))
    known = {m for m, p in OPERATIONS if p == path}
    for method in set(METHODS) - known:
        answer = ask(program, method, address)
        assert answer.status_code == 405
        assert set(answer["Allow"].replace(" ", "").split(",")) == known


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/posts/", "/posts/x", "/posts/1/approve", "//", "/a%0Ab", "/%00"]
)
def test_what_is_not_there_is_said_in_the_same_manner(path):
    answer = Program(given.a_key()[1]).get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_mistake_of_ours_is_told_without_its_insides():
    token, key = given.a_key()
    given.a_resource(agency=token.agency, languages="secret insides")  # no list: it cannot be shown
    answer = Program(key).get("/resources")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert answer.told["type"] == "/api/#our-fault"


@pytest.mark.django_db
def test_the_document_and_its_page_are_open_to_all(client):
    document = client.get(reverse("api:openapi-json")).json()
    assert document["openapi"].startswith("3.1")
    page = client.get("/api/").content.decode()
    for _method, path in OPERATIONS:
        assert path in page.replace("{", "{").replace("/api/v1", "")
    assert "<script" not in page


@pytest.mark.django_db
def test_every_operation_says_what_it_needs_and_what_can_go_wrong():
    for method, path in OPERATIONS:
        told = DOCUMENT["paths"][path][method.lower()]
        assert told["summary"]
        assert told["security"]
        assert "4XX" in told["responses"]
