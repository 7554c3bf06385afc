"""From the first lesson to the certificate, and what stands in the way of a short cut."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.train import actions
from commonground.train.engine.course import laid_out
from commonground.train.models import Reading, Sitting
from commonground.train.queries import course_named, lessons_read, to_certify

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return course_named("speaking", "en")


@pytest.fixture
def learner():
    return given.a_member(certified=False)


@pytest.fixture
def trainer(learner):
    return given.a_member(agency=learner.agency, roles=["trainer"])


def read_all(course, member):
    for lesson in course.rules.lessons:
        actions.read(course, lesson, by=member)


def all_right(course):
    return {name: question.right for name, question in course.questions.items()}


def wrong(course, *names):
    answers = all_right(course)
    for name in names:
        answers[name] = (answers[name] + 1) % len(course.questions[name].choices)
    return answers


def a_passed_sitting(course, member):
    read_all(course, member)
    sitting = actions.begin(course, by=member)
    return actions.hand_in(sitting, course, all_right(course), by=member)


def test_who_read_everything_and_answered_well_is_certified_by_a_trainer(course, learner, trainer):
    sitting = a_passed_sitting(course, learner)
    assert list(to_certify(learner.agency)) == [sitting]
    assert not learner.certified()

    held = actions.certify(sitting, course, by=trainer)

    assert learner.certified()
    assert held.expires_at - timezone.now() > timedelta(days=364)
    assert list(to_certify(learner.agency)) == []
    assert {"pass_course", "award"} <= set(Entry.objects.values_list("verb", flat=True))


def test_nothing_is_asked_before_every_lesson_was_read(course, learner):
    for lesson in course.rules.lessons[:-1]:
        actions.read(course, lesson, by=learner)
    with pytest.raises(Refused, match="Still unread: 1"):
        actions.begin(course, by=learner)


def test_lessons_of_missed_questions_are_read_again(course, learner):
    read_all(course, learner)
    missed = [name for name, q in course.questions.items() if q.must][:1]
    sitting = actions.begin(course, by=learner)
    sitting = actions.hand_in(sitting, course, wrong(course, *missed), by=learner)

    assert sitting.passed is False
    unread = set(course.rules.lessons) - lessons_read(learner, course)
    assert unread == {course.lesson_of(missed[0]).name}
    assert list(to_certify(learner.agency)) == []
    with pytest.raises(Refused, match="Read every lesson first"):
        actions.begin(course, by=learner)


def test_what_was_begun_is_gone_on_with(course, learner):
    read_all(course, learner)
    assert actions.begin(course, by=learner) == actions.begin(course, by=learner)


def test_a_course_that_was_changed_is_begun_again(course, learner):
    read_all(course, learner)
    old = actions.begin(course, by=learner)
    Sitting.objects.filter(pk=old.pk).update(version="0" * 64)
    old.refresh_from_db()
    with pytest.raises(MovedOn, match="changed meanwhile"):
        actions.hand_in(old, course, all_right(course), by=learner)
    assert actions.begin(course, by=learner) != old


def test_it_is_handed_in_once_and_by_oneself(course, learner, trainer):
    read_all(course, learner)
    sitting = actions.begin(course, by=learner)
    with pytest.raises(NotYours):
        actions.hand_in(sitting, course, all_right(course), by=trainer)
    handed = actions.hand_in(sitting, course, wrong(course, *course.questions), by=learner)
    stale = Sitting.objects.get(pk=sitting.pk)
    stale.done_at = None  # as a page that was loaded before still sees it
    for again in (handed, stale):
        with pytest.raises(MovedOn, match="already"):
            actions.hand_in(again, course, all_right(course), by=learner)
    assert Sitting.objects.get(pk=sitting.pk).passed is False


def test_nobody_certifies_themselves_nor_whoever_did_not_pass_nor_twice(course, learner, trainer):
    own = a_passed_sitting(course, trainer)
    with pytest.raises(NotYours, match="nobody certifies themselves"):
        actions.certify(own, course, by=trainer)

    read_all(course, learner)
    failed = actions.begin(course, by=learner)
    actions.hand_in(failed, course, wrong(course, *course.questions), by=learner)
    with pytest.raises(Refused, match="Only who passed"):
        actions.certify(failed, course, by=trainer)

    passed = a_passed_sitting(course, learner)
    with pytest.raises(NotYours, match="Only a trainer"):
        actions.certify(passed, course, by=learner)
    actions.certify(passed, course, by=trainer)
    with pytest.raises(MovedOn, match="already"):
        actions.certify(passed, course, by=trainer)
    assert learner.certificates.count() == 1


def test_what_was_passed_long_ago_is_answered_again(course, learner, trainer):
    sitting = a_passed_sitting(course, learner)
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        assert list(to_certify(learner.agency)) == []
        with pytest.raises(Refused, match="too long ago"):
            actions.certify(sitting, course, by=trainer)


class TestPages:
    def test_a_member_reads_answers_and_sees_what_came_of_it(self, client, course, learner):
        client.force_login(learner)
        page = client.get("/train/").content.decode()
        assert "10 lessons to read" in page
        at = f"/train/courses/{course.name}/lessons/{course.rules.lessons[0]}/"
        for _lesson in course.rules.lessons:
            answer = client.post(at)
            at = answer["Location"]
        assert at == f"/train/courses/{course.name}/"
        sitting = client.post(f"/train/courses/{course.name}/begin/")["Location"]

        half = client.post(sitting, {"direct_reporters": "0"}).content.decode()
        assert "Some questions have no answer yet" in half

        laid = laid_out(course, Sitting.objects.get().seed)
        right = {q.name: str(order.index(q.right)) for q, order in laid}
        assert client.post(sitting, right)["Location"] == sitting
        assert "Passed" in client.get(sitting).content.decode()
        assert Reading.objects.filter(member=learner).count() == 10

    def test_questions_do_not_say_which_choice_is_right(self, client, course, learner):
        read_all(course, learner)
        sitting = actions.begin(course, by=learner)
        client.force_login(learner)
        page = client.get(sitting.get_absolute_url()).content.decode()
        for question in course.questions.values():
            assert not any(choice.because in page for choice in question.choices)

    def test_another_members_answers_are_for_trainers_of_the_agency_alone(
        self, client, course, learner, trainer
    ):
        sitting = a_passed_sitting(course, learner)
        colleague = given.a_member(agency=learner.agency)
        elsewhere = given.a_member(roles=["trainer"])
        for member, status in ((learner, 200), (trainer, 200), (colleague, 404), (elsewhere, 404)):
            client.force_login(member)
            assert client.get(sitting.get_absolute_url()).status_code == status
        client.force_login(colleague)
        assert client.post(f"{sitting.get_absolute_url()}certify/").status_code == 404

    def test_a_trainer_certifies_from_the_list(self, client, course, learner, trainer):
        sitting = a_passed_sitting(course, learner)
        client.force_login(trainer)
        assert f"Certify {learner.name}" in client.get("/train/").content.decode()
        page = client.post(f"{sitting.get_absolute_url()}certify/", follow=True).content.decode()
        assert "may speak for the service until" in page
        assert learner.certified()

    @pytest.mark.parametrize("at", ["courses/flying/", "courses/speaking/lessons/flying/"])
    def test_what_there_is_not_is_not_found(self, client, learner, at):
        client.force_login(learner)
        assert client.get(f"/train/{at}").status_code == 404
