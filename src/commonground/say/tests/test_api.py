"""Programs read posts as they stand, and write drafts. What goes out is for people to say."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests import given
from tests.api.program import Program

from commonground.kit.refusals import MovedOn
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.models import Post

DRAFT = {"title": "Ice", "text": "Drive slowly on Mill Road.", "language": "en"}


@pytest.fixture
def author():
    return given.a_member(name="Officer Reyes")


@pytest.fixture
def channel(author):
    return given.a_channel(agency=author.agency, authorised=[author])


@pytest.fixture
def program(author, channel):
    return Program(given.a_key(by=author)[1])


@pytest.mark.django_db
def test_a_program_writes_a_draft_and_sends_it_for_approval(program, author, channel):
    made = program.make("/posts", DRAFT)
    assert made.status_code == 201
    assert made["Location"] == f"/api/v1/posts/{made.told['id']}"
    assert made.told["state"] == "draft"
    assert made.told["author"] == "Officer Reyes"
    assert [v["channel"] for v in made.told["variants"]] == [str(channel.pk)]
    sent = program.post(f"/posts/{made.told['id']}/submit")
    assert sent.status_code == 200
    assert sent.told["state"] == "in_review"
    assert Post.objects.get().state == "in_review"
    assert {e.verb for e in Entry.objects.all() if e.detail.get("through")} >= {"begin", "submit"}


@pytest.mark.django_db
def test_no_address_of_the_api_approves_publishes_or_stops(program):
    paths = program.get("/openapi.json").told["paths"]
    changing = {f"{m} {p}" for p, ms in paths.items() for m in ms if m not in ("get", "head")}
    assert changing == {
        "post /api/v1/posts", "put /api/v1/posts/{post_id}",
        "post /api/v1/posts/{post_id}/submit", "post /api/v1/posts/{post_id}/recall",
        "post /api/v1/conversations/{conversation_id}/claim",
        "post /api/v1/conversations/{conversation_id}/let-go",
        "post /api/v1/conversations/{conversation_id}/notes",
        "post /api/v1/conversations/{conversation_id}/answers",
        "post /api/v1/webhooks", "put /api/v1/webhooks/{webhook_id}",
        "delete /api/v1/webhooks/{webhook_id}", "post /api/v1/webhooks/{webhook_id}/test",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_key_does_not_open_the_pages_of_the_desk(author, channel):
    post = given.a_post_in_review(by=author)
    approver = given.an_approver(post)
    for key in (given.a_key(by=author)[1], given.a_key(by=approver)[1]):
        program = Program(key)
        for page in (f"/say/{post.pk}/approve", "/protect/stop/", f"/say/{post.pk}/submit"):
            answer = program.client.post(page, headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code in (302, 404)
    post.refresh_from_db()
    assert post.state == "in_review"


@pytest.mark.django_db
def test_the_same_asking_twice_makes_one_draft(program):
    first = program.make("/posts", DRAFT, key="one-and-the-same")
    second = program.make("/posts", DRAFT, key="one-and-the-same")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.told["id"] == second.told["id"]
    assert Post.objects.count() == 1
    other = program.make("/posts", {**DRAFT, "title": "Snow"}, key="one-and-the-same")
    assert other.status_code == 409
    assert "Idempotency-Key" in other.told["detail"]
    assert program.make("/posts", DRAFT, key="another-one").status_code == 201


@pytest.mark.django_db
def test_without_a_key_of_its_own_nothing_is_made(program):
    answer = program.post("/posts", DRAFT)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.told["detail"]
    assert program.make("/posts", DRAFT, key="short").status_code == 422
    assert not Post.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_askings_at_once_one_is_made(a_record_that_can_be_emptied, author, channel):
    key = given.a_key(by=author)[1]
    found = []

    def ask():
        try:
            found.append(Program(key).make("/posts", DRAFT, key="at-the-same-moment"))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in found) == [200] * 5 + [201]
    assert Post.objects.count() == 1


@pytest.mark.django_db
def test_nobodys_words_are_overwritten_unseen(program, author):
    made = program.make("/posts", DRAFT)
    address = f"/posts/{made.told['id']}"
    without = program.put(address, DRAFT)
    assert without.status_code == 428
    changed = program.put(address, {**DRAFT, "text": "Stay at home."}, etag=made["ETag"])
    assert changed.status_code == 200
    assert changed.told["text"] == "Stay at home."
    late = program.put(address, {**DRAFT, "text": "Drive on."}, etag=made["ETag"])
    assert late.status_code == 412
    assert Post.objects.get().text == "Stay at home."
    assert program.put(address, DRAFT, etag=changed["ETag"]).status_code == 200
    assert Entry.objects.filter(verb="write").count() == 2


@pytest.mark.django_db
def test_a_page_of_the_desk_that_was_open_meanwhile_overwrites_nothing(client, program, author):
    made = program.make("/posts", DRAFT)
    post = Post.objects.get()
    client.force_login(author)
    page = client.get(f"/say/{post.pk}/write").content.decode()
    before = page.split('name="before" value="')[1].split('"')[0]
    program.put(f"/posts/{post.pk}", {**DRAFT, "text": "Stay at home."}, etag=made["ETag"])
    typed = {**DRAFT, "text": "Drive on.", "page": "a-page", "before": before}
    client.post(f"/say/{post.pk}/write", typed)
    post.refresh_from_db()
    assert post.text == "Stay at home."


@pytest.mark.django_db
def test_only_ones_own_drafts_are_changed(program, author):
    colleague = given.a_member(agency=author.agency)
    post = given.a_post(by=colleague)
    read = program.get(f"/posts/{post.pk}")
    assert program.put(f"/posts/{post.pk}", DRAFT, etag=read["ETag"]).status_code == 403
    assert program.post(f"/posts/{post.pk}/submit").status_code == 403
    mine = given.a_post_in_review(by=author)
    read = program.get(f"/posts/{mine.pk}")
    answer = program.put(f"/posts/{mine.pk}", DRAFT, etag=read["ETag"])
    assert answer.status_code == 409
    assert answer.told["type"] == "/api/#moved-on"
    assert program.post(f"/posts/{mine.pk}/recall").told["state"] == "draft"


@pytest.mark.django_db
def test_words_of_ones_own_for_one_channel(program, author, channel):
    other = given.a_channel(agency=author.agency, authorised=[author])
    on = [{"id": str(channel.pk)}, {"id": str(other.pk), "text": "Ice! Slow down."}]
    made = program.make("/posts", {**DRAFT, "channels": on})
    texts = {v["channel"]: (v["text"], v["own_words"]) for v in made.told["variants"]}
    assert texts == {
        str(channel.pk): (DRAFT["text"], False), str(other.pk): ("Ice! Slow down.", True),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_channel_one_may_not_speak_on_is_a_mistake_and_not_passed_over(program, author):
    closed = given.a_channel(agency=author.agency)
    for strange in (closed.pk, given.a_channel().pk):
        answer = program.make("/posts", {**DRAFT, "channels": [{"id": str(strange)}]})
        assert answer.status_code == 422
        assert answer.told["errors"][0]["where"] == "channels"
    theirs = given.a_moment()
    assert program.make("/posts", {**DRAFT, "moment": str(theirs.pk)}).status_code == 422
    assert not Post.objects.exists()


@pytest.mark.django_db
def test_the_truth_of_each_channel_is_told(program, author, channel):
    post = given.an_approved_post(by=author, channels=[channel])
    Post.objects.update(approved_at=timezone.now() - timedelta(minutes=1))
    post.variants.get().deliveries.update(next_at=timezone.now() - timedelta(seconds=1))
    tasks.go_out()
    told = program.get(f"/posts/{post.pk}").told
    delivery = told["variants"][0]["deliveries"][0]
    assert told["state"] == "published"
    assert delivery["state"] == "sent"
    assert delivery["seen_at"]
    assert told["variants"][0]["stands"] == "seen in public"
    assert program.get(f"/deliveries/{delivery['id']}").told == delivery


@pytest.mark.django_db
def test_what_did_not_change_is_not_sent_again(program):
    made = program.make("/posts", DRAFT)
    address = f"/posts/{made.told['id']}"
    tag = program.get(address)["ETag"]
    again = program.get(address, **{"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    program.post(f"{address}/submit")
    assert program.get(address, **{"If-None-Match": tag}).status_code == 200


@pytest.mark.django_db
def test_a_long_list_is_read_to_its_end_without_gaps(program, author):
    at = timezone.now()
    Post.objects.bulk_create(
        Post(agency=author.agency, author=author, title=f"Post {n}", text="x", changed_at=at)
        for n in range(45)
    )
    seen, path = [], "/posts?limit=20&state=draft"
    while path:
        page = program.get(path).told
        seen += [one["id"] for one in page["items"]]
        path = page["next"] and page["next"].removeprefix("/api/v1")
    assert len(seen) == len(set(seen)) == 45
    assert program.get("/posts?before=yesterday").status_code == 422


@pytest.mark.django_db
def test_a_list_costs_as_many_questions_however_long_it_is(
    program, author, django_assert_max_num_queries
):
    for _ in range(3):
        given.a_post(by=author)
    program.get("/posts")
    for _ in range(20):
        given.a_post(by=author)
    with django_assert_max_num_queries(14):
        assert len(program.get("/posts?limit=100").told["items"]) == 23


HOSTILE = {
    "nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "a title nested 50,000 deep": b'{"title":' * 50_000,
    "a whole number of 10 MB": b'{"good_for":' + b"9" * 10_000_000 + b"}",
    "a whole number of 4,000 digits": b'{"good_for":' + b"9" * 4000 + b"}",
    "NaN": b'{"title":"a","good_for":NaN}',
    "a name twice": b'{"title":"a","title":"b"}',
    "half a letter": b'{"title":"\\ud800","text":"a","language":"en"}',
    "NUL": b'{"title":"a\\u0000","text":"a","language":"en"}',
    "a title of 1 MB": b'{"title":"' + b"a" * 1_000_000 + b'"}',
    "13 MB": b" " * 13_000_000,
    "not UTF-8": b'{"title":"\xff"}',
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"7",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE, ids=str)
def test_what_no_honest_program_sends_is_refused_in_words(program, name):
    """Hostile inputs 18 and 42. The database is asked nothing about them."""
    answer = program.make("/posts", HOSTILE[name])
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.told["detail"]
    assert program.get("/me").status_code == 200
    assert not Post.objects.exists()


WRONG = {
    "no words": {"text": " \n\u200b\u0007 "},
    "a headline too long": {"title": "a" * 121},
    "a text too long": {"text": "a" * 20_001},
    "no such language": {"language": "xx"},
    "a time without a zone": {"go_out_at": "2026-05-01T10:00:00"},
    "a time at the end of the calendar": {"go_out_at": "9999-12-31T23:59:59-14:00"},
    "a time at its beginning": {"go_out_at": "0001-01-01T00:00:00+14:00"},
    "minutes below one": {"good_for": 0},
    "minutes beyond all": {"good_for": 10**30},
    "half a minute": {"good_for": 1.5},
    "no such parting": {"parting": "torn"},
    "no channel's name": {"channels": [{"id": "../../etc"}]},
    "too many channels": {"channels": [{"id": "6f1c1b1e-0000-4000-8000-000000000000"}] * 301},
    "words for a truth": {"urgent": "perhaps"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRONG, ids=str)
def test_what_is_wrong_is_named(program, name):
    answer = program.make("/posts", {**DRAFT, **WRONG[name]})
    assert answer.status_code == 422
    where = next(iter(WRONG[name]))
    assert any(one["where"].startswith(("asked." + where, where)) for one in answer.told["errors"])
    assert not Post.objects.exists()


@pytest.mark.django_db
def test_signs_that_show_nothing_are_left_out(program):
    made = program.make("/posts", {**DRAFT, "title": "Ice\u0007 on \u000bMill Road "})
    assert made.told["title"] == "Ice on Mill Road"


@pytest.mark.django_db
def test_only_json_is_read_as_json(program):
    body = json.dumps(DRAFT).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = program.ask(
            "POST", "/posts", body, **{"Content-Type": kind, "Idempotency-Key": "a-key-of-mine"}
        )
        assert answer.status_code == 415
    assert not Post.objects.exists()


@pytest.mark.django_db
def test_an_approval_is_void_once_a_program_took_the_draft_back(program, author):
    post = given.a_post_in_review(by=author)
    read = post.digest
    program.post(f"/posts/{post.pk}/recall")
    tag = program.get(f"/posts/{post.pk}")["ETag"]
    program.put(f"/posts/{post.pk}", {**DRAFT, "text": "Other words."}, etag=tag)
    program.post(f"/posts/{post.pk}/submit")
    post.refresh_from_db()
    with pytest.raises(MovedOn):
        actions.approve(post, read=read, by=given.an_approver(post))
    post.refresh_from_db()
    assert post.state == "in_review"
