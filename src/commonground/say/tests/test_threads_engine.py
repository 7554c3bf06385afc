"""A text that is too long is parted as a careful writer would, and nothing of it is lost."""

import regex
from hypothesis import given, settings, strategies as st

from commonground.channels import engine
from commonground.channels.contract import Limits
from commonground.channels.networks.bluesky.adapter import LIMITS as BLUESKY
from commonground.channels.networks.mastodon.adapter import LIMITS as MASTODON
from commonground.say.engine.fit import HASHTAG
from commonground.say.engine.threads import BREAK, FIGURES, Parting, parts, without_breaks

SMALL = Limits(characters=60, link_counts=23)
NUMBERED, PLAIN = Parting.NUMBERED, Parting.PLAIN

LONG = (
    "Harbour Bridge is closed in both directions after a collision near the St. Mary exit. "
    "Please use the quay road.\n\nIf you were there before 5 p.m. on Sunday, call Sgt. Ito on "
    "780 555 0123 or write at https://riverside.example/bridge?case=12#witness. #HarbourBridge\n\n"
    "Buses 4 and 12 go around by the hospital until the bridge is open again, which will not be "
    "before tomorrow at noon. We will say more here at 18:00."
)


def test_what_fits_stays_one_post_without_a_number():
    assert parts("The bridge is closed.", SMALL, NUMBERED) == ["The bridge is closed."]


def test_what_is_not_to_be_parted_stays_too_long():
    assert parts(LONG, SMALL, Parting.WHOLE) == [LONG]


def test_it_is_parted_at_the_end_of_sentences_and_paragraphs():
    assert parts(LONG, BLUESKY, PLAIN) == [
        "Harbour Bridge is closed in both directions after a collision near the St. Mary exit. "
        "Please use the quay road.\n\nIf you were there before 5 p.m. on Sunday, call Sgt. Ito on "
        "780 555 0123 or write at https://riverside.example/bridge?case=12#witness. #HarbourBridge",
        "Buses 4 and 12 go around by the hospital until the bridge is open again, which will not "
        "be before tomorrow at noon. We will say more here at 18:00.",
    ]


def test_parts_are_numbered_and_still_fit():
    found = parts(LONG, SMALL, NUMBERED)

    assert found[0].endswith(f" 1/{len(found)}")
    assert found[-1].endswith(f" {len(found)}/{len(found)}")
    assert all(SMALL.length(part) <= 60 for part in found)


def test_many_parts_leave_room_for_long_numbers():
    found = parts("Word after word. " * 60, Limits(characters=40), NUMBERED)

    assert len(found) > 9
    assert all(len(part) <= 40 for part in found)


def test_the_author_places_breaks_by_hand():
    text = "First this.\r\n---\r\nThen that.\r\n\r\n-----\r\n\r\nAt last."

    assert parts(text, MASTODON, NUMBERED) == ["First this. 1/3", "Then that. 2/3", "At last. 3/3"]
    assert parts(text, MASTODON, PLAIN) == ["First this.", "Then that.", "At last."]


def test_where_all_is_shown_a_break_is_a_new_paragraph():
    assert without_breaks("This.\n---\nThat.", PLAIN) == "This.\n\nThat."
    assert without_breaks("This.\n---\nThat.", Parting.WHOLE) == "This.\n---\nThat."


def test_a_line_that_only_begins_with_dashes_is_no_break():
    assert parts("--- 5 km\nClosed.", MASTODON, PLAIN) == ["--- 5 km\nClosed."]


def test_scripts_without_room_between_words_are_parted_at_their_full_stops():
    text = "道路は閉鎖されています。迂回路を使ってください。詳しくは十八時に。"

    assert parts(text, Limits(characters=14), PLAIN) == [
        "道路は閉鎖されています。", "迂回路を使ってください。", "詳しくは十八時に。"
    ]  # fmt: skip


def test_a_telephone_number_stays_whole():
    found = parts(
        "Please call the desk at once: 780 555 0123 or 0124", Limits(characters=38), PLAIN
    )

    assert any("780 555 0123" in part for part in found)


def test_a_link_that_no_part_could_hold_is_left_whole_and_too_long():
    link = "https://riverside.example/" + "a" * 80

    assert link in parts(f"See {link} for more.", Limits(characters=40), PLAIN)[-1]


FAMILY, FLAG = "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f1e8\U0001f1e6"
SIGNS = st.sampled_from(
    ["a", "Bridge ", "closed. ", "\n\n", "\n", "。", "道", " ", "St. ", FAMILY, FLAG, "é",
     "e\u0301", "https://a.example/b-c?d=1 ", "#HarbourBridge ", "780 555 0123 ", "\u00a0", "! ",
     "?", "\n---\n"]
)  # fmt: skip


def bare(text):
    return regex.sub(r"\s+", "", BREAK.sub("", text))


@settings(max_examples=400, deadline=None)
@given(st.lists(SIGNS, max_size=120).map("".join), st.sampled_from([SMALL, BLUESKY, MASTODON]))
def test_nothing_is_lost_nothing_is_cut_and_everything_fits(text, limits):
    found = parts(text, limits, PLAIN)

    if text.strip("-\n \t\r\u00a0"):
        assert bare("".join(found)) == bare(text)
    for kind in (engine.LINK, HASHTAG, engine.GRAPHEME, FIGURES):
        wanted = [m.group().strip() for m in kind.finditer(without_breaks(text, PLAIN))]
        there = {m.group().strip() for part in found for m in kind.finditer(part)}
        assert {w for w in wanted if w and limits.length(w) < limits.characters} <= there
    for part in found:
        held = [m.group() for m in engine.LINK.finditer(part)]
        assert limits.length(part) <= limits.characters or held
