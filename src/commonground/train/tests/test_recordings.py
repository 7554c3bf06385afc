"""A real stream that an agency brings for a drill: reduced, limited, and gone with it."""

import gzip
import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as drawn, settings as limits, strategies as some
from tests import given

from commonground.kit.apart import Unusable
from commonground.kit.refusals import NotYours, Refused
from commonground.record.models import Entry
from commonground.train import actions, queries
from commonground.train.actions.recordings import MOST_BYTES
from commonground.train.engine import recording as engine
from commonground.train.engine.recording import packed, reduced, unpacked
from commonground.train.engine.stream import posts
from commonground.train.models import Hearing, Recording
from commonground.train.tests.held import Team
from commonground.train.tests.test_talk import CRASH, pass_rounds

SALT = {"salt": "00" * 32, "latest": 2_000_000_000}
BOMB = b'{"id":"1","ts":1700000000,"text":"' + b"a" * (engine.MOST_BYTES + 10)


def read(raw: bytes) -> dict:
    return json.loads(reduced(json.dumps(SALT).encode() + b"\n" + raw))


def line(n, text="The ferry is late again.", **but) -> bytes:
    who = f"@somebody{n % 40}"
    said = {"id": str(n), "ts": 1_700_000_000 + 60 * n, "text": text, "lang": "en",
            "author": who, "url": f"https://x.example/{who}/{n}"}  # fmt: skip
    return json.dumps(said | but).encode() + b"\n"


def a_friday() -> bytes:
    """Eleven hours of the practice city, as if somebody had recorded them; a crash in the sixth."""
    scenario = queries.scenario_named("harbour")
    said = posts(scenario, seed=3, start=scenario.start, hours=68)
    lines = [
        one.line(scenario.start, scenario.post_address) for one in said if one.minute > 57 * 60
    ]
    return "".join(f"{json.dumps(one)}\n" for one in lines).encode()


@pytest.fixture
def clock():
    with time_machine.travel("2026-05-06T10:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def team(clock):
    return Team()


def test_nothing_of_who_wrote_it_is_kept():
    kept = packed(read(line(1) + line(41))["posts"])
    posts = unpacked(kept)
    assert [post.text for post in posts] == ["The ferry is late again."] * 2
    assert posts[0].author == posts[1].author != "", "one voice stays one"
    assert "somebody" not in repr(posts)
    assert not any(post.url for post in posts)
    assert posts[0].id not in ("1", "")


def test_lines_that_cannot_be_read_are_counted_with_their_numbers():
    told = read(line(1) + b"not json\n" + b"[" * 50 + b"\n" + line(2) + line(2) + b"\n")
    assert len(told["posts"]) == 2
    assert told["skipped"]["seen before"] == [1, [5]]
    assert told["skipped"]["not JSON"][1][0] == 2
    assert told["skipped"]["empty line"] == [1, [6]]


def test_a_packed_file_is_read_and_a_damaged_one_to_where_it_breaks():
    whole = gzip.compress(line(1) + line(2))
    assert len(read(whole)["posts"]) == 2
    broken = read(gzip.compress(b"".join(line(n) for n in range(3000)))[:-40])
    assert broken["posts"]
    assert "the file is damaged from here on" in broken["skipped"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", engine.NOTHING),
        (b"\xff\xfe\x00" * 50, engine.NOTHING),
        (gzip.compress(BOMB), engine.TOO_LARGE),
        (b"x\n" * (engine.MOST_LINES + 1), engine.TOO_MANY),
        (b'{"id":"1","ts":1700000000,"deleted":true}\n', engine.NOTHING),
    ],
    ids=["empty", "no text at all", "a bomb", "too many lines", "nothing but deletions"],
)
def test_a_file_that_is_none_is_refused_with_why(raw, code):
    with pytest.raises(Unusable) as told:
        read(raw)
    assert told.value.code == code


def test_deletions_are_obeyed_when_they_come_and_also_of_a_whole_account():
    gone = {"did": "did:x", "time_us": 1_700_000_300_000_000, "kind": "account",
            "account": {"active": False, "status": "deleted"}}  # fmt: skip
    post = {"did": "did:x", "time_us": 1_700_000_000_000_000, "kind": "commit", "commit": {
        "operation": "create", "collection": "app.bsky.feed.post", "rkey": "1",
        "record": {"text": "Hello"}}}  # fmt: skip
    raw = b"\n".join(json.dumps(one).encode() for one in (post, gone)) + b"\n"
    said, deleted, _other = unpacked(packed(read(raw + line(9))["posts"]))
    assert (said.text, said.deleted) == ("Hello", False)
    assert (deleted.id, deleted.deleted, deleted.at) == (said.id, True, 300)


@limits(max_examples=60)
@drawn(some.binary(max_size=400))
def test_no_bytes_break_the_reading(raw):
    try:
        told = read(raw)
    except Unusable as why:
        told = {"posts": why.code == engine.NOTHING}
    assert told["posts"]


@pytest.mark.django_db
def test_it_is_brought_looked_at_and_deleted_with_the_buttons(team, client):
    client.force_login(team.trainer)
    assert "Bring a recording" in client.get("/train/").content.decode()
    add = reverse("train:add_recording")
    assert client.get(add).status_code == 200
    file = SimpleUploadedFile("night.jsonl", line(1) + b"no\n" + line(2))
    page = client.post(add, {"file": file}, follow=True).content.decode()
    assert "night.jsonl" in page
    assert "2 posts" in page
    assert "not JSON" in page
    made = Recording.objects.get()
    begin = reverse("train:begin_drill", args=["crash"])
    assert "night.jsonl" in client.get(begin).content.decode()
    client.post(reverse("train:remove_recording", args=[made.pk]))
    assert not Recording.objects.exists()
    assert Entry.objects.filter(verb="add_recording").exists()
    assert Entry.objects.filter(verb="remove_recording").exists()


@pytest.mark.django_db
def test_a_drill_is_made_of_it_and_it_ends_with_the_drill(team, clock):
    made = actions.add_recording("night.jsonl.gz", gzip.compress(a_friday()), by=team.trainer)
    drill = team.begin("crash", recording=made)
    drill = pass_rounds(drill, clock, minutes=100)
    found = [" ".join([*m.terms, m.label]).lower() for m in team.agency.moments.all()]
    assert any(term in told for told in found for term in CRASH), found
    assert Hearing.objects.get().items > 300
    actions.end(drill, by=team.trainer)
    assert not Recording.objects.exists()
    assert Hearing.objects.get().recording is None


@pytest.mark.django_db
def test_only_trainers_of_a_desk_for_drills_bring_one(team):
    with pytest.raises(NotYours):
        actions.add_recording("x", line(1), by=team.author)
    with pytest.raises(Refused, match="desk for drills"):
        actions.add_recording("x", line(1), by=given.a_member(roles=["trainer"]))
    theirs = actions.add_recording("x", line(1) + line(2), by=Team().trainer)
    with pytest.raises(NotYours):
        team.begin("crash", recording=theirs)
    with pytest.raises(Refused, match="10 MB"):
        actions.add_recording("x", b"x" * (MOST_BYTES + 1), by=team.trainer)


@pytest.mark.django_db
def test_one_that_no_drill_is_made_of_is_gone_after_a_week(team, clock):
    actions.add_recording("x", line(1) + line(2), by=team.trainer)
    played = actions.add_recording("y", line(1) + line(2), by=team.trainer)
    team.begin("crash", recording=played)
    clock.shift(timedelta(days=7))
    actions.forget_recordings()
    assert list(Recording.objects.all()) == [played], "a drill that still runs keeps its own"


@pytest.mark.django_db
def test_it_can_be_brought_by_command(team, tmp_path):
    file = tmp_path / "night.jsonl"
    file.write_bytes(line(1) + b"no\n" + line(2))
    out = StringIO()
    call_command("train", "recording", str(file), "--by", team.trainer.email, stdout=out)
    assert "2 posts" in out.getvalue()
    assert "not JSON, line 2" in out.getvalue()
    assert Recording.objects.get().delete_at == timezone.now() + timedelta(days=7)
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("train", "recording", str(file), "--by", "nobody@riverside.example")
    with pytest.raises(CommandError, match="Only a trainer"):
        call_command("train", "recording", str(file), "--by", team.author.email)
