"""Whoever is new practises once, alone and without a trainer, before their first real words."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.agency import actions as agency
from commonground.agency.models import Agency, Member
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.protect import actions as protect
from commonground.protect.models import Hold
from commonground.record.models import Entry
from commonground.say import actions as say, tasks as saying
from commonground.say.models import Post, Variant
from commonground.say.queries.reading import readers_of
from commonground.say.tasks.telling import ask_for_readers
from commonground.train import actions, queries
from commonground.train.http import PRACTISING
from commonground.train.models import Drill, FirstRun
from commonground.train.tests.held import pass_time

pytestmark = pytest.mark.django_db

USEFUL = "Quay Hill is closed, nobody is hurt. Ways round: https://roads.harbour.example"
EMPTY = "Good morning. Thank you all for being here with us today."


@pytest.fixture
def clock():
    with time_machine.travel("2026-05-06T10:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def admin(clock):
    return given.a_member(roles=["admin"])


@pytest.fixture
def new(admin):
    return invited(admin, ["author"])


def invited(admin: Member, roles: list[str], name="Nia Newcomb") -> Member:
    email = f"{name.split()[0].lower()}@riverside.example"
    member = agency.invite(admin.agency, name=name, email=email, roles=roles, by=admin)
    given.a_certificate(member)
    return Member.objects.get(pk=member.pk)


def a_post_of(member: Member, text=USEFUL, channel=None) -> Post:
    channel = channel or given.a_channel(agency=member.agency, authorised=[member])
    post = Post.objects.create(agency=member.agency, author=member, title="Said", text=text)
    Variant.objects.create(post=post, channel=channel, title="Said", text=text)
    return post


def say_in_practice(run: FirstRun, clock, text=USEFUL) -> Post:
    """Written and handed in by the newcomer; read by the desk, and carried, as the clock runs."""
    post = a_post_of(run.twin, text, run.drill.channel)
    say.submit(post, by=run.twin)
    pass_time(run.drill, clock, minutes=1)
    saying.go_out()
    pass_time(run.drill, clock, minutes=1)
    post.refresh_from_db()
    return post


def test_somebody_new_may_write_and_not_hand_in(new):
    post = a_post_of(new)
    with pytest.raises(Refused, match="First your drill"):
        say.submit(post, by=new)
    post.refresh_from_db()
    assert post.state == "draft"


def test_somebody_new_lets_nothing_of_others_out(admin):
    reader = invited(admin, ["approver"])
    post = given.a_post_in_review(by=given.a_member(agency=admin.agency))
    with pytest.raises(Refused, match="First your drill"):
        say.approve(post, read=post.digest, by=reader)


def test_who_was_there_before_and_who_says_nothing_are_not_asked(admin):
    there = given.a_member(agency=admin.agency)
    assert say.submit(a_post_of(there), by=there).state == "in_review"
    auditor = invited(admin, ["auditor"], "Ada Audit")
    assert not auditor.owes_first_drill
    assert agency.set_roles(auditor, roles=["author"], by=admin).owes_first_drill
    drill = given.a_member(agency=given.an_agency(drill=True), roles=["admin"])
    assert not invited(drill, ["author"], "Dee Drill").owes_first_drill


def test_an_administrator_lifts_it_with_a_reason_on_the_record(admin, new, client):
    with pytest.raises(Refused, match="Say why"):
        agency.lift_first_drill(new, reason=" ", by=admin)
    with pytest.raises(NotYours):
        agency.lift_first_drill(new, reason="Flood", by=given.a_member(agency=admin.agency))
    chief = invited(admin, ["admin", "author"], "Cyn Chief")
    with pytest.raises(NotYours):
        agency.lift_first_drill(chief, reason="I know this", by=chief)

    client.force_login(admin)
    page = reverse("agency:lift_first_drill", args=[new.pk])
    assert page in client.get(reverse("agency:member", args=[new.pk])).content.decode()
    assert client.get(page).status_code == 200
    client.post(page, {"reason": "The river rises, and she is the only one here."})
    entry = Entry.objects.get(verb="lift_first_drill")
    assert "The river rises" in str(entry.detail)
    new = Member.objects.get(pk=new.pk)
    assert say.submit(a_post_of(new), by=new).state == "in_review"
    with pytest.raises(MovedOn):
        agency.lift_first_drill(new, reason="Again", by=admin)


def test_it_needs_no_trainer_and_nobody_else(new, clock):
    assert not Member.objects.filter(role_rows__role="trainer").exists()
    run = actions.begin_first_drill(by=new)
    assert run.desk.drill
    assert run.drill.agency == run.desk != new.agency
    assert run.drill.plan.minutes_of_play == 10
    began = timezone.now()
    while not run.drill.is_over:
        pass_time(run.drill, clock, minutes=1)
    assert timezone.now() - began <= timedelta(minutes=10, seconds=10)


def test_the_desk_reads_as_a_second_person_and_the_crowd_answers(new, clock):
    run = actions.begin_first_drill(by=new)
    pass_time(run.drill, clock, minutes=3)
    post = say_in_practice(run, clock)
    assert post.state == "published"
    assert [review.by for review in post.reviews.all()] == [run.reader]
    pass_time(run.drill, clock, minutes=30)
    assert run.drill.happenings.happened().filter(beneath="post-1").exists()


def test_what_helps_nobody_comes_back_once_with_a_reason(new, clock):
    run = actions.begin_first_drill(by=new)
    pass_time(run.drill, clock, minutes=3)
    post = say_in_practice(run, clock, EMPTY)
    assert post.state == "draft"
    assert "Nobody can do anything with this yet" in post.reason
    say.submit(post, by=run.twin)
    pass_time(run.drill, clock, minutes=1)
    post.refresh_from_db()
    assert post.state == "approved"


def test_after_the_debrief_the_desk_opens(new, clock, client):
    client.force_login(new)
    assert "a drill of your own" in client.get("/").content.decode()
    assert "a drill of your own" in client.get(reverse("train:first_panel")).content.decode()
    drill_page = client.post(reverse("train:first_begin")).headers["Location"]
    run = FirstRun.objects.get(member=new)
    page = client.get(drill_page).content.decode()
    assert "DRILL. Nothing here reaches the public." in page
    assert "What there is to do" in page
    assert "Still to come" not in page
    with pytest.raises(Refused, match="not over"):
        actions.finish_first_drill(run)

    pass_time(run.drill, clock, minutes=3)
    post = say_in_practice(run, clock)
    assert client.get(post.get_absolute_url()).status_code == 200
    assert client.post(reverse("train:end", args=[run.drill.pk])).status_code == 302
    assert "I have looked back. Open my desk" in client.get(drill_page).content.decode()
    client.post(reverse("train:first_finish"))

    new = Member.objects.get(pk=new.pk)
    assert not new.owes_first_drill
    assert say.submit(a_post_of(new), by=new).state == "in_review"
    home = client.get("/").content.decode()
    assert "DRILL. Nothing" not in home
    assert "a drill of your own" not in home
    verbs = set(Entry.objects.filter(agency=str(new.agency_id)).values_list("verb", flat=True))
    assert {"begin_first_drill", "finish_first_drill"} <= verbs


def test_it_can_be_looked_back_on_afterwards(new, clock, client):
    run = actions.begin_first_drill(by=new)
    pass_time(run.drill, clock, minutes=3)
    say_in_practice(run, clock)
    actions.end(run.drill, by=run.twin)
    actions.finish_first_drill(FirstRun.objects.get(pk=run.pk))
    client.force_login(new)
    assert "Look back on my drill" in client.get(reverse("train:first")).content.decode()
    page = client.post(reverse("train:first_enter"), follow=True).content.decode()
    assert "Looking back" in page
    assert "Open my desk" not in page


def test_whoever_said_nothing_in_it_takes_it_once_more(new, clock, client):
    run = actions.begin_first_drill(by=new)
    actions.end(run.drill, by=run.twin)
    client.force_login(new)
    client.post(reverse("train:first_enter"))
    page = client.get(run.drill.get_absolute_url()).content.decode()
    assert "Nothing of yours went out" in page
    assert client.post(reverse("train:first_finish")).status_code == 409
    client.post(reverse("train:first_begin"))
    again = FirstRun.objects.get(member=new)
    assert again.desk == run.desk
    assert again.drill != run.drill
    assert Drill.objects.going().count() == 1


def test_beginning_twice_is_one_drill(new, client):
    client.force_login(new)
    for _ in range(2):
        client.post(reverse("train:first_begin"))
    assert Drill.objects.count() == FirstRun.objects.count() == 1
    assert Agency.objects.filter(drill=True).count() == 1
    assert queries.desk_for_drills() is None, "a practice desk is nobody else's"


def test_who_owes_none_begins_none(admin, client):
    client.force_login(given.a_member(agency=admin.agency))
    for name in ("first_begin", "first_enter", "first_finish"):
        assert client.post(reverse(f"train:{name}")).status_code == 403
    assert "No first drill is asked" in client.get(reverse("train:first")).content.decode()


def test_in_practice_one_is_another_and_the_own_desk_stays_out_of_reach(new, client):
    real = a_post_of(new)
    client.force_login(new)
    client.post(reverse("train:first_begin"))
    run = FirstRun.objects.get(member=new)
    assert not run.twin.has_usable_password()
    assert not run.reader.has_usable_password()
    assert client.get(real.get_absolute_url()).status_code == 404
    theirs = a_post_of(run.twin, channel=run.drill.channel)
    assert client.get(theirs.get_absolute_url()).status_code == 200
    # Their sign-in stays that of the person.
    assert new.email not in run.twin.email
    assert client.get(reverse("agency:ways_in")).context["request"].user.pk == new.pk

    client.post(reverse("train:first_leave"))
    assert client.get(real.get_absolute_url()).status_code == 200
    assert client.get(theirs.get_absolute_url()).status_code == 404


def test_a_session_that_only_says_so_leads_nowhere(admin, client):
    somebody = given.a_member(agency=admin.agency)
    client.force_login(somebody)
    session = client.session
    session[PRACTISING] = True
    session.save()
    assert client.get("/").context["request"].user.pk == somebody.pk


def test_no_letter_of_it_leaves(new, clock, mailoutbox, settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://x"})
    run = actions.begin_first_drill(by=new)
    say.submit(a_post_of(run.twin, channel=run.drill.channel), by=run.twin)
    reader = given.an_approver(given.a_post_in_review(by=given.a_member(agency=new.agency)))
    clock.shift(timedelta(hours=1))
    ask_for_readers()
    assert [letter.to for letter in mailoutbox] == [[reader.email]]


def test_a_practice_desk_that_was_stopped_is_followed_by_another(new, clock):
    """Nobody is there who could start it again: else they would owe their drill for ever."""
    run = actions.begin_first_drill(by=new)
    protect.stop(run.desk, reason="To see what it does", by=run.twin)
    actions.end(run.drill, by=run.twin)
    again = actions.begin_first_drill(by=new)
    assert again.desk != run.desk
    assert again.drill.state == "running"


def test_an_approver_who_owes_their_drill_is_not_counted_as_a_reader(admin):
    """Else nobody would be told that nobody can approve."""
    post = given.a_post_in_review(by=given.a_member(agency=admin.agency))
    approver = invited(admin, ["approver"], "Omar Old")
    assert approver not in readers_of(post)
    agency.lift_first_drill(approver, reason="The only one here tonight.", by=admin)
    assert approver in readers_of(post)


def test_a_certificate_of_the_practice_desk_is_taken_nowhere(new, client):
    run = actions.begin_first_drill(by=new)
    client.force_login(new)
    client.post(reverse("train:first_enter"))
    held = run.twin.certificates.get()
    assert client.get(reverse("train:badge", args=[held.pk])).status_code == 404
    assert "Open Badge" not in client.get(reverse("train:train")).content.decode()


def test_a_page_of_the_other_desk_in_another_tab_does_nothing_and_shows_nothing(new):
    """The stop of the real desk, pressed while they are in practice, must not stop the practice;
    nor may a panel of the real one fill with what is played."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(new)
    browser.get(reverse("protect:stop"))
    old = browser.cookies["csrftoken"].value
    press = {"HTTP_X_CSRFTOKEN": old}
    assert browser.post(reverse("train:first_begin"), **press).status_code == 302
    run = FirstRun.objects.get()

    form = {"reason": "A stranger is in our account."}
    assert browser.post(reverse("protect:stop"), form, **press).status_code == 403
    assert not Hold.objects.exists()
    panel = browser.get(reverse("spot:open_panel"), HTTP_X_DESK=str(new.agency_id))
    assert (panel.status_code, panel.headers["HX-Refresh"]) == (204, "true")
    theirs = browser.get(reverse("spot:open_panel"), HTTP_X_DESK=str(run.desk_id))
    assert theirs.status_code == 200


def test_the_first_page_of_the_practice_desk_says_what_is_under_way(new, client):
    client.force_login(new)
    client.post(reverse("train:first_begin"))
    alone = client.get(reverse("train:first_panel"), HTTP_HX_REQUEST="true").content.decode()
    assert "Your drill is under way" in alone
    assert "Your drill is under way" in client.get("/").content.decode()


def test_the_button_on_the_first_page_works_at_once(new):
    """The piece with the form is drawn within the page: one token for both."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(new)
    page = browser.get("/").content.decode()
    form = page[page.index(reverse("train:first_begin")) :]
    token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    typed = {"csrfmiddlewaretoken": token}
    assert browser.post(reverse("train:first_begin"), typed).status_code == 302
    assert FirstRun.objects.get().member == new
