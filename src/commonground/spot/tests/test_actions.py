from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given as supposing, strategies as st
from tests import given

from commonground.hear.engine.heard import Told, upstream_of
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.spot import actions, queries
from commonground.spot.engine.resources import Fit, Help
from commonground.spot.engine.surges import Hot, Surge
from commonground.spot.models import Exemplar, Match, Moment, Resource
from commonground.spot.states import RUMOUR, State
from commonground.spot.tasks import miss_what_ran_out

pytestmark = pytest.mark.django_db


def a_surge(term: str = "explosion", **but) -> Surge:
    now = timezone.now().timestamp()
    surge = Surge(1, Hot(term, 9.0, 12, 0.5, 3600, frozenset()), "Explosion: mill", now, now, now)
    surge.named, surge.terms = ["mill"], {term: 9.0}
    for n in range(4):
        surge.count(Told(upstream_of(str(n)), now + n, f"words {n}", "en", "", f"v{n}"))
    surge.exemplars = [Told(upstream_of("0"), now, "words 0", "en", "", "v0")]
    for name, value in but.items():
        setattr(surge, name, value)
    return surge


def a_moment(agency=None, **but) -> Moment:
    return actions.open_moment(agency or given.an_agency(), a_surge(**but))


def test_surge_becomes_a_moment_with_a_clock_and_an_entry():
    agency = given.an_agency()
    resource = Resource.objects.create(agency=agency, name="Tip line")
    moment = actions.open_moment(agency, a_surge(), [Fit(Help(str(resource.pk), "Tip line"), 0.8)])
    assert (moment.state, moment.closes_at - moment.opened_at) == (State.OPEN, timedelta(hours=72))
    assert [(m.resource, m.score) for m in queries.matches(moment)] == [(resource, 0.8)]
    assert [e.verb for e in Entry.objects.about(moment)] == ["open_moment"]
    assert queries.open_moments(agency) == [moment]
    assert queries.open_moments(given.an_agency()) == []


def test_same_surge_opened_twice_is_one_moment():
    agency, surge = given.an_agency(), a_surge()
    assert actions.open_moment(agency, surge) == actions.open_moment(agency, surge)
    assert Entry.objects.filter(verb="open_moment").count() == 1


def test_note_brings_volume_and_curve_up_to_date_and_leaves_the_clock():
    surge = a_surge()
    moment = actions.open_moment(given.an_agency(), surge)
    later = surge.opened_at + 3600
    for n in range(10):
        surge.count(Told(f"n{n}", later, "more", "fr", "", f"n{n}"))
    actions.note(moment, surge)
    before = moment.closes_at
    moment.refresh_from_db()
    assert (moment.volume, moment.authors, moment.languages) == (14, 14, {"en": 4, "fr": 10})
    assert moment.closes_at == before
    curve = queries.curve(moment)
    assert [p.count for p in curve] == [0, 0, 4, 0, 0, 0, 10]


def test_person_closes_a_moment_once_and_the_second_is_told():
    moment = a_moment()
    author = given.a_member(agency=moment.agency)
    stale = Moment.objects.get(pk=moment.pk)
    with pytest.raises(Refused):
        actions.act(moment, did=" ", by=author)
    actions.act(moment, did="Posted where to turn", in_time="yes", by=author)
    assert moment.state == State.ACTED
    assert Entry.objects.about(moment)[0].detail["did"] == "Posted where to turn"
    with pytest.raises(MovedOn):
        actions.dismiss(stale, reason="not ours", by=author)


def test_dismissal_needs_a_reason():
    moment = a_moment()
    author = given.a_member(agency=moment.agency)
    with pytest.raises(Refused):
        actions.dismiss(moment, reason="  ", by=author)
    actions.dismiss(moment, reason="A film being shot", by=author)
    assert (moment.state, moment.reason) == (State.PASSED, "A film being shot")
    assert Entry.objects.about(moment)[0].detail["reason"] == "A film being shot"


def test_merged_moment_says_into_which():
    agency = given.an_agency()
    one, other = a_moment(agency), a_moment(agency, opened_at=timezone.now().timestamp() + 60)
    author = given.a_member(agency=agency)
    actions.merge(other, into=one, by=author)
    assert (other.state, other.merged_into) == (State.MERGED, one)
    one.refresh_from_db()
    assert one.volume == 8
    with pytest.raises(Refused):
        actions.merge(one, into=one, by=author)


def test_reopened_moment_keeps_its_clock():
    moment = a_moment()
    author = given.a_member(agency=moment.agency)
    actions.dismiss(moment, reason="nothing", by=author)
    actions.reopen(moment, by=author)
    assert (moment.state, moment.reason, moment.closed_at) == (State.OPEN, "", None)


def test_missed_moment_that_is_reopened_is_given_another_day():
    moment = a_moment()
    author = given.a_member(agency=moment.agency)
    with time_machine.travel(timezone.now() + timedelta(hours=80), tick=False):
        miss_what_ran_out()
        moment.refresh_from_db()
        actions.reopen(moment, by=author)
        miss_what_ran_out()
        moment.refresh_from_db()
        assert moment.state == State.OPEN
        assert queries.time_left(moment) == timedelta(hours=24)


@pytest.mark.parametrize(
    "verb", ["act", "join", "reopen", "dismiss", "merge", "call_grave", "log_rumour"]
)
def test_nobody_else_decides(verb):
    moment = a_moment()
    extra = {
        "dismiss": {"reason": "because"}, "merge": {"into": moment}, "act": {"did": "that"},
        "join": {"did": "that"}, "call_grave": {"grave": True}, "log_rumour": {"claim": "that"},
    }.get(verb, {})  # fmt: skip
    for stranger in (given.a_member(), given.a_member(roles=["auditor"], agency=moment.agency)):
        with pytest.raises(NotYours):
            getattr(actions, verb)(moment, by=stranger, **extra)


def test_clock_that_runs_out_is_a_missed_moment():
    moment = a_moment()
    miss_what_ran_out()
    assert Moment.objects.get().state == State.OPEN
    with time_machine.travel(timezone.now() + timedelta(hours=72, minutes=1)):
        miss_what_ran_out()
    moment.refresh_from_db()
    assert moment.state == State.MISSED
    assert Entry.objects.about(moment)[0].who == "The desk"
    assert queries.counts(moment.agency)["missed"] == 1


def test_clock_that_runs_out_after_a_word_of_ours_is_no_missed_moment():
    moment = a_moment()
    actions.spoken(moment, at=timezone.now() + timedelta(hours=2))
    actions.spoken(moment, at=timezone.now() + timedelta(hours=9))
    with time_machine.travel(timezone.now() + timedelta(hours=72, minutes=1)):
        miss_what_ran_out()
        moment.refresh_from_db()
        assert moment.state == State.ACTED
        report = queries.report(moment.agency, days=90)
    assert (report.ended, report.silent) == (1, [])
    assert report.first_word_after == pytest.approx(timedelta(hours=2), abs=timedelta(minutes=15))


def test_report_names_what_ended_in_silence_however_it_ended():
    agency = given.an_agency()
    author = given.a_member(agency=agency)
    now = timezone.now()
    missed, passed, answered, merged, old = (
        given.a_moment(agency=agency, label=label) for label in "abcde"
    )
    actions.miss(missed)
    actions.dismiss(passed, reason="not ours", by=author)
    actions.spoken(answered, at=now)
    actions.act(answered, did="said it", in_time="partly", by=author)
    actions.merge(merged, into=answered, by=author)
    actions.miss(old)
    Moment.objects.filter(pk=old.pk).update(closed_at=now - timedelta(days=91))
    report = queries.report(agency, days=90)
    assert (report.ended, report.answered, report.in_time) == (3, 1, {"partly": 1})
    assert {m.label for m in report.silent} == {"a", "b"}
    assert queries.silent_count(agency, days=90) == 2


def test_rumour_is_checked_before_the_public_is_told_and_can_be_checked_again():
    moment = a_moment()
    one, other = (given.a_member(agency=moment.agency) for _ in range(2))
    rumour = actions.log_rumour(moment, claim="The dam has burst", by=one)
    with pytest.raises(Refused):
        actions.answer_rumour(rumour, answer="newsroom", by=one)
    with pytest.raises(MovedOn):
        actions.find_false(rumour, known="The dam is whole", by=one)
    actions.check(rumour, by=one)
    assert rumour.checked_by == one
    with pytest.raises(Refused):
        actions.find_false(rumour, known="", by=one)
    actions.find_false(rumour, known="The dam is whole; the engineer is there", by=other)
    actions.answer_rumour(rumour, answer="newsroom, 14:02", by=other)
    actions.check(rumour, by=one)
    assert rumour.state == "checking"
    verbs = [e.verb for e in Entry.objects.about(rumour)]
    assert verbs == ["check", "answer_rumour", "find_false", "check", "log_rumour"]


def test_rumour_never_names_who_tells_it():
    moment = a_moment()
    with pytest.raises(Refused, match="never who"):
        actions.log_rumour(
            moment, claim="@someone says so", by=given.a_member(agency=moment.agency)
        )


@supposing(st.lists(st.sampled_from(sorted(RUMOUR.transitions)), max_size=12))
def test_however_shuffled_no_rumour_is_settled_without_a_check(steps):
    state, before = RUMOUR.first, None
    for step in steps:
        after = RUMOUR.after(step, state)
        if after in ("true", "false", "unknown"):
            assert state == "checking"
        state, before = after or state, state
    assert before is None or state in RUMOUR.states


def test_overloaded_line_has_others_of_its_kind_offered_beside_it():
    agency = given.an_agency()
    line = {"kind": "helpline", "languages": ["en", "fr"], "agency": agency}
    national = given.a_resource(name="National line", **line)
    local = given.a_resource(name="Town line", area="Riverside", **line)
    given.a_resource(name="Far line", **line)
    given.a_resource(name="Spanish line", **{**line, "languages": ["es"]})
    given.a_resource(name="Shelter", **{**line, "kind": "shelter"})
    busy = given.a_resource(name="Busy line", **line)
    moment = given.a_moment(agency=agency)
    Match.objects.create(moment=moment, resource=national, score=0.9)
    author = given.a_member(agency=agency)

    def offered() -> list[str]:
        fresh = queries.our_moment(agency, moment.pk)
        return [r.name for fit in queries.fitting(fresh) for r in fit.instead]

    assert offered() == []
    for resource in (national, busy):
        actions.overload_resource(resource, hours=12, by=author)
    assert offered() == [local.name, "Far line"]
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        assert offered() == []


def test_exemplar_deleted_upstream_is_deleted_here():
    moment = a_moment()
    assert actions.forget_exemplars(given.an_agency(), [upstream_of("0")]) == 0
    assert actions.forget_exemplars(moment.agency, [upstream_of("0")]) == 1
    assert not Exemplar.objects.exists()


def test_library_is_changed_by_its_own_people_and_on_the_record():
    author = given.a_member()
    resource = actions.add_resource(author.agency, by=author, name="Tip line", about="Call")
    actions.change_resource(resource, by=author, phone="555 0100")
    actions.check_resource(resource, by=author)
    with pytest.raises(NotYours):
        actions.retire_resource(resource, by=given.a_member())
    assert list(queries.resources(author.agency)) == [resource]
    actions.retire_resource(resource, by=author)
    assert list(queries.resources(author.agency)) == []
    verbs = [e.verb for e in Entry.objects.about(resource)]
    assert verbs == ["retire_resource", "check_resource", "change_resource", "add_resource"]
