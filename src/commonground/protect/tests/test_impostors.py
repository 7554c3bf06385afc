"""Names that could pass for ours, held against a written table; and nobody else is looked at."""

from dataclasses import dataclass
from pathlib import Path

from confusable_homoglyphs.confusables import confusables_data
from hypothesis import given as supposing, strategies as st

from commonground.protect.engine.impostors import (
    Likeness,
    Own,
    Us,
    likeness,
    mixes_alphabets,
    searched_for,
    slips,
)
from commonground.protect.engine.seeing import skeleton_of_name

US = {
    "H": Us.of(
        "Harbour Police",
        [Own("@police@harbour.example", "https://harbour.example/@police"),
         Own("HarbourPolice", "https://x.example/HarbourPolice"), Own("police.harbour.example")],
        "harbour.example",
    ),
    "S": Us.of(
        "Port Sable Police Service",
        [Own("@portsablepolice@social.example"), Own("police.portsable.example")],
        "portsable.example",
    ),
    "R": Us.of(
        "Riverside Fire Department",
        [Own("@riversidefire@firefolk.example"),
         Own("@riversidefiretips@firefolk.example", closed=True)],
        "riversidefire.example",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    us: str
    handle: str
    called: str
    url: str
    is_hit: bool

    @property
    def found(self) -> bool:
        return likeness(US[self.us], self.handle, self.called, self.url) is not None


def table() -> list[Row]:
    lines = Path(__file__).with_name("impostors.txt").read_text("utf-8").splitlines()
    cells = [[c.strip() for c in one.split("|")] for one in lines if one and one[0] != "#"]
    return [Row(us, handle, called, url, verdict == "hit")
            for us, handle, called, url, verdict in cells]  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """How well a list of rows was told apart."""

    rows: int
    hits: int
    false_alarms: int
    missed: int

    @property
    def precision(self) -> float:
        return (self.hits - self.missed) / (self.hits - self.missed + self.false_alarms)

    @property
    def recall(self) -> float:
        return (self.hits - self.missed) / self.hits


def measured(rows: list[Row]) -> Measured:
    hits = [row for row in rows if row.is_hit]
    return Measured(
        len(rows), len(hits), sum(row.found and not row.is_hit for row in rows),
        sum(not row.found for row in hits),
    )  # fmt: skip


def held_out(rows: list[Row]) -> list[Row]:
    """Every third row was never looked at while the rules were made."""
    return rows[::3]


def test_of_the_written_table_the_docs_tell_the_truth():
    """Whoever makes the rules better writes the better figures into the docs, and none worse."""
    rows = table()
    everything, unseen = measured(rows), measured(held_out(rows))
    page = Path(__file__).parents[4] / "docs/how-to/watch-for-impostors.md"
    said = " ".join(page.read_text().split())
    for found in (everything, unseen):
        cells = (found.rows, found.hits, found.missed, found.false_alarms)
        assert "| {} | {} | {} | {} |".format(*cells) in said
        assert f"{found.precision:.3f}" in said
        assert f"{found.recall:.3f}" in said
    assert everything.rows >= 200


def test_a_name_in_letters_that_look_alike_is_told_as_such():
    found = likeness(US["S"], "роrtѕаblероlісе")
    assert found.likeness == Likeness.LOOKS
    assert found.of == "@portsablepolice@social.example"
    assert mixes_alphabets("harbourpоlice")
    assert not mixes_alphabets("Harbour Police ✅ 2026")


def test_what_is_ours_is_never_found_and_what_we_closed_is_named():
    for us in US.values():
        for own in us.accounts:
            found = likeness(us, own.handle, "", own.url)
            assert (found is not None) == own.closed
    assert likeness(US["R"], "@riversidefiretips@firefolk.example").likeness == Likeness.WAS_OURS


def test_an_agency_that_bears_only_common_words_is_searched_by_nothing_that_names_everybody():
    us = Us.of("City Police", [Own("@police@city.example")])
    assert searched_for(us) == []
    assert likeness(us, "citypolice", "City Police") is None


def test_letters_that_unicode_calls_alike_are_alike_for_us():
    """A second opinion: the library's own table of look-alikes, held against ours."""
    apart = []
    for letter, alike in confusables_data.items():
        for other in (one["c"] for one in alike):
            plain = len(letter) == 1 and len(other) == 1 and other.isascii() and other.isalpha()
            foreign = letter.isalpha() and not letter.isascii()
            if plain and foreign and skeleton_of_name(letter) != skeleton_of_name(other):
                apart.append((letter, other))
    assert {letter for letter, _other in apart} <= set("ſͺ")  # Unicode undoes these two itself


@supposing(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_no_name_of_a_stranger_breaks_the_watch(handle, called, url):
    likeness(US["H"], handle, called, url)


@supposing(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_slips_are_counted_alike_both_ways_and_never_fewer_than_the_lengths_differ(one, other):
    found = slips(one, other, 9)
    assert found == slips(other, one, 9)
    assert (found == 0) == (one == other)
    assert found >= abs(len(one) - len(other))
    assert found <= max(len(one), len(other))
