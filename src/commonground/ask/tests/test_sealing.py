"""A receipt proves that a ballot lies in the record, and nothing proves a false one."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given as drawn, strategies as st

from commonground.ask import actions, queries, tasks
from commonground.ask.engine.receipts import climbed, leaf_of, path_of, root_of, trouble_with
from commonground.ask.models import Seal
from commonground.ask.tests.world import a_ballot, a_question, cast
from commonground.record.actions import verify
from commonground.record.models import Entry

votes = st.dictionaries(st.integers(1, 60).map(str), st.sampled_from([-1, 0, 1]), min_size=1)


@drawn(st.lists(st.integers(), min_size=1, max_size=40), st.data())
def test_every_leaf_leads_to_the_root(numbers, data):
    leaves = [leaf_of(str(n), {"1": 1}) for n in numbers]
    place = data.draw(st.integers(0, len(leaves) - 1))
    assert climbed(leaves[place], path_of(leaves, place)) == root_of(leaves)


@drawn(votes, votes)
def test_other_votes_are_not_under_the_same_seal(one, other):
    leaves = [leaf_of("a", one), leaf_of("b", one), leaf_of("c", one)]
    receipt = {"salt": "b", "votes": other, "path": path_of(leaves, 1), "entry": 4}
    trouble = trouble_with(receipt, {4: root_of(leaves)})
    assert bool(trouble) == (one != other)


@pytest.mark.parametrize("wrong", [{}, {"salt": 1}, {"salt": "a", "votes": [], "path": [["x"]]}])
def test_what_is_no_receipt_is_said_to_be_none(wrong):
    assert trouble_with(wrong, {}) == "this is not a receipt"


@pytest.mark.django_db
def test_one_entry_answers_for_all_ballots_that_changed():
    question = a_question()
    ballots = [a_ballot(question) for _ in range(5)]
    for n, ballot in enumerate(ballots):
        cast(ballot, {1: 1, 2: -1, 3: n % 2})
    tasks.seal_ballots()
    assert Entry.objects.filter(verb="seal").count() == 1
    receipts = [queries.receipt_of(b) for b in ballots]
    roots = {s["entry"]: s["root"] for s in queries.seals_of(question)}
    assert [trouble_with(r, roots) for r in receipts] == [""] * 5
    assert Entry.objects.get(verb="seal").detail["root"] == receipts[0]["root"]
    assert verify() is None


@pytest.mark.django_db
def test_only_what_changed_is_sealed_again_and_the_receipt_tells_the_newest():
    question = a_question()
    one, other = a_ballot(question), a_ballot(question)
    cast(one, {1: 1})
    cast(other, {1: 1})
    tasks.seal_ballots()
    cast(one, {1: -1})
    tasks.seal_ballots()
    tasks.seal_ballots()
    assert list(Seal.objects.values_list("ballots", flat=True)) == [2, 1]
    assert queries.receipt_of(one)["votes"] == {"1": -1}
    assert queries.receipt_of(other)["votes"] == {"1": 1}


@pytest.mark.django_db
def test_votes_after_the_seal_are_not_in_the_receipt():
    question = a_question()
    ballot = a_ballot(question)
    assert queries.receipt_of(ballot) is None
    cast(ballot, {1: 1})
    actions.seal(question)
    cast(ballot, {2: 1})
    assert queries.receipt_of(ballot)["votes"] == {"1": 1}


@pytest.mark.django_db
def test_anybody_can_check_a_receipt_offline(tmp_path, capsys):
    question = a_question()
    ballot = a_ballot(question)
    cast(ballot, {1: 1, 2: 0})
    actions.seal(question)
    receipt, seals = tmp_path / "receipt.json", tmp_path / "seals.json"
    receipt.write_text(json.dumps(queries.receipt_of(ballot), default=str))
    seals.write_text(json.dumps({"seals": queries.seals_of(question)}, default=str))
    call_command("ask", "receipt", str(receipt), "--seals", str(seals))
    assert "lies under the seal" in capsys.readouterr().out
    told = json.loads(receipt.read_text())
    receipt.write_text(json.dumps({**told, "votes": {"1": -1, "2": 0}}))
    with pytest.raises(CommandError, match="not under that seal"):
        call_command("ask", "receipt", str(receipt), "--seals", str(seals))
    receipt.write_text("[" * 5000)
    with pytest.raises(CommandError, match="not a receipt"):
        call_command("ask", "receipt", str(receipt), "--seals", str(seals))
