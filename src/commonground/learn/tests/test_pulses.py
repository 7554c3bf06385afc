"""A round of the pulse: who opens it, who answers, what is kept of them, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.learn import actions, queries, tasks
from commonground.learn.models import Kind, Pulse, PulseCode, Reply
from commonground.learn.tests.given import (
    a_census,
    a_counted_pulse,
    a_pulse,
    a_pulse_draft,
    answered,
)
from commonground.record.engine.acts import OPEN
from commonground.record.models import Entry, name_of

pytestmark = pytest.mark.django_db
FOUR, TRAITS = [4, None, 2, 5], [0, -1]


def codes_of(pulse, many=2):
    second = given.a_member(agency=pulse.agency, roles=["approver"])
    return actions.make_pulse_codes(pulse, many=many, by=second)


def send(pulse, code="", scores=FOUR, traits=TRAITS, address="203.0.113.7"):
    actions.answer_pulse(pulse, code=code, scores=scores, traits=traits, address=address)


def test_a_second_trained_person_opens_what_they_read():
    pulse = a_pulse_draft(by=given.a_member(roles=["author", "approver"]))
    read = queries.digest_of_pulse(pulse)
    with pytest.raises(Refused, match="another person"):
        actions.open_pulse(pulse, read=read, by=pulse.asked_by)
    second = given.a_member(agency=pulse.agency, roles=["approver"])
    with pytest.raises(MovedOn):
        actions.open_pulse(pulse, read="0" * 64, by=second)
    untrained = given.a_member(agency=pulse.agency, roles=["approver"], certified=False)
    with pytest.raises(NotYours, match="certificate"):
        actions.open_pulse(pulse, read=read, by=untrained)
    assert actions.open_pulse(pulse, read=read, by=second).running


def test_a_draft_that_is_not_wanted_is_put_away_and_taken_up_again(client):
    pulse = a_pulse_draft(by=given.a_member())
    second = given.a_member(agency=pulse.agency, roles=["approver"])
    (code,) = codes_of(pulse, many=1)
    actions.drop_pulse(pulse, by=pulse.asked_by)
    assert not Pulse.objects.shown().exists()
    with pytest.raises(MovedOn):
        actions.open_pulse(pulse, read=queries.digest_of_pulse(pulse), by=second)
    with pytest.raises(Refused, match="closed"):
        codes_of(pulse)
    with pytest.raises(Refused, match="not open"):
        send(pulse, code)
    actions.take_up_pulse(pulse, by=second)
    actions.open_pulse(pulse, read=queries.digest_of_pulse(pulse), by=second)
    send(pulse, code)
    with pytest.raises(MovedOn):
        actions.drop_pulse(pulse, by=second)
    verbs = Entry.objects.filter(subject=name_of(pulse)).order_by("number")
    assert [e.verb for e in verbs] == ["draft", "make_codes", "drop", "take_up", "open"]


def test_only_who_may_ask_here_puts_a_round_away():
    pulse = a_pulse_draft(by=given.a_member())
    for other in [given.a_member(), given.a_member(agency=pulse.agency, roles=["records"])]:
        with pytest.raises(NotYours):
            actions.drop_pulse(pulse, by=other)
    pulse.refresh_from_db()
    assert pulse.state == "draft"


def test_two_rounds_at_once_would_be_mixed_up():
    pulse = a_pulse()
    other = a_pulse_draft(by=given.a_member(agency=pulse.agency))
    second = given.a_member(agency=pulse.agency, roles=["approver"])
    with pytest.raises(Refused, match="open already"):
        actions.open_pulse(other, read=queries.digest_of_pulse(other), by=second)


def test_a_code_counts_once_and_is_gone():
    pulse = a_pulse()
    one, other = codes_of(pulse)
    send(pulse, one.lower().replace("-", " "))
    with pytest.raises(Refused, match="used already"):
        send(pulse, one)
    send(pulse, other)
    assert (pulse.replies.count(), pulse.codes.count()) == (2, 0)
    pulse.refresh_from_db()
    assert pulse.invited == 2


def test_a_code_of_another_round_opens_nothing():
    pulse, other = a_pulse(), a_pulse()
    (code,) = codes_of(other, 1)
    with pytest.raises(Refused, match="do not know"):
        send(pulse, code)
    assert other.codes.count() == 1


def test_what_a_refused_answer_typed_costs_no_code():
    pulse = a_pulse()
    (code,) = codes_of(pulse, 1)
    for scores, traits in (
        ([None] * 4, TRAITS),
        ([6, 1, 1, 1], TRAITS),
        (FOUR, [5, 0]),
        (FOUR, [0]),
    ):
        with pytest.raises(Refused):
            send(pulse, code, scores, traits)
    assert pulse.codes.count() == 1


def test_of_whoever_answers_nothing_is_kept_but_what_they_chose():
    pulse = a_pulse(kinds=["code", "open"])
    (code,) = codes_of(pulse, 1)
    before = Entry.objects.count()
    send(pulse, code)
    send(pulse, address="203.0.113.7")
    assert {f.name for f in Reply._meta.fields} == {"id", "pulse", "kind", "said"}
    assert [r.said for r in pulse.replies.all()] == [{"scores": FOUR, "traits": TRAITS}] * 2
    assert Entry.objects.count() == before, "an entry has a time"
    with connection.cursor() as cursor:
        for model in apps.get_app_config("commonground_learn").get_models():
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
            held = str(cursor.fetchall())
            assert code not in held
            assert "203.0.113" not in held


def test_without_a_code_only_where_it_is_open_to_anyone_and_not_without_end():
    with pytest.raises(Refused, match="with a code"):
        send(a_pulse())
    pulse = a_pulse(kinds=["code", "open"])
    for _ in range(actions.pulses.OPEN_ANSWERS):
        send(pulse)
    with pytest.raises(actions.Crowded):
        send(pulse, address="203.0.113.99")  # the same network
    send(pulse, address="198.51.100.1")
    assert pulse.replies.filter(kind=Kind.OPEN).count() == actions.pulses.OPEN_ANSWERS + 1


def test_networks_are_forgotten_after_two_days():
    pulse = a_pulse(kinds=["open"])
    send(pulse)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        tasks.people.forget_pulses()
    assert pulse.arrivals.count() == 0


def test_after_its_time_nobody_answers_and_the_clock_counts_it_once():
    pulse = answered(a_pulse())
    (code,) = codes_of(pulse, 1)
    with time_machine.travel(pulse.closes_at + timedelta(seconds=1)):
        with pytest.raises(Refused, match="not open"):
            send(pulse, code)
        tasks.people.end_pulses()
        tasks.people.count_pulses()
        tasks.people.count_pulses()
    pulse.refresh_from_db()
    assert pulse.state == "counted"
    assert pulse.figures["code"]["people"] == 40
    assert Entry.objects.filter(subject=name_of(pulse), verb="count").count() == 1


def test_the_record_holds_the_digest_of_what_was_counted_for_anybody_to_read():
    pulse = a_counted_pulse()
    (entry,) = Entry.objects.filter(subject=name_of(pulse), verb="count")
    assert entry.type == "pulse.count"
    assert entry.facts["detail.sha256"] == pulse.sha256
    assert "detail.sha256" in OPEN["pulse.count"]
    assert queries.seal_of(pulse) == entry.number
    assert actions.pulses.counted(pulse) == pulse.figures, "counted again it is the same"


def test_every_answer_is_thrown_away_after_thirty_days_and_the_figures_stay():
    pulse = a_counted_pulse()
    codes = codes_of(a_pulse(by=given.a_member(agency=pulse.agency)), 1)
    assert codes
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        tasks.people.forget_pulses()
        assert pulse.replies.count() == 40
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tasks.people.forget_pulses()
    pulse.refresh_from_db()
    assert (pulse.replies.count(), pulse.codes.count(), bool(pulse.key)) == (0, 0, False)
    assert pulse.figures["code"]["people"] == 40
    assert PulseCode.objects.count() == 1, "of another round"


def test_a_round_that_nobody_answered_is_counted_too():
    pulse = actions.count_pulse(actions.end_pulse(a_pulse(kinds=["code", "open"])))
    assert pulse.figures == {kind: {"people": 0, "few": True} for kind in ("code", "open")}


def test_open_answers_are_counted_apart():
    pulse = a_counted_pulse(kinds=["code", "open"])
    assert pulse.figures["code"]["people"] == 40
    assert pulse.figures["open"]["people"] == 12
    assert "low" not in pulse.figures["open"]["scores"]["safety"]


def test_newer_census_figures_change_no_round_that_is_asked():
    pulse = a_pulse()
    by = given.a_member(agency=pulse.agency)
    newer = a_census(
        by=by, traits=[{"name": "age", "classes": ["a", "b"], "people": [1, 1], "words": {}}]
    )
    assert queries.census_of(pulse.agency) == newer
    assert Pulse.objects.get(pk=pulse.pk).census != newer


def test_rounds_are_shown_side_by_side():
    by = given.a_member()
    first = a_counted_pulse(by=by)
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        a_counted_pulse(by=by, many=60)
    few = a_counted_pulse(by=by, many=5)
    rounds = queries.counted_rounds(by.agency)
    assert len(rounds) == 3
    assert not queries.is_told(few)
    safety = queries.scores_of(rounds, "en")[0]
    assert len(safety.lines) == len(safety.dots) == 2
    assert safety.lines[0].pulse == first


def test_the_sentences_are_asked_in_every_language_of_the_agency():
    ten = [f"línea {n}" for n in range(10)]
    pulse = a_pulse(languages=["en", "fr", "es"], words={"es": ten})
    assert queries.in_words(pulse, "es").sentences == ten[:4]
    assert queries.in_words(pulse, "es").no_answer == ten[9]
    assert queries.in_words(pulse, "fr").language == "fr"
    assert queries.in_words(pulse, "de").language == "en"
    assert queries.traits_in(pulse.census, "fr")[0] == (
        "âge",
        ["moins de 30 ans", "30 ans et plus"],
    )


def test_a_counted_round_without_a_seal_cannot_be_kept():
    pulse = a_counted_pulse()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pulse.objects.filter(pk=pulse.pk).update(sha256="")


def test_another_agencys_people_change_nothing_here():
    pulse = a_pulse()
    stranger = given.a_member(roles=["approver", "author"])
    for act in (
        lambda: actions.close_pulse(pulse, by=stranger),
        lambda: actions.make_pulse_codes(pulse, many=1, by=stranger),
        lambda: a_pulse_draft(by=stranger, census=pulse.census),
    ):
        with pytest.raises(NotYours):
            act()
