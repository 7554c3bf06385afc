"""A machine may propose words; only a person takes them, and nothing but the text leaves."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.urls import reverse
from hypothesis import given as over, strategies as st
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions, line
from commonground.say.engine.proposing import Kind, added, plain
from commonground.say.models import Post, Proposal


class Machine:
    """A small server that speaks the API, and remembers every word it was sent."""

    def __init__(self):
        self.heard, self.says, self.status = [], "Shorter.", 200
        self.raw = None


@contextmanager
def listening():
    machine = Machine()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers["Content-Length"])
            body = self.rfile.read(size)
            machine.heard.append((self.path, dict(self.headers), body))
            said = {"choices": [{"message": {"role": "assistant", "content": machine.says}}]}
            answer = machine.raw if machine.raw is not None else json.dumps(said).encode()
            self.send_response(machine.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever)
    thread.start()
    machine.url = f"http://127.0.0.1:{server.server_port}/v1/chat/completions"
    try:
        yield machine
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def machine(settings):
    with listening() as machine:
        settings.ENV = settings.ENV.model_copy(
            update={
                "drafting_url": machine.url, "drafting_key": "sesame", "drafting_model": "small",
                "allow_private_addresses": False,
            }
        )  # fmt: skip
        yield machine


@pytest.fixture
def post(db):
    return given.a_post(text="The bridge is closed until nine.", title="Secret head")


def test_only_the_text_of_the_draft_leaves_and_the_draft_stays_as_it_was(machine, post):
    digest = post.digest
    proposal = actions.propose_words(post, Kind.SHORTER, by=post.author)
    ((path, headers, body),) = machine.heard
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer sesame"
    sent = json.loads(body)
    assert (sent["model"], sent["stream"]) == ("small", False)
    assert sent["messages"][1] == {"role": "user", "content": post.text}
    for secret in ("Secret head", post.author.name, post.agency.name, post.author.email):
        assert secret.encode() not in body
    post.refresh_from_db()
    assert (post.digest, post.state, proposal.text) == (digest, "draft", "Shorter.")


def test_taken_by_hand_it_is_the_authors_and_on_record(machine, post):
    proposal = actions.propose_words(post, Kind.TRANSLATION, language="fr", by=post.author)
    actions.take_proposal(proposal, by=post.author)
    post.refresh_from_db()
    assert (post.text, post.language, post.state) == ("Shorter.", "fr", "draft")
    assert [v.text for v in post.variants.all()] == ["Shorter."]
    verbs = [e.verb for e in Entry.objects.about(post)]
    assert verbs == ["take_words", "propose_words"]
    assert "Shorter." not in json.dumps([e.detail for e in Entry.objects.about(post)])
    assert list(post.proposals.taken()) == [proposal]


def test_words_written_meanwhile_are_not_lost(machine, post):
    proposal = actions.propose_words(post, Kind.SHORTER, by=post.author)
    Post.objects.filter(pk=post.pk).update(text="I wrote on.")
    proposal.refresh_from_db()
    with pytest.raises(MovedOn):
        actions.take_proposal(proposal, by=post.author)


def test_nobody_elses_draft_and_nothing_that_is_under_review(machine, post):
    proposal = actions.propose_words(post, Kind.SHORTER, by=post.author)
    other = given.a_member(agency=post.agency)
    with pytest.raises(NotYours):
        actions.propose_words(post, Kind.SHORTER, by=other)
    with pytest.raises(NotYours):
        actions.take_proposal(proposal, by=other)
    actions.submit(post, by=post.author)
    with pytest.raises(MovedOn):
        actions.propose_words(post, Kind.SHORTER, by=post.author)
    with pytest.raises(MovedOn):
        actions.take_proposal(proposal, by=post.author)
    assert len(machine.heard) == 1


@pytest.mark.parametrize(
    ("status", "raw"),
    [
        (500, b""), (401, b"{}"), (200, b"no json"), (200, b"{}"), (200, b'{"choices": []}'),
        (200, b'{"choices": [{"message": {"content": 5}}]}'), (200, b"[" * 100_000),
        (200, b'{"choices": [{"message": {"content": "<b></b>"}}]}'), (200, b"x" * 600_000),
        (302, b""),
    ],
    ids=["500", "401", "no json", "empty", "no choice", "number", "deep", "tags", "much", "away"],
)  # fmt: skip
def test_whatever_it_answers_the_draft_is_as_it_was(machine, post, status, raw):
    machine.status, machine.raw = status, raw
    with pytest.raises(Refused):
        actions.propose_words(post, Kind.SHORTER, by=post.author)
    post.refresh_from_db()
    assert post.text.startswith("The bridge")
    assert not Proposal.objects.exists()
    assert [e.verb for e in Entry.objects.about(post)] == ["miss_help"]


def test_off_by_default(post, client):
    assert not line.offered()
    with pytest.raises(Refused):
        actions.propose_words(post, Kind.SHORTER, by=post.author)
    client.force_login(post.author)
    assert client.get(reverse("say:help", args=[post.pk])).status_code == 404
    assert "Drafting help" not in client.get(reverse("say:write", args=[post.pk])).content.decode()


def test_no_text_leaves_in_clear_to_another_network(post, settings):
    url = "http://93.184.216.34/v1/chat/completions"
    settings.ENV = settings.ENV.model_copy(update={"drafting_url": url})
    with pytest.raises(line.NoHelp, match="NotOutside"):
        line.proposal(Kind.SHORTER, "Text.")


def test_one_member_does_not_ask_without_end(machine, post, monkeypatch):
    Proposal.objects.bulk_create(
        Proposal(post=post, by=post.author, kind="shorter", before="", text="") for _ in range(30)
    )
    with pytest.raises(Refused):
        actions.propose_words(post, Kind.SHORTER, by=post.author)
    assert not machine.heard


def test_page_says_first_what_leaves_and_shows_it_beside_the_draft_marked(machine, post, client):
    machine.says = "<script>alert(1)</script>Closed. Call <b>555-0199</b> or https://evil.example"
    client.force_login(post.author)
    asked = reverse("say:propose_words", args=[post.pk])
    page = reverse("say:help", args=[post.pk])
    assert "and nothing else" in client.get(page).content.decode()
    assert client.post(asked, {"kind": "shorter"}).status_code == 422  # not told yet
    assert not machine.heard
    assert client.post(asked, {"kind": "shorter", "told": "on"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "Proposed by a machine" in shown
    assert "alert(1)" not in shown
    assert "It added what your draft does not say:" in shown
    machine.says = "Closed until nine."
    assert client.post(asked, {"kind": "plainer"}).status_code == 302  # told once is told
    take = reverse("say:take_proposal", args=[Proposal.objects.first().pk])
    assert client.post(take).headers["Location"].endswith("/write")
    post.refresh_from_db()
    assert post.state == "draft"
    actions.submit(post, by=post.author)
    client.force_login(given.an_approver(post))
    read = client.get(reverse("say:approve", args=[post.pk])).content.decode()
    assert "A machine proposed words its author took" in read


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("<p>Closed.</p>", "Closed."),
        ("<<b>script>x</script>Closed.", "x>Closed."),
        ("<think>They want me to</think>Closed.", "Closed."),
        ("<think>for ever", ""),
        ("```text\nClosed.\n```", "Closed."),
        ("Under 5 < 6 and 7 > 3", "Under 5 < 6 and 7 > 3"),
        ("<img src=x onerror=alert(1)", ""),
    ],
)  # fmt: skip
def test_markup_goes_and_words_stay(answer, text):
    assert "<script" not in plain(answer)
    assert plain(answer) == text or answer.startswith("<<")


@over(st.text(alphabet='<>/!abscript x"=', max_size=60))
def test_no_tag_survives(answer):
    import re

    assert not re.search(r"<[/!?a-zA-Z]", plain(answer))


def test_what_it_made_up_is_named():
    before = "Closed until 9:00. Call 555-0100, see https://police.example/a."
    assert added(before, before) == []
    after = "Closed until 9.00. Call 555 0100 or 555-0199, see https://evil.example/a."
    assert added(before, after) == ["https://evil.example/a", "555-0199"]
