"""No stranger writes a line of the log."""

import json
import logging
from uuid import UUID

import pytest

from commonground.kit.clock import Lane
from commonground.kit.loglines import REQUEST_ID, OneLine, OneObject

HOSTILE = "x\n2026-01-01 WARNING root: all is well\r\x1b[31m\u2028end\x00"


def line_of(message, *args, exc_info=None):
    made = OneLine("%(levelname)s %(name)s: %(message)s")
    return made.format(logging.LogRecord("desk", 30, "f", 1, message, args, exc_info))


def test_words_of_strangers_stay_on_their_line():
    said = line_of("no page at %s", HOSTILE)
    assert len(said.splitlines()) == 1
    assert said.isprintable()
    assert said == (
        r"WARNING desk: no page at x\n2026-01-01 WARNING root: all is well\r\x1b[31m\u2028end\x00"
    )


def test_a_trace_is_moved_in_so_that_none_of_it_passes_for_a_line():
    try:
        raise ValueError(HOSTILE)
    except ValueError as error:
        said = line_of("it failed", exc_info=(ValueError, error, error.__traceback__))
    head, *rest = said.split("\n")
    assert head == "WARNING desk: it failed"
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_letters_of_all_languages_are_left_alone():
    assert line_of("Île-de-la-Cité, 北京") == "WARNING desk: Île-de-la-Cité, 北京"


# What must never stand in a log that is collected by machines, in one breath and one by one.
PRIVATE = [
    "ana.reyes@people.example", "Rosalind Quillfeather", "14 Bridge Street", "203.0.113.9",
    "2001:db8::17", "Bearer cg_0123456789abcdef", "/asked/x?token=hush-hush&q=Rosa", "902 555 0133",
    "-----BEGIN PRIVATE KEY-----", HOSTILE, '"},{"level":"INFO"', "\ud800", "北京市", "‮evil",
]  # fmt: skip


def object_of(message, *args, name="commonground.say.tasks", exc_info=None, **more):
    REQUEST_ID.set("")
    record = logging.LogRecord(name, 40, "/srv/say/tasks.py", 17, message, args, exc_info)
    for key, value in more.items():
        setattr(record, key, value)
    said = OneObject().format(record)
    assert len(said.splitlines()) == 1
    assert said.isascii()
    return json.loads(said)


def test_a_line_for_machines_says_when_how_grave_where_and_what():
    found = object_of("%s deliveries wait, the oldest for %s s", 3, 1.5)
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "ERROR", "logger": "commonground.say.tasks", "at": "tasks:17",
        "event": "%s deliveries wait, the oldest for %s s", "values": [3, 1.5],
    }  # fmt: skip


@pytest.mark.parametrize("private", PRIVATE, ids=ascii)
def test_nobodys_words_come_into_it_however_they_are_poured(private):
    failed = ValueError(private)
    try:
        raise failed from KeyError(private)
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)

    class Request:
        resolver_match = None
        path = private

    poured = [
        object_of("%s could not be captured", private, exc_info=info),
        object_of("%(who)s came", {"who": private}),
        object_of("Bad Request: %s", private, name="django.request", status_code=400,
                  request=Request()),
        object_of(f"Invalid HTTP_HOST header: {private!r}", name="django.security.DisallowedHost"),
        object_of(private, name="asyncio"), object_of(private, private, name="py.warnings"),
        object_of(failed, name="somebody.else"), object_of("it failed", stack_info=private),
        object_of("%s and %s", [private], {private: 1}), 
        object_of("%s", private.encode("utf-8", "replace")),
    ]  # fmt: skip
    for said in poured:
        whole = json.dumps(said, ensure_ascii=False)
        assert private not in whole
        assert json.dumps(private)[1:-1] not in json.dumps(said)
        # Nor a piece of it that could be somebody.
        for piece in private.replace("@", " ").replace("=", " ").split():
            assert len(piece) < 5 or piece not in whole
    assert poured[0]["error"] == "ValueError"
    assert poured[0]["way"][-1].split(" ")[-1].startswith("test_nobodys_words")


def test_what_says_nothing_of_anybody_is_told():
    key = UUID("01234567-89ab-cdef-0123-456789abcdef")
    found = object_of("%s %s %s %s %s %s", key, True, None, ValueError, Lane.MAIL, "text")
    assert found["values"] == [str(key), True, None, "ValueError", "MAIL", None]


@pytest.mark.django_db
def test_each_line_of_one_request_bears_its_name_which_whoever_asked_was_told(
    client, caplog, monkeypatch
):
    monkeypatch.setattr(caplog.handler, "formatter", OneObject())
    answers = [client.get("/no/such/page?who=Rosa") for _ in range(2)]
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    named = [answer["X-Request-Id"] for answer in answers]
    assert len(set(named)) == 2
    told = [line["request"] for line in lines if line["logger"] == "django.request"]
    assert told == named
    assert "Rosa" not in caplog.text
    assert "such" not in caplog.text
