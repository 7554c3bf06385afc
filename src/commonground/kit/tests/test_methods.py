"""Pages are read, forms are sent, and what is not ours to do is counted."""

import logging

import pytest
from django.test import Client
from django.urls import reverse
from tests import given

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH", "X"])
@pytest.mark.parametrize("path", ["/newsroom/", "/say/", "/account/login/", "/nowhere"])
def test_pages_take_no_other_method(method, path):
    answer = Client().generic(method, path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert answer.content == b""


def test_programs_are_told_by_the_api_itself():
    assert Client().generic("TRACE", "/api/v1/posts").status_code in (401, 404, 405)


def test_what_holds_words_of_people_is_not_kept_by_the_browser(client):
    client.force_login(given.a_member(roles=["author", "records", "admin"]))
    for name in ("answer:inbox", "record:record", "agency:members", "channels:channels"):
        assert client.get(reverse(name))["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/newsroom/").headers.get("Cache-Control", "")


def test_whoever_tries_what_is_not_theirs_stands_in_the_log(client, caplog):
    member = given.a_member(roles=["author"])
    client.force_login(member)
    with caplog.at_level(logging.WARNING, "commonground.kit.middleware"):
        assert client.get(reverse("agency:invite")).status_code == 403
    ours = [r.getMessage() for r in caplog.records if r.name == "commonground.kit.middleware"]
    assert ours == [f"refused: GET agency:invite to {member.pk}"]
