"""An hour in which people ask: announced by two, open to anybody, answered by proof, and closed
with a transcript in which nothing asked goes missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.answer import actions
from commonground.answer.models import ChatHour, Conversation, SetAside, Why
from commonground.answer.queries import hours as queries
from commonground.answer.states import HourState, State
from commonground.answer.tasks import measures as measure_tasks
from commonground.answer.tests import talking
from commonground.answer.tests.world import a_policy, an_answerer, an_asked_measure
from commonground.channels.networks.site.models import Comment, Page
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say.models import Post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_time_to_undo")]


@pytest.fixture
def hour(newsroom, ben):
    return talking.an_hour(newsroom, ben)


def in_public(word="bridges"):
    return Client().get(f"/chat/{word}/").content.decode()


def over(hour):
    """Its time has passed."""
    return time_machine.travel(hour.ends_at + timedelta(minutes=1), tick=False)


def test_nobody_sees_an_hour_until_a_second_person_announced_it(newsroom, ben):
    now = timezone.now()
    words = {"title": "Bridges", "word": "bridges", "who": "Bell", "language": "en"}
    hour = actions.propose_hour(
        newsroom.agency, channel=newsroom, by=ben, languages=["en"], asks_from=now,
        starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2), **words,
    )  # fmt: skip
    assert Client().get("/chat/bridges/").status_code == 404
    with pytest.raises(NotYours):
        actions.convene(hour, by=ben)
    actions.convene(hour, by=given.a_member(agency=newsroom.agency, roles=["approver"]))
    page = in_public()
    assert "Opens at" in page
    assert "Ask beforehand" in page
    assert "Bridges" in Client().get("/newsroom/").content.decode()
    assert "convene" in Entry.objects.values_list("verb", flat=True)


@pytest.mark.parametrize(
    "but", [{"starts": -1}, {"ends": 0.5}, {"ends": 12}, {"asks": 1.5}], ids=str
)
def test_an_hour_that_cannot_be_is_refused(newsroom, ben, but):
    now, hours = timezone.now(), {"starts": 1, "ends": 2, "asks": 0, **but}
    with pytest.raises(Refused):
        talking.an_hour(
            newsroom, ben, starts_at=now + timedelta(hours=hours["starts"]),
            ends_at=now + timedelta(hours=hours["ends"]),
            asks_from=now + timedelta(hours=hours["asks"]),
        )  # fmt: skip
    assert not ChatHour.objects.exists()


def test_a_word_is_given_once(newsroom, ben, hour):
    with pytest.raises(Refused):
        talking.an_hour(newsroom, ben)


def test_a_question_goes_from_a_form_to_our_answer_beneath_it(newsroom, ben, hour):
    sent = talking.ask("When does the bridge open?", name="Ana")
    assert sent.status_code == 302
    assert not sent.cookies
    mine = sent.headers["Location"]
    assert "We have it" in Client().get(mine).content.decode()
    assert "When does the bridge open?" not in in_public()

    talking.heard(newsroom)
    conversation = Conversation.objects.get()
    assert conversation.channel == newsroom
    assert queries.hour_of(conversation) == hour
    post = talking.answered(conversation, ben, "At six, says the harbour master.")
    assert post.state == "published"
    conversation.refresh_from_db()
    assert conversation.answered_at
    page = in_public()
    assert "When does the bridge open?" in page
    assert "At six, says the harbour master." in page
    assert "Ana" in page
    assert "At six" in Client().get(mine).content.decode()


def test_an_answer_stands_beneath_its_question_and_not_among_our_posts(newsroom, ben, hour):
    talking.answered(talking.asked(newsroom, "When does it open?"), ben, "At six sharp.")
    page = Page.objects.get()
    reader = Client()
    assert "At six sharp." not in reader.get("/newsroom/").content.decode()
    assert "At six sharp." not in reader.get("/newsroom/rss.xml").content.decode()
    led = reader.get(page.get_absolute_url())
    assert led.status_code == 302
    assert led.headers["Location"] == Comment.objects.get().path


def test_two_of_the_desk_never_answer_the_same_question(newsroom, ben, hour):
    conversation = talking.asked(newsroom, "When?")
    actions.claim(conversation, by=ben)
    other = an_answerer(newsroom, name="Ida")
    with pytest.raises(MovedOn):
        actions.leave_out(hour, conversation, why=Why.NOT_OURS, by=other)
    with pytest.raises(MovedOn):
        actions.reply(conversation.messages.get(), text="At six.", language="en", by=other)
    assert not SetAside.objects.exists()


def test_a_call_for_help_comes_first_and_is_shown_to_nobody_outside(newsroom, ben, hour):
    talking.asked(newsroom, "When does it open?")
    call = talking.asked(
        newsroom, "Help, my neighbour is breaking down my door right now with a knife, please come",
        come_from="192.0.2.8",
    )  # fmt: skip
    first = queries.asked_in(hour)[0]
    assert first.conversation == call
    desk = Client()
    desk.force_login(ben)
    page = desk.get(hour.get_absolute_url()).content.decode()
    assert page.index("my door") < page.index("When does it open?")
    assert "knife" not in in_public()


def test_the_same_question_is_answered_once_and_says_how_many_asked(newsroom, ben, hour):
    first = talking.asked(newsroom, "When does the bridge open?")
    sent = talking.ask("When is the bridge open again?", come_from="192.0.2.9")
    talking.heard(newsroom)
    second = Conversation.objects.exclude(pk=first.pk).get()
    actions.join(hour, second, into=first, by=ben)
    talking.answered(first, ben, "At six.")
    page = in_public()
    assert "1 more asked this" in page
    assert "When is the bridge open again?" not in page
    theirs = Client().get(sent.headers["Location"]).content.decode()
    assert "Others asked the same" in theirs
    assert "At six." in theirs
    second.refresh_from_db()
    assert second.state == State.DONE


def test_what_was_joined_follows_when_its_question_is_joined_too(newsroom, ben, hour):
    one, two, three = (
        talking.asked(newsroom, f"When, number {n}?", come_from=f"192.0.2.{n}") for n in range(3)
    )
    actions.join(hour, two, into=one, by=ben)
    with pytest.raises(Refused):
        actions.join(hour, three, into=two, by=ben)
    actions.join(hour, one, into=three, by=ben)
    assert {a.into_id for a in SetAside.objects.all()} == {three.pk}


def test_a_question_that_is_not_taken_has_a_reason_everybody_can_count(newsroom, ben, hour):
    ours = talking.asked(newsroom, "Why is the library shut?")
    case = talking.asked(newsroom, "Did Tom Larch do it?", come_from="192.0.2.9")
    actions.leave_out(hour, ours, why=Why.NOT_OURS, by=ben)
    actions.leave_out(hour, case, why=Why.OPEN_CASE, by=ben)
    page = in_public()
    assert "It is not for us to answer" in page
    assert "It is about a case that is open" in page
    assert "Why is the library shut?" in page
    assert "Larch" not in page
    actions.take_again(hour, ours, by=ben)
    assert "Why is the library shut?" not in in_public()
    ours.refresh_from_db()
    assert ours.state == State.OPEN


def test_a_question_that_breaks_a_rule_is_hidden_by_two_and_counted_by_the_rule(
    newsroom, ben, hour
):
    a_policy(newsroom.agency)
    sent = talking.ask("Mayor lives in 14 Bridge Street, go there")
    talking.heard(newsroom)
    measure = an_asked_measure(Conversation.objects.get(), by=ben)
    actions.allow(measure, by=given.a_member(agency=newsroom.agency, roles=["approver"]))
    measure_tasks.tell_authors()
    measure_tasks.carry_out_measures()
    measure.refresh_from_db()
    assert measure.stands
    assert measure.told_at
    page = in_public()
    assert "Nobody’s home address or phone number." in page
    assert "14 Bridge Street" not in page
    theirs = Client().get(sent.headers["Location"]).content.decode()
    assert f"/comments/objection/{measure.token}/" in theirs


def test_closed_it_says_what_became_of_every_question_and_the_record_agrees(newsroom, ben, hour):
    talking.answered(talking.asked(newsroom, "When does it open?"), ben)
    talking.asked(newsroom, "And on Sunday?", come_from="192.0.2.9")
    with pytest.raises(Refused):
        actions.wind_up(hour, by=ben)
    with over(hour):
        actions.wind_up(hour, by=ben)
        page = in_public()
    assert "Transcript of" in page
    assert "There was no time left" in page
    assert "And on Sunday?" not in page  # nobody read it, so nobody vouches for it
    told = Entry.objects.get(verb="wind_up").detail
    assert (told["asked"], told["answered"]) == (2, 1)
    assert [row["stands"] for row in told["transcript"]] == ["answered", "left_out"]
    assert told["transcript"][0]["answer"] == Page.objects.get().key
    with over(hour), pytest.raises(MovedOn):
        actions.wind_up(ChatHour.objects.get(), by=ben)


def test_what_nobody_read_stays_open_in_the_inbox(newsroom, ben, hour):
    conversation = talking.asked(newsroom, "I request all records on the bridge under the FOI act.")
    with over(hour):
        actions.wind_up(hour, by=ben)
    conversation.refresh_from_db()
    assert conversation.state == State.OPEN
    assert conversation.set_aside.why == Why.NO_TIME


def test_it_is_not_closed_over_somebody_who_may_need_help(newsroom, ben, hour):
    call = talking.asked(
        newsroom, "Help, my neighbour is breaking down my door right now with a knife, please come"
    )
    with over(hour):
        with pytest.raises(Refused, match="need help"):
            actions.wind_up(hour, by=ben)
        actions.raise_emergency(call, told="dispatch, by phone", took="Unit 7", by=ben)
        actions.leave_out(hour, call, why=Why.HELP, by=ben)
        assert actions.wind_up(hour, by=ben).state == HourState.OVER
        page = in_public()
    assert "It needed help at once, and was handed on" in page
    assert "knife" not in page


def test_it_is_not_closed_while_an_answer_is_on_its_way(newsroom, ben, hour):
    conversation = talking.asked(newsroom, "When?")
    actions.reply(conversation.messages.get(), text="At six.", language="en", by=ben)
    with over(hour), pytest.raises(Refused, match="on their way"):
        actions.wind_up(hour, by=ben)


def test_nobody_asked_is_said_as_it_is(newsroom, ben, hour):
    with over(hour):
        actions.wind_up(hour, by=ben)
        assert "Nobody asked anything" in in_public()


def test_called_off_it_says_why_and_takes_no_questions(newsroom, ben, hour):
    with pytest.raises(Refused):
        actions.call_off(hour, reason=" ", by=ben)
    actions.call_off(hour, reason="A fire at the harbour.", by=ben)
    page = in_public()
    assert "A fire at the harbour." in page
    assert "<textarea" not in page
    assert talking.ask("When?").status_code == 409
    assert not Comment.objects.exists()


def test_a_question_is_taken_until_the_end_and_not_a_second_longer(newsroom, ben, hour):
    with time_machine.travel(hour.ends_at - timedelta(seconds=1), tick=False):
        assert talking.ask("Still?").status_code == 302
    with time_machine.travel(hour.ends_at, tick=False):
        assert talking.ask("Too late?").status_code == 409
    assert Comment.objects.count() == 1


def test_the_feeds_carry_the_hour_and_what_became_of_it(newsroom, ben, hour):
    for at in ("/newsroom/rss.xml", "/newsroom/atom.xml", "/newsroom/feed.json"):
        assert "/chat/bridges/" in Client().get(at).content.decode()
    before = Client().get("/newsroom/rss.xml").headers["Last-Modified"]
    with over(hour):
        actions.wind_up(hour, by=ben)
        feed = Client().get("/newsroom/rss.xml")
        assert "It is over." in feed.content.decode()
        assert feed.headers["Last-Modified"] != before


def test_a_draft_that_announces_it_has_the_time_and_the_address(newsroom, ben, hour):
    desk = Client()
    desk.force_login(ben)
    made = desk.post(f"{hour.get_absolute_url()}tell/")
    assert made.status_code == 302
    post = Post.objects.get()
    assert post.state == "draft"
    assert hour.url in post.text
    assert "Sergeant Bell" in post.text


def test_planned_announced_and_closed_through_the_pages(newsroom, ben):
    desk, other = Client(), Client()
    desk.force_login(ben)
    eve = given.a_member(agency=newsroom.agency, roles=["approver"])
    other.force_login(eve)
    now = timezone.localtime()
    at = lambda hours: f"{now + timedelta(hours=hours):%Y-%m-%dT%H:%M}"  # noqa: E731
    assert desk.get("/answer/chats/new/").status_code == 200
    words = {
        "title": "Bridges", "word": "bridges", "who": "Bell", "languages": ["en", "fr"],
        "language": "en", "starts_at": at(1), "ends_at": at(2), "channel": str(newsroom.pk),
    }  # fmt: skip
    assert desk.post("/answer/chats/new/", {**words, "who": ""}).status_code == 422
    made = desk.post("/answer/chats/new/", words)
    hour = ChatHour.objects.get()
    assert made.headers["Location"] == hour.get_absolute_url()
    assert "Announce it" not in desk.get(hour.get_absolute_url()).content.decode()
    assert "Announce it" in other.get(hour.get_absolute_url()).content.decode()
    assert other.post(f"{hour.get_absolute_url()}convene/").status_code == 302
    assert desk.get("/answer/chats/").status_code == 200
    assert "Bridges" not in desk.get("/answer/first-page/").content.decode()  # in an hour
    with over(hour):
        assert "it is not closed" in desk.get("/answer/first-page/").content.decode()
        assert desk.post(f"{hour.get_absolute_url()}wind_up/").status_code == 302
    hour.refresh_from_db()
    assert hour.state == HourState.OVER


def test_of_who_asked_nothing_is_kept_but_the_words_and_the_name(newsroom, ben, hour):
    talking.ask("When?", come_from="198.51.100.77")
    talking.heard(newsroom)
    held = [str(row) for model in (Comment, Conversation) for row in model.objects.values()]
    held += [str(one.said) for one in Comment.objects.all()]
    held += [str(m.said) for c in Conversation.objects.all() for m in c.messages.all()]
    held += [str(entry.detail) for entry in Entry.objects.all()]
    assert not any("198.51.100" in text for text in held)


def test_what_was_joined_to_a_question_that_is_deleted_waits_again(newsroom, ben, hour):
    first, second = (talking.asked(newsroom, text) for text in ("When?", "And when, please?"))
    actions.join(hour, second, into=first, by=ben)
    actions.delete_comment(Comment.objects.order_by("pk").first())
    second.refresh_from_db()
    assert second.state == State.OPEN
    assert {q.conversation.pk: q.stands for q in queries.asked_in(hour)}[second.pk] == "waiting"


def test_an_hour_is_not_closed_over_what_is_still_coming_in(newsroom, ben, hour):
    talking.ask("Somebody is in the water")
    with over(hour):
        with pytest.raises(Refused, match="still coming in"):
            actions.wind_up(hour, by=ben)
        talking.heard(newsroom)
        conversation = Conversation.objects.get()
        actions.leave_out(hour, conversation, why=Why.HELP, by=ben)
        assert actions.wind_up(hour, by=ben).state == HourState.OVER


def test_the_reason_stays_when_the_words_are_forgotten(newsroom, ben, hour):
    question = talking.asked(newsroom, "Who drove?")
    actions.leave_out(hour, question, why=Why.OPEN_CASE, by=ben)
    with time_machine.travel(timezone.now() + timedelta(days=100), tick=False):
        assert actions.forget_comments(10) == 1
        counts = queries.counts_of(hour)
    assert (counts.gone, counts.left_out) == (0, [(str(Why.OPEN_CASE.label), 1)])


def test_a_newsroom_that_nobody_hears_takes_no_questions(newsroom, hour):
    type(newsroom).objects.filter(pk=newsroom.pk).update(state="closed")
    answer = talking.ask("When?")
    assert answer.status_code == 409
    assert not Comment.objects.exists()


def test_of_hundreds_that_wait_only_the_first_are_compared():
    """Strangers say how many there are."""
    waiting = [
        queries.Asked(Conversation(), Comment(said={"text": f"bridge {n}"}), None, "waiting")
        for n in range(300)
    ]
    shown = queries.with_alike(waiting, waiting)
    compared, left = queries.COMPARED, 300 - queries.COMPARED
    assert [len(like) for _, like in shown] == [queries.LISTED] * compared + [0] * left
