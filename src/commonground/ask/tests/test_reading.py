"""Files as people hand them over, and plain words for what is wrong with them."""

import gzip
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from commonground.ask.engine.reading import Unreadable, ballots_of
from commonground.ask.tests.given import opinions

LONG = ["voter,statement,vote\n", "a,1,1\n", "b,1,-1\n", "b,2,0\n"]


def held(ballots):
    rows, names = ballots.voters[ballots.rows], ballots.statements[ballots.columns]
    return {(str(r), str(c)): int(v) for r, c, v in zip(rows, names, ballots.votes, strict=True)}


def test_one_vote_a_line_is_read():
    assert held(ballots_of(LONG)) == {("a", "1"): 1, ("b", "1"): -1, ("b", "2"): 0}


@pytest.mark.parametrize("parted", [";", "\t"])
def test_semicolons_and_tabs_are_read_as_commas_are(parted):
    assert held(ballots_of([line.replace(",", parted) for line in LONG])) == held(ballots_of(LONG))


def test_a_mark_of_byte_order_is_no_part_of_a_name():
    assert held(ballots_of(["\ufeff" + LONG[0], *LONG[1:]])) == held(ballots_of(LONG))


def test_polis_wide_export_says_the_same():
    wide = ["participant,group-id,n-votes,1,2\n", "a,0,1,1,\n", "b,,2,-1,0\n"]
    assert held(ballots_of(wide)) == held(ballots_of(LONG))


def test_polis_votes_with_times_are_put_in_order():
    lines = ["timestamp,comment-id,voter-id,vote\n", "9,1,a,1\n", "5,1,a,-1\n", "5,1,b,0\n"]
    assert held(ballots_of(lines))["a", "1"] == 1


def test_statements_that_were_moderated_out_do_not_count():
    assert ("b", "2") not in held(ballots_of(LONG, out=["2"]))


WRONG = {
    "The file is empty": [],
    "The first line must name the columns": ["who,what\n", "a,b\n"],
    "It says: voter, vote": ["voter,vote\n", "a,1\n", "b,1\n"],
    "a vote is 1 \\(agree\\)": [*LONG, "c,1,7\n"],
    "Line 5 has 2 fields where the first line has 3": [*LONG, "c,1\n"],
    "does not say who voted": [*LONG, ",1,1\n"],
    "holds no votes": LONG[:1],
    "one voter only": LONG[:2],
    "Line 5 is longer than": [*LONG, "x" * 10_000_000],
    "is not text": [*LONG, "c,\0,1\n"],
    "is not CSV": [*LONG, '"c"x,1,1\n'],
    "Two columns have the same name": ["participant,1,1\n", "a,1,1\n"],
    "the timestamp is not a number": ["timestamp,voter,statement,vote\n", "x,a,1,1\n"],
}


@pytest.mark.parametrize("words", WRONG, ids=str)
def test_a_bad_file_is_refused_in_plain_words(words):
    with pytest.raises(Unreadable, match=words):
        ballots_of(WRONG[words])


@pytest.fixture
def votes_file(tmp_path):
    rows, columns, votes, _ = opinions(60, 12, 2, seed=1)
    path = tmp_path / "votes.csv.gz"
    with gzip.open(path, "wt") as file:
        file.write("voter,statement,vote\n")
        for row in zip(rows, columns, votes, strict=True):
            file.write(",".join(map(str, row)) + "\n")
    return path


def test_the_command_tells_everything_as_one_object(votes_file, capsys):
    call_command("ask", "groups", str(votes_file), "--json")
    finding = json.loads(capsys.readouterr().out)
    assert list(finding) == [
        "voters", "statements", "votes", "groups", "members", "common_ground", "divides", "map",
        "integrity", "stable",
    ]  # fmt: skip
    assert finding["voters"] == 60
    assert set(finding["members"]) == set(finding["map"]) == {str(n) for n in range(60)}
    assert set(finding["groups"][0]) == {"id", "size", "share", "stability", "statements"}
    assert set(finding["groups"][0]["statements"][0]) == {"id", "agree", "n", "z"}
    assert set(finding["common_ground"][0]) == {"statement", "score", "low", "agree_by_group"}
    scores = np.array([row["score"] for row in finding["common_ground"]])
    assert (np.diff(scores) <= 0).all()


def test_the_command_tells_a_person_in_a_few_lines(votes_file, tmp_path, capsys):
    texts = tmp_path / "statements.csv"
    texts.write_text("statement,moderated,text\n0,-1,Out\n1,0,More benches\n")
    call_command("ask", "groups", str(votes_file), "--statements", str(texts))
    said = capsys.readouterr().out
    assert "60 voters, 11 statements" in said
    assert "More benches" in said


@pytest.mark.parametrize("answer", [-1, 0, 1])
def test_a_file_in_which_all_say_the_same_is_told_without_a_fault(answer, tmp_path, capsys):
    path = tmp_path / "votes.csv"
    rows = [f"{voter},{statement},{answer}\n" for voter in range(40) for statement in range(20)]
    path.write_text("voter,statement,vote\n" + "".join(rows))
    call_command("ask", "groups", str(path), "--json")
    assert len(json.loads(capsys.readouterr().out)["groups"]) == 1


def test_a_broken_gzip_file_is_refused_in_plain_words(tmp_path):
    path = tmp_path / "votes.csv.gz"
    path.write_bytes(gzip.compress(b"voter,statement,vote\n" * 1000)[:40])
    with pytest.raises(CommandError, match="broken or not gzip"):
        call_command("ask", "groups", str(path))


@pytest.mark.parametrize(("name", "words"), [("none.csv", "no such file"), (".", "cannot be read")])
def test_a_file_that_cannot_be_opened_is_told(name, words, tmp_path):
    with pytest.raises(CommandError, match=words):
        call_command("ask", "groups", str(tmp_path / name))


def test_bytes_that_are_no_text_are_told(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_bytes(b"voter,statement,vote\n\xff\xfe,1,1\n")
    with pytest.raises(CommandError, match="not text"):
        call_command("ask", "groups", str(path))


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Where people meet"), ("fr", "Là où l’on se rejoint")]
)
def test_the_report_is_one_page_that_fetches_nothing(lang, words, votes_file, tmp_path):
    page = tmp_path / "report.html"
    call_command("ask", "report", str(votes_file), html=page, lang=lang, title="Parks <b>")
    said = page.read_text()
    assert words in said
    assert f'<html lang="{lang}">' in said
    assert "Parks &lt;b&gt;" in said
    assert "<script" not in said
    assert "http" not in said
    assert said.count("<table") >= said.count("<svg") > 0  # every picture has its table
