"""A witness signs a log that grows, and no other: by the statuses of C2SP tlog-witness."""

from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests import given

from commonground.kit.refusals import Refused
from commonground.record.actions import THE_DESK, ask_witnesses, publish, witness
from commonground.record.engine import notes, tiles, tree
from commonground.record.engine.outsider import verify
from commonground.record.engine.witnessing import Witness, request
from commonground.record.listening import Folder, WitnessServer
from commonground.record.models import Checkpoint, Head
from commonground.record.queries.log import log_key, nodes

LOG = Ed25519PrivateKey.from_private_bytes(b"a log of our own, for the tests!")
NAME = "desk.example/log/1"
LEAVES = [tree.leaf_hash(bytes([n])) for n in range(40)]


def node_of(leaves):
    made = tiles.grown(0, {}, leaves)
    return tiles.nodes(lambda *place: made[place])


def checkpoint(size, leaves=LEAVES, origin=NAME, private=LOG):
    said = notes.Checkpoint(origin, size, tree.root(size, node_of(leaves)))
    return notes.signed(str(said), origin, private)


def path(old, new, leaves=LEAVES):
    return tree.consistency(old, new, node_of(leaves)) if old else []


@pytest.fixture
def watcher():
    logs = {NAME: notes.key_of(NAME, LOG)}
    return Witness("w.example", Ed25519PrivateKey.generate(), logs)


def test_it_signs_a_log_that_grows(watcher):
    seen, was = {}, 0
    for size in (1, 7, 7, 8, 33):
        note = checkpoint(size)
        answer = watcher.answer(request(was, path(was, size), note), seen, 1_700_000_000)
        assert answer.status == 200, answer.body
        assert notes.Note.read(note + answer.body).signed_by([watcher.key]) == [watcher.key]
        seen, was = {NAME: answer.seen}, size


FORKED = [*LEAVES[:3], b"f" * 32, *LEAVES[4:]]


@pytest.mark.parametrize(("asked", "status"), [
    (lambda: request(7, path(7, 33, FORKED), checkpoint(33, FORKED)), 422),
    (lambda: request(7, [], checkpoint(7, FORKED)), 422),
    (lambda: request(7, [], checkpoint(33)), 422),
    (lambda: request(0, [], checkpoint(33)), 409),
    (lambda: request(5, path(5, 33), checkpoint(33)), 409),
    (lambda: request(7, [], checkpoint(5)), 400),
    (lambda: request(7, path(7, 33), checkpoint(33)).replace("old 7", "old 07"), 400),
    (lambda: request(7, [b"x" * 32] * 64, checkpoint(33)), 400),
    (lambda: "old 7\n", 400),
    (lambda: request(7, path(7, 33), checkpoint(33, origin="other.example")), 404),
    (lambda: request(7, path(7, 33), checkpoint(33, private=Ed25519PrivateKey.generate())), 403),
    (lambda: request(7, path(7, 33), checkpoint(33) + notes.line("z", b"zzzzz")), 200),
])  # fmt: skip
def test_it_says_what_is_wrong_with_any_other(watcher, asked, status):
    seen = watcher.answer(request(0, [], checkpoint(7)), {}, 1).seen
    answer = watcher.answer(asked(), {NAME: seen}, 2)
    assert answer.status == status
    assert bool(answer.seen) == (status == 200)
    if status == 409:
        assert (answer.body, answer.type) == ("7\n", "text/x.tlog.size")


@pytest.fixture
def outside(tmp_path, settings, db):
    """A witness on this machine, and a desk that asks it."""
    server = WitnessServer(
        ("127.0.0.1", 0), "w.example", Folder(tmp_path / "witness"), [log_key(1)]
    )
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    wish = f"http://127.0.0.1:{server.server_port} {server.witness.key}"
    settings.ENV = settings.ENV.model_copy(update={"witnesses": [wish]})
    settings.RECORD_FOLDER = tmp_path
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def write(n):
    channel = given.a_channel()
    for _ in range(n):
        witness("pause", channel, by=THE_DESK)
    return ask_witnesses(publish())


def test_our_checkpoints_bear_the_line_of_whoever_watches_us(outside, client):
    write(3)
    shown = write(5)
    key = outside.witness.key
    assert notes.Note.read(shown.note).signed_by([key]) == [key]
    assert Checkpoint.objects.get(size=8).witnesses == 1
    assert verify.signed_by(*verify.read_note(shown.note), verify.read_key(str(key)))
    assert ask_witnesses(shown).note == shown.note  # asked once


def test_a_witness_shows_what_it_signed_to_anybody(outside, settings):
    import urllib.request

    shown = write(3)
    place = outside.folder.place(log_key(1).name).name
    at = f"http://127.0.0.1:{outside.server_port}/{place}/checkpoint"
    assert urllib.request.urlopen(at).read().decode() == shown.note


def test_a_witness_that_saw_more_than_is_here_stops_the_record(outside):
    write(3)
    note = notes.Checkpoint.read(notes.Note.read(publish().note).text)
    ahead = notes.Checkpoint(note.origin, 9, b"a" * 32)
    outside.folder.keep(note.origin, notes.signed(str(ahead), NAME, LOG))
    shown = write(2)
    assert shown.witnesses == 0
    assert "has seen 9 entries of this record, and 5 are here" in Head.objects.get().stopped
    with pytest.raises(Refused, match="older copy"):
        witness("pause", given.a_channel(), by=THE_DESK)


def test_a_witness_that_is_away_holds_nothing_up_and_catches_up(outside, settings):
    there = settings.ENV
    nowhere = [f"http://127.0.0.1:9 {outside.witness.key}"]
    settings.ENV = there.model_copy(update={"witnesses": nowhere})
    assert write(3).witnesses == 0
    settings.ENV = there
    assert write(4).witnesses == 1


def test_it_remembers_over_a_restart(outside):
    shown = write(3)
    again = WitnessServer(("127.0.0.1", 0), "w.example", outside.folder, [log_key(1)])
    again.server_close()
    assert again.witness.key == outside.witness.key
    forked = notes.Checkpoint(log_key(1).name, 3, b"f" * 32)
    assert again.answer(request(0, [], shown.note)).status == 409
    from commonground.record.queries.log import signing_key

    note = notes.signed(str(forked), forked.origin, signing_key())
    assert again.answer(request(3, [], note)).status == 422
    assert nodes()
