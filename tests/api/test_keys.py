"""A program's key opens what its member may do at that very moment, and never more."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from commonground.agency import actions as agency
from commonground.connect import actions, tasks
from commonground.connect.models import Token, Use
from commonground.connect.states import Scope
from commonground.kit import lasting
from commonground.kit.models import LastingSecret
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.protect import actions as protect
from commonground.record.models import Entry
from commonground.record.templatetags.sentences import sentence
from tests import given
from tests.api.program import Program

DRAFT = {"title": "Ice", "text": "Drive slowly on Mill Road.", "language": "en"}


def a_wish(member, **but):
    wish = {"name": "Bridge", "scopes": ["posts:read"], "by": member}
    return {**wish, "expires_at": timezone.now() + timedelta(days=9), **but}


@pytest.mark.django_db
def test_what_is_kept_of_a_key_opens_nothing():
    token, key = given.a_key()
    assert Program(key).get("/me").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM commonground_connect_token")
        row = " ".join(map(str, cursor.fetchone()))
    assert key not in row
    assert key.removeprefix("commonground_") not in row
    assert Program(token.digest).get("/me").status_code == 401


@pytest.mark.django_db
def test_a_key_of_another_desk_opens_nothing(monkeypatch):
    _token, key = given.a_key()
    monkeypatch.setattr(lasting, "READ", {})
    LastingSecret.objects.all().delete()
    lasting.draw_root("default")  # as every desk draws its own
    assert Program(key).get("/me").status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "commonground_", "\x00", "é", "a" * 5000, " ", "None"])
def test_what_is_no_key_is_told_what_to_send(key):
    answer = Program(key).get("/me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert "token" in answer.told["detail"]


@pytest.mark.django_db
def test_a_key_ends_by_itself():
    _token, key = given.a_key(days=1)
    with time_machine.travel(timezone.now() + timedelta(hours=23), tick=False):
        assert Program(key).get("/me").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert Program(key).get("/me").status_code == 401


@pytest.mark.django_db
def test_a_key_that_was_ended_opens_nothing_from_that_second():
    token, key = given.a_key()
    actions.end_token(token, by=token.member)
    assert Program(key).get("/me").status_code == 401
    assert Entry.objects.filter(verb="end_token").count() == 1
    actions.end_token(token, by=token.member)
    assert Entry.objects.filter(verb="end_token").count() == 1


@pytest.mark.django_db
def test_a_key_falls_with_its_member():
    member = given.a_member(roles=["author", "admin"])
    chief = given.a_member(agency=member.agency, roles=["admin"])
    _token, key = given.a_key(by=member)
    program = Program(key)
    assert program.get("/webhooks").status_code == 200
    agency.set_roles(member, roles=["author"], by=chief)
    answer = program.get("/webhooks")
    assert answer.status_code == 403
    assert answer.told["type"] == "/api/#not-yours"
    agency.suspend(type(member).objects.get(pk=member.pk), by=chief)
    assert program.get("/me").status_code == 401


@pytest.mark.django_db
def test_a_key_does_only_what_it_was_allowed():
    member = given.a_member(roles=["author"])
    _token, key = given.a_key("moments:read", by=member)
    program = Program(key)
    assert program.get("/moments").status_code == 200
    assert program.get("/posts").status_code == 403
    assert program.make("/posts", DRAFT).status_code == 403
    assert "posts:read" in program.get("/posts").told["detail"]


@pytest.mark.django_db
def test_a_key_is_allowed_no_more_than_its_member_may():
    member = given.a_member(roles=["approver"])
    with pytest.raises(Refused):
        actions.make_token(member, **a_wish(member, scopes=["posts:write"]))
    with pytest.raises(Refused):
        actions.make_token(member, **a_wish(member, scopes=["webhooks:manage"]))
    with pytest.raises(Refused):
        actions.make_token(member, **a_wish(member, scopes=["posts:approve"]))
    with pytest.raises(Refused):
        actions.make_token(member, **a_wish(member, scopes=[]))


@pytest.mark.django_db
def test_no_key_lasts_longer_than_the_operator_lets_it():
    member = given.a_member()
    late = timezone.now() + timedelta(days=91)
    with pytest.raises(Refused, match="90 days"):
        actions.make_token(member, **a_wish(member, expires_at=late))
    with pytest.raises(Refused):
        actions.make_token(member, **a_wish(member, expires_at=timezone.now()))


@pytest.mark.django_db
def test_nobody_sees_a_key_that_writes_in_somebody_elses_name():
    """Whoever held it would write as one person and approve as the other."""
    author = given.a_member()
    chief = given.a_member(agency=author.agency, roles=["admin", "approver"])
    token, seen = actions.make_token(author, **a_wish(chief, scopes=["posts:write"]))
    assert seen == ""
    assert token.digest == ""
    with pytest.raises(NotYours):
        actions.collect_token(token, by=chief)
    key = actions.collect_token(token, by=author)
    assert Program(key).get("/me").told["member"] == author.name
    with pytest.raises(MovedOn):
        actions.collect_token(token, by=author)


@pytest.mark.django_db
def test_a_key_that_nobody_took_in_a_week_cannot_be_taken():
    author = given.a_member()
    chief = given.a_member(agency=author.agency, roles=["admin"])
    wish = a_wish(chief, expires_at=timezone.now() + timedelta(days=30))
    token, _seen = actions.make_token(author, **wish)
    with (
        time_machine.travel(timezone.now() + timedelta(days=8), tick=False),
        pytest.raises(MovedOn),
    ):
        actions.collect_token(token, by=author)


@pytest.mark.django_db
def test_only_an_administrator_offers_keys_and_only_in_their_agency():
    author, other = given.a_member(), given.a_member()
    colleague = given.a_member(agency=author.agency)
    chief = given.a_member(roles=["admin"])
    for by in (colleague, chief, other):
        with pytest.raises(NotYours):
            actions.make_token(author, **a_wish(by))
    token, _key = given.a_key(by=author)
    for by in (colleague, chief, other):
        with pytest.raises(NotYours):
            actions.end_token(token, by=by)


@pytest.mark.django_db
def test_the_record_names_the_program():
    member = given.a_member(name="Officer Reyes")
    given.a_channel(agency=member.agency, authorised=[member])
    token, key = given.a_key(by=member)
    assert Program(key).make("/posts", DRAFT).status_code == 201
    entry = Entry.objects.get(verb="begin")
    assert entry.who == "Officer Reyes"
    assert entry.detail["through"] == token.name
    assert f"through the program <bdi>“{token.name}”</bdi>" in sentence(entry)
    # What the same member does by hand afterwards is theirs alone.
    given.a_key(by=member)
    assert "through" not in Entry.objects.filter(verb="make_token").first().detail


@pytest.mark.django_db
def test_while_everything_is_stopped_programs_read_and_change_nothing():
    member = given.a_member(roles=["author", "admin"])
    given.a_channel(agency=member.agency, authorised=[member])
    program = Program(given.a_key(by=member)[1])
    made = program.make("/posts", DRAFT)
    protect.stop(member.agency, reason="Hacked?", by=member)
    assert program.get("/posts").status_code == 200
    post = f"/posts/{made.told['id']}"
    listening = {"name": "Site", "address": "https://example.org/", "events": ["desk.stopped"]}
    for answer in (
        program.make("/posts", DRAFT),
        program.put(post, DRAFT, etag=made["ETag"]),
        program.post(f"{post}/submit"),
        program.make("/webhooks", listening),
    ):
        assert answer.status_code == 409
        assert answer.told["type"] == "/api/#stopped"


@pytest.mark.django_db
def test_a_burst_is_slowed_down_and_told_how_long(settings):
    settings.API_LIMITS = {"read": (3, 100), "write": (1, 100)}
    program = Program(given.a_key()[1])
    with time_machine.travel("2026-03-01 12:00:02+00:00", tick=False):
        _token, key = given.a_key()
        program = Program(key)
        assert [program.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
        answer = program.get("/me")
        assert 1 <= int(answer["Retry-After"]) <= 10
        assert answer.told["type"] == "/api/#too-many"
        # Another program is not slowed down by this one.
        assert Program(given.a_key()[1]).get("/me").status_code == 200
    with time_machine.travel("2026-03-01 12:00:11+00:00", tick=False):
        assert program.get("/me").status_code == 200


@pytest.mark.django_db
def test_an_hour_has_its_own_limit(settings):
    settings.API_LIMITS = {"read": (100, 2), "write": (1, 100)}
    with time_machine.travel("2026-03-01 12:00:00+00:00", tick=False) as clock:
        program = Program(given.a_key()[1])
        found = []
        for _ in range(4):
            found.append(program.get("/me").status_code)
            clock.shift(60)
        assert found == [200, 200, 429, 429]
        clock.move_to("2026-03-01 13:00:01+00:00")
        assert program.get("/me").status_code == 200
        clock.move_to("2026-03-01 16:00:00+00:00")
        actions.forget_uses(timezone.now())
        assert not Use.objects.exists()


@pytest.mark.django_db
def test_whoever_has_a_key_is_told_once_before_it_ends():
    token, _key = given.a_key(days=20)
    tasks.tell_of_tokens()
    assert not Entry.objects.filter(verb="tell_of_token").exists()
    with time_machine.travel(token.expires_at - timedelta(days=6), tick=False):
        tasks.tell_of_tokens()
        tasks.tell_of_tokens()
    assert Entry.objects.get(verb="tell_of_token").detail["names"] == [token.member.name]


@pytest.mark.django_db
def test_when_it_was_last_used_is_known_to_the_minute():
    token, key = given.a_key()
    with time_machine.travel("2026-03-01 12:00:00+00:00", tick=False) as clock:
        Token.objects.update(expires_at="2026-04-01T00:00:00Z", made_at="2026-02-01T00:00:00Z")
        Program(key).get("/me")
        token.refresh_from_db()
        assert token.used_at == timezone.now()
        clock.shift(30)
        Program(key).get("/me")
        token.refresh_from_db()
        assert token.used_at < timezone.now()


def test_nothing_a_key_can_be_allowed_lets_words_out():
    """Whoever adds a scope reads this first. `inbox:write` claims, notes and closes; it sends and
    hides nothing."""
    assert set(Scope) == {
        "posts:read", "posts:write", "moments:read", "record:read", "registry:read",
        "inbox:read", "inbox:write", "webhooks:manage",
    }  # fmt: skip
