"""One ballot for one person in each tier, whatever is tried."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.ask import actions, tasks
from commonground.ask.engine.marks import code_of, network_of, plain_address, plain_code
from commonground.ask.models import Arrival, Ballot, DayKey, Vote
from commonground.ask.tests.world import a_ballot, a_question, cast, drawn
from commonground.kit.refusals import NotYours, Refused

pytestmark = pytest.mark.django_db


def an_admin(question):
    return given.a_member(agency=question.agency, roles=["admin", "approver"])


def codes_for(question, many):
    return actions.make_codes(question, many=many, by=an_admin(question))


def test_the_last_vote_on_a_statement_holds_and_none_is_overwritten():
    question = a_question()
    ballot = a_ballot(question)
    cast(ballot, {1: 1})
    cast(ballot, {1: -1})
    assert list(Vote.objects.order_by("pk").values_list("value", flat=True)) == [1, -1]
    for n in range(12):  # each otherwise their own, or they would count as copies
        cast(a_ballot(question), {1: 1, 2 + n % 5: -1, 7 + n % 4: 0, 11 + n % 2: 1 - n % 3})
    assert drawn(question)["open"]["all"]["1"] == [1, 0, 12]


def test_the_same_press_twice_is_one_vote():
    question = a_question()
    ballot = a_ballot(question)
    cast(ballot, {1: 1})
    cast(ballot, {1: 1})
    assert Vote.objects.count() == 1
    ballot.refresh_from_db()
    assert ballot.cast == 1


def test_nobody_votes_while_it_is_paused_or_over():
    question = a_question()
    ballot = a_ballot(question)
    actions.pause(question, reason="A name.", by=question.asked_by)
    with pytest.raises(Refused, match="not open"):
        cast(ballot, {1: 1})
    with pytest.raises(Refused, match="not open"):
        actions.open_ballot(question, start="s", worked=True, address="203.0.113.1")
    assert Vote.objects.count() == 0


def test_a_ballot_of_one_question_votes_in_no_other():
    mine, theirs = a_question(), a_question()
    with pytest.raises(NotYours):
        actions.vote(a_ballot(mine), theirs.statements.first(), 1)


def open_ballots(question, addresses, *, worked, many):
    """How many of so many scripted ballots are taken."""
    taken, run = 0, next(given.number)
    for n in range(many):
        try:
            ballot = actions.open_ballot(
                question,
                start=f"script {run} {n}",
                worked=worked,
                address=addresses[n % len(addresses)],
            )
        except actions.Crowded:
            continue
        actions.vote(ballot, question.statements.get(number=1), -1)
        taken += 1
    return taken


def test_one_network_has_twenty_open_ballots_an_hour_and_five_without_work():
    question = a_question()
    assert open_ballots(question, ["203.0.113.7"], worked=False, many=40) == 5
    neighbour = ["203.0.113.99"]  # the same /24
    assert open_ballots(question, neighbour, worked=True, many=45) == 20 - 5
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert open_ballots(question, ["203.0.113.7"], worked=True, many=30) <= 20


@pytest.mark.parametrize("networks", [1, 200])
def test_ten_thousand_scripted_ballots_move_the_stronger_tiers_by_nothing(networks):
    """The strong tiers' pictures stay equal to a bit; each network has its twenty and no more."""
    question = a_question(tiers=["resident", "open"])
    for code in codes_for(question, 12):
        ballot = actions.take_code(question, code=code)
        cast(ballot, {1: 1, 2: -1, 3: 0})
    before = drawn(question)["resident"]
    addresses = [f"10.0.{n}.9" for n in range(networks)]
    assert open_ballots(question, addresses, worked=True, many=10_000) <= 20 * networks
    assert most_from_one_network(question) == 20
    after = drawn(question)["resident"]
    assert after == before
    assert question.ballots.filter(tier="resident").count() == 12


def most_from_one_network(question):
    counts = Arrival.objects.filter(question=question, kind="open").values_list("count", flat=True)
    return max(counts)


def test_a_code_is_one_ballot_however_often_it_is_typed():
    question = a_question(tiers=["resident"])
    (code,) = codes_for(question, 1)
    one = actions.take_code(question, code=code.lower().replace("-", " "))
    other = actions.take_code(question, code=code)
    assert one == other
    assert Ballot.objects.count() == 1


def test_a_code_that_we_never_gave_out_is_refused():
    question = a_question(tiers=["resident"])
    codes_for(question, 5)
    for wrong in ("", "AAAA", "0000-0000-0000", "É" * 12, "x" * 4000):
        with pytest.raises(Refused, match="do not know this code"):
            actions.take_code(question, code=wrong)


def test_a_code_of_another_question_is_refused():
    question, other = a_question(tiers=["resident"]), a_question(tiers=["resident"])
    (code,) = codes_for(other, 1)
    with pytest.raises(Refused):
        actions.take_code(question, code=code)


def test_the_database_holds_no_code():
    question = a_question(tiers=["resident"])
    (code,) = codes_for(question, 1)
    kept = str(list(question.codes.values())) + str(list(Ballot.objects.values()))
    assert code not in kept
    assert plain_code(code) not in kept


@pytest.fixture
def mails(settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:1"})


def test_a_confirmed_address_is_one_ballot_and_is_not_kept(mails):
    question = a_question(tiers=["confirmed"])
    links = [
        actions.ask_for_link(question, typed=typed, address="203.0.113.5")
        for typed in ("Ana.Reyes@Mail.example", "ana.reyes+harbour@mail.example")
    ]
    one, other = [actions.confirm_address(question, link=link) for link in links]
    assert one == other
    kept = str(list(Ballot.objects.values())) + str(list(Arrival.objects.values()))
    assert "reyes" not in kept.lower()


def test_nobodys_letter_box_is_flooded_from_changing_networks(mails):
    question = a_question(tiers=["confirmed"])
    sent = 0
    for n in range(50):
        try:
            actions.ask_for_link(question, typed="ana@mail.example", address=f"10.0.{n}.1")
            sent += 1
        except actions.Crowded:
            continue
    assert sent == 3


def test_a_link_of_another_question_or_an_old_one_is_no_ballot(mails):
    question, other = a_question(tiers=["confirmed"]), a_question(tiers=["confirmed"])
    link = actions.ask_for_link(other, typed="a@mail.example", address="203.0.113.5")
    with pytest.raises(Refused, match="another question"):
        actions.confirm_address(question, link=link)
    with pytest.raises(Refused, match="too old"):
        actions.confirm_address(question, link=link[:-2])
    with time_machine.travel(timezone.now() + timedelta(days=3)), pytest.raises(Refused):
        actions.confirm_address(other, link=link)


def test_a_tier_that_was_not_offered_takes_no_ballot():
    question = a_question(tiers=["resident"])
    with pytest.raises(Refused, match="not asked in that way"):
        actions.open_ballot(question, start="s", worked=True, address="203.0.113.1")


def test_networks_are_marks_and_are_gone_after_two_days():
    question = a_question()
    open_ballots(question, ["203.0.113.7"], worked=True, many=2)
    assert "203.0" not in str(list(Arrival.objects.values()))
    keys = set(DayKey.objects.values_list("pk", flat=True))
    with time_machine.travel(timezone.now() + timedelta(hours=47)):
        tasks.forget()
        assert Arrival.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=3, hours=1)):
        tasks.forget()
        assert not Arrival.objects.exists()
        assert not DayKey.objects.filter(pk__in=keys).exists()


def test_residents_send_a_few_statements_an_hour():
    question = a_question()
    ballot, sent = a_ballot(question), 0
    for n in range(12):
        try:
            actions.send_statement(ballot, question, text=f"Light {n}", language="en", address="x")
            sent += 1
        except actions.Crowded:
            continue
    assert sent == 5


@pytest.mark.parametrize(("address", "network"), [
    ("203.0.113.77", "203.0.113.0/24"), ("::ffff:203.0.113.77", "203.0.113.0/24"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("nonsense", ""), ("", ""),
])  # fmt: skip
def test_an_address_is_reduced_to_its_network(address, network):
    assert network_of(address) == network


def test_an_address_is_one_persons_however_it_is_written():
    assert plain_address(" Ana+x@Mail.Example. ") == plain_address("ana@mail.example")


def test_a_code_reads_the_same_with_signs_that_look_alike():
    code = code_of(bytes(range(40, 60)))
    assert plain_code(code.replace("0", "O").replace("1", "l")) == plain_code(code)


# Races


def at_once(act, times):
    """So many threads, each with a connection of its own."""

    def run(_):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_a_thousand_ballots_with_one_token_at_the_same_time_count_once():
    question = a_question()
    statement = question.statements.select_related("question__agency").get(number=1)

    def press():
        ballot = actions.open_ballot(question, start="one page", worked=True, address="203.0.113.7")
        return actions.vote(ballot, statement, 1)

    done = at_once(press, 1000)
    assert sum(done) == 1
    assert Ballot.objects.count() == 1
    assert Vote.objects.count() == 1
    assert Arrival.objects.get(kind="open").count == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_the_cap_of_a_network_holds_when_all_come_at_the_same_time():
    question = a_question()
    numbers = iter(range(1000))

    def arrive():
        try:
            actions.open_ballot(
                question, start=str(next(numbers)), worked=True, address="203.0.113.7"
            )
        except actions.Crowded:
            return False
        return True

    assert sum(at_once(arrive, 200)) == 20
    assert Ballot.objects.count() == 20
