"""A drill on the desk: begun by a trainer, answered by a crowd, scored with what shows it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.answer import actions as answering, tasks as hearing
from commonground.answer.models import Conversation, Message
from commonground.channels.networks.rehearsal.models import Remark, Utterance
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.protect import actions as protect
from commonground.protect.models import Alarm
from commonground.protect.tasks import tell_people
from commonground.record.models import Entry
from commonground.train import actions, queries
from commonground.train.actions.debrief import debrief_of
from commonground.train.actions.drills import LONGEST_ROUND
from commonground.train.models import Drill, Happening
from commonground.train.states import State
from commonground.train.tasks import go_on_with_drills
from commonground.train.tests.held import Team, pass_time

pytestmark = pytest.mark.django_db

USEFUL = "Mast Road is closed at Tern Avenue. Ways round: https://roads.harbour.example"
AT = "2026-05-06T10:00:00Z"


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def team(clock):
    return Team()


def hear():
    for line in hearing.lines_due(timezone.now()):
        hearing.hear(line)


def lines_of(drill):
    drill.debrief = drill.debrief or debrief_of(drill)
    return {shown.name: shown for shown in queries.scored(drill)}


def test_three_days_pass_in_twenty_minutes(team, clock):
    drill = team.begin("silence")
    began = timezone.now()
    while drill.state == State.RUNNING:
        clock.shift(timedelta(seconds=4))
        go_on_with_drills()
        drill.refresh_from_db()

    assert drill.plan.minutes == 72 * 60
    assert timezone.now() - began == timedelta(minutes=20)
    assert (drill.state, drill.minute) == (State.OVER, 72 * 60)
    assert Entry.objects.filter(verb="run_out").exists()


def test_what_happens_reaches_the_inbox_at_its_minute(team, clock):
    drill = team.begin()
    pass_time(drill, clock, minutes=20)
    hear()
    assert [m.said["handle"] for m in Message.objects.all()] == ["@mastroad_resident"]

    pass_time(drill, clock, minutes=60)
    hear()
    handles = {m.said["handle"] for m in Message.objects.all()}
    assert handles >= {"@nightshift_bus", "@harbourlight_news"}


def test_the_crowd_answers_what_was_published_and_can_be_answered(team, clock):
    drill = team.begin()
    pass_time(drill, clock, minutes=20)
    post = team.say(USEFUL)
    assert post.state == "published"
    pass_time(drill, clock, minutes=60)
    hear()

    beneath = Conversation.objects.filter(about=post)
    assert beneath.count() == drill.happenings.happened().filter(beneath="post-1").count() > 2

    asked = drill.happenings.happened().filter(what="asks").first()
    message = next(m for m in Message.objects.all() if m.said["id"] == asked.key)
    answer = answering.reply(message, text="By 23 pm, here.", language="en", by=team.author)
    team.let_out(answer.post)
    pass_time(drill, clock, minutes=2)

    said = drill.happenings.get(post=answer.post)
    assert said.beneath == asked.name
    assert lines_of(drill)["questions"].figures["answered"] == 1


def test_each_line_leads_to_what_shows_it(team, clock):
    drill = team.begin()
    pass_time(drill, clock, minutes=20)
    post = team.say(USEFUL)
    pass_time(drill, clock, minutes=30)
    drill = actions.end(drill, by=team.trainer)
    shown = lines_of(drill)

    assert [row.post for row in shown["first_words"].evidence] == [post]
    assert [row.post for row in shown["approvals"].evidence] == [post]
    assert shown["approvals"].share == 1
    assert shown["first_words"].share == 1
    assert all(one.evidence for name, one in shown.items() if name != "unknown")


def test_a_stopped_desk_goes_on_where_it_stood(team, clock):
    drill = team.begin()
    pass_time(drill, clock, minutes=20)
    team.say(USEFUL)
    pass_time(drill, clock, minutes=1)
    before = list(drill.happenings.order_by("name").values_list("name", "minute", "text"))
    clock.shift(timedelta(hours=9))  # nobody was there to go on with it

    then = drill.minute
    actions.go_on(Drill.objects.get(pk=drill.pk), timezone.now())
    drill.refresh_from_db()

    assert drill.minute - then <= LONGEST_ROUND * drill.speed / 60 + 1e-6
    assert [row for row in before if row not in list(
        drill.happenings.order_by("name").values_list("name", "minute", "text")
    )] == []  # fmt: skip


def test_the_same_seed_and_words_give_the_same_crowd_on_the_desk(team, clock):
    crowds = []
    for _ in range(2):
        clock.move_to(AT)
        one = Team()
        drill = one.begin(seed=9)
        pass_time(drill, clock, minutes=20)
        one.say(USEFUL)
        pass_time(drill, clock, minutes=40)
        crowds.append(list(drill.happenings.filter(beneath="post-1").values_list("what", "text")))

    assert crowds[0] == crowds[1] != []


def test_a_round_that_is_asked_for_twice_does_everything_once(team, clock):
    drill = team.begin()
    pass_time(drill, clock, minutes=30)
    said = Remark.objects.count()
    for _ in range(3):
        actions.go_on(drill, timezone.now())

    assert Remark.objects.count() == said == drill.happenings.happened().count()


def test_the_instructor_pauses_goes_on_hurries_injects_and_ends(team, clock):
    drill = team.begin()
    actions.pause(drill, by=team.trainer)
    pass_time(drill, clock, minutes=50)
    assert drill.minute == 0

    drill = actions.resume(drill, by=team.trainer)
    drill = actions.set_speed(drill, 120, by=team.trainer)
    pass_time(drill, clock, minutes=10)
    assert drill.minute == pytest.approx(10)

    actions.inject(drill, "the reporter", by=team.trainer)
    assert drill.happenings.get(name="the reporter").minute == pytest.approx(10)
    with pytest.raises(MovedOn, match="already"):
        actions.inject(drill, "the reporter", by=team.trainer)
    with pytest.raises(Refused, match="this name"):
        actions.inject(drill, "a flood", by=team.trainer)

    actions.end(drill, by=team.trainer)
    clock.shift(timedelta(seconds=3))
    go_on_with_drills()
    drill.refresh_from_db()
    assert (drill.state, drill.minute) == (State.OVER, pytest.approx(10))
    assert {"begin_drill", "pause", "resume", "set_speed", "inject", "end"} <= set(
        Entry.objects.values_list("verb", flat=True)
    )


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf"), 1e9])
def test_a_speed_that_is_none_is_refused(team, speed):
    drill = team.begin()
    with pytest.raises(Refused, match="times as fast"):
        actions.set_speed(drill, speed, by=team.trainer)


def test_only_a_trainer_of_this_desk_leads(team):
    drill = team.begin()
    for somebody in (team.author, given.a_member(roles=["trainer"])):
        for does in (actions.pause, actions.end):
            with pytest.raises(NotYours):
                does(drill, by=somebody)
        with pytest.raises(NotYours):
            actions.inject(drill, "the reporter", by=somebody)
        with pytest.raises(NotYours):
            actions.set_speed(drill, 9, by=somebody)


def test_a_drill_is_never_held_on_the_real_desk(clock):
    trainer = given.a_member(roles=["trainer"])
    with pytest.raises(Refused, match="a desk of its own"):
        actions.begin_drill(queries.plan_named("crash"), {}, by=trainer)


def test_who_is_missing_is_said(team):
    plan = queries.plan_named("crash")
    with pytest.raises(Refused, match="missing in this drill: Approver, Spokesperson"):
        actions.begin_drill(plan, {"author": [team.author]}, by=team.trainer)
    wrong = team.seats | {"approver": [team.author]}
    with pytest.raises(Refused, match="cannot be this"):
        actions.begin_drill(plan, wrong, by=team.trainer)
    both = given.a_member(agency=team.agency, roles=["author", "approver"])
    alone = {"author": [both], "approver": [both], "spokesperson": [both]}
    with pytest.raises(Refused, match="one person"):
        actions.begin_drill(plan, alone, by=team.trainer)
    assert not Drill.objects.exists()


def test_one_drill_at_a_time(team):
    team.begin()
    with pytest.raises(MovedOn, match="under way"):
        team.begin("unrest")


def test_a_takeover_raises_the_alarm_and_no_letter_leaves(team, clock, mailoutbox):
    drill = team.begin("takeover")
    pass_time(drill, clock, minutes=12)
    alarm = Alarm.objects.get(agency=team.agency)
    tell_people()

    assert Utterance.objects.get(key=alarm.network_id).text.startswith("Port Sable Police: the wat")
    assert mailoutbox == []

    protect.disown(alarm, by=team.approver)
    protect.stop(team.agency, reason="Not us", by=team.author)
    pass_time(drill, clock, minutes=1)
    shown = lines_of(drill)
    assert shown["takeover"].share == shown["stopped"].share == 1
    act = shown["stopped"].evidence[-1]
    assert Entry.objects.get(number=act.entry).agency == str(team.agency.pk)


def test_only_those_in_it_and_trainers_see_it(team, clock, client):
    drill = team.begin()
    pages = {"there": 200, "not there": 404}
    for ended in (False, True):
        for member, there in [
            (team.trainer, "there"), (team.author, "there"), (team.other, "not there"),
            (given.a_member(roles=["trainer"]), "not there"),
        ]:  # fmt: skip
            client.force_login(member)
            assert client.get(drill.get_absolute_url()).status_code == pages[there], member
        if not ended:
            actions.end(drill, by=team.trainer)


def test_who_is_in_it_is_not_shown_what_is_still_to_come(team, clock, client):
    drill = team.begin()
    secret = drill.plan.inject("the reporter").says["en"][:40]
    client.force_login(team.trainer)
    assert secret in client.get(drill.get_absolute_url()).content.decode()
    client.force_login(team.author)
    assert secret not in client.get(drill.get_absolute_url()).content.decode()


def test_from_train_to_the_debrief_with_the_buttons(team, clock, client):
    client.force_login(team.trainer)
    assert "The crash whose message nobody carried" in client.get("/train/").content.decode()
    begin = reverse("train:begin_drill", args=["crash"])
    assert client.get(begin).status_code == 200
    assert "Nobody is this yet" in client.post(begin, {"play": 20}).content.decode()

    typed = {"play": 10, **{role: [m.pk for m in seats] for role, seats in team.seats.items()}}
    answer = client.post(begin, typed)
    drill = Drill.objects.get()
    assert answer.headers["Location"] == drill.get_absolute_url()
    assert drill.speed == 36

    for verb, data in [("pause", {}), ("resume", {}), ("set_speed", {"speed": 60}),
                       ("inject", {"name": "sirens"}), ("end", {})]:  # fmt: skip
        assert client.post(reverse(f"train:{verb}", args=[drill.pk]), data).status_code == 302
    page = client.get(drill.get_absolute_url()).content.decode()
    assert "Model answer" in page
    assert "To change" in page
    assert "Nobody is compared with anybody" in page
    assert drill.get_absolute_url() in client.get("/train/").content.decode()


def test_a_trainer_of_the_real_desk_is_told_where_drills_are_held(clock, client):
    client.force_login(given.a_member(roles=["trainer"]))
    assert "commonground train found harbour" in client.get("/train/").content.decode()
    given.an_agency(drill=True, name="Riverside, drill")
    page = client.get("/train/").content.decode()
    assert "Riverside, drill" in page
    assert "Start this drill" not in page
    assert client.get(reverse("train:begin_drill", args=["crash"])).status_code == 409


def test_what_was_said_before_the_drill_is_not_its(team, clock):
    team.say("Good morning.")
    clock.shift(timedelta(minutes=1))
    drill = team.begin()
    pass_time(drill, clock, minutes=5)
    assert not Happening.objects.filter(what="post").exists()


def clock_of(client, drill):
    page = client.get(drill.get_absolute_url(), headers={"HX-Request": "true"})
    return page.content.decode()


def test_an_open_page_follows_its_drill_through_a_pause_and_to_its_end(team, client):
    drill = team.begin("crash")
    client.force_login(team.author)
    assert "hx-get" in clock_of(client, drill)
    actions.pause(drill, by=team.trainer)
    still = clock_of(client, drill)
    assert "stands still" in still
    assert "hx-get" in still, "or it would never hear that the drill goes on"
    drill.refresh_from_db()
    actions.end(drill, by=team.trainer)
    over = clock_of(client, drill)
    assert "The drill is over" in over
    assert drill.get_absolute_url() in over
    assert "hx-get" not in over
    assert "<h1" not in over, "it takes the place of the clock alone"


def test_ending_is_asked_once_more(team, client):
    drill = team.begin("crash")
    client.force_login(team.trainer)
    address = reverse("train:end", args=[drill.pk])
    assert "cannot go on" in client.get(address).content.decode()
    drill.refresh_from_db()
    assert drill.state == State.RUNNING
    client.post(address)
    drill.refresh_from_db()
    assert drill.state == State.OVER


def test_whoever_is_in_it_is_not_told_what_is_still_to_come(team, client):
    drill = team.begin("crash")
    client.force_login(team.author)
    page = client.get(drill.get_absolute_url())
    assert "left" not in page.context
    assert all(one.says["en"] not in page.content.decode() for one in drill.plan.injects)


def test_one_drill_that_cannot_go_on_does_not_stop_the_others(team, clock):
    drill = team.begin("crash")
    other = Team().begin("silence")
    Drill.objects.filter(pk=drill.pk).update(written={"no": "plan"})
    clock.shift(timedelta(seconds=2))
    go_on_with_drills()
    other.refresh_from_db()
    assert other.minute > 0
