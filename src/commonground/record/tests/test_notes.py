"""Notes, keys, cosignatures and proofs: the standards' own examples, and what is none."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given as any_of, strategies as st

from commonground.record.engine import notes, proofs, tiles, tree

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONnc"
    "AlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"a log of our own, for the tests!")
NAME = "desk.example/log/1"
KEY = notes.key_of(NAME, PRIVATE)


def checkpoint(size=5, root=b"r" * 32, name=NAME):
    return notes.signed(str(notes.Checkpoint(name, size, root)), name, PRIVATE)


def test_the_example_of_the_standard_is_signed_by_its_key():
    key = notes.Key.read(EXAMPLE_KEY)
    assert str(key) == EXAMPLE_KEY
    assert notes.Note.read(EXAMPLE).signed_by([key]) == [key]


def test_what_we_sign_opens_and_says_what_we_said():
    assert notes.opened(checkpoint(), KEY) == notes.Checkpoint(NAME, 5, b"r" * 32)
    assert notes.Key.read(str(KEY)) == KEY


@any_of(st.integers(0, 10_000), st.characters(codec="utf-8"))
def test_no_other_text_opens(place, letter):
    real = checkpoint()
    place %= len(real)
    forged = real[:place] + letter + real[place + 1 :]
    assume(forged != real)
    with pytest.raises(notes.NotANote):
        notes.opened(forged, KEY)


def test_a_signature_of_somebody_unknown_is_passed_over_and_a_wrong_one_of_ours_is_not():
    stranger = notes.cosigned(str(notes.Checkpoint(NAME, 5, b"r" * 32)), "w.example", PRIVATE, 7)
    assert notes.opened(checkpoint() + stranger, KEY).size == 5
    wrong = notes.line(NAME, KEY.id + bytes(64))
    with pytest.raises(notes.NotANote):
        notes.opened(checkpoint() + wrong, KEY)


def test_a_checkpoint_of_another_log_is_not_ours():
    other = str(notes.Checkpoint("other.example", 5, b"r" * 32))
    with pytest.raises(notes.NotANote, match="another log"):
        notes.opened(notes.signed(other, NAME, PRIVATE), KEY)


def test_a_witness_signs_the_time_with_the_text():
    text = str(notes.Checkpoint(NAME, 5, b"r" * 32))
    witness = notes.key_of("w.example", PRIVATE, notes.BY_A_WITNESS)
    line = notes.cosigned(text, "w.example", PRIVATE, 1679315147)
    note = notes.Note.read(checkpoint() + line)
    assert note.signed_by([KEY, witness]) == [KEY, witness]
    moved = notes.line(
        "w.example", witness.id + (1679315148).to_bytes(8) + note.signatures[1][2][8:]
    )
    with pytest.raises(notes.NotANote):
        notes.Note.read(checkpoint() + moved).signed_by([witness])


@pytest.mark.parametrize("text", [
    "", "x", "x+00000000+AA==", EXAMPLE_KEY.replace("530d", "530e"), " " + EXAMPLE_KEY,
    EXAMPLE_KEY.replace("3U2k", "3U2l"), EXAMPLE_KEY + "=",
])  # fmt: skip
def test_a_key_is_read_strictly(text):
    with pytest.raises(notes.NotANote):
        notes.Key.read(text)


def test_a_proof_stands_alone_and_fits_no_other_entry():
    entries = [str(n).encode() for n in range(5)]
    made = tiles.grown(0, {}, [tree.leaf_hash(e) for e in entries])
    node = tiles.nodes(lambda *place: made[place])
    proof = proofs.Proof(3, tree.inclusion(3, 5, node), checkpoint(5, tree.root(5, node)))
    again = proofs.Proof.read(str(proof))
    assert again == proof
    assert again.proves(b"3", KEY)
    assert not again.proves(b"4", KEY)
    assert str(proof).startswith("c2sp.org/tlog-proof@v1\nindex 3\n")


@pytest.mark.parametrize("text", ["", "c2sp.org/tlog-proof@v1\nindex 03\n\nx", "index 3\n\nx"])
def test_a_proof_is_read_strictly(text):
    with pytest.raises(notes.NotANote):
        proofs.Proof.read(text)
