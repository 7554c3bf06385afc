"""What takes two people takes two people: a second account of the first one is no second person."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from commonground.agency import actions as agency
from commonground.agency.models import mailbox_of
from commonground.agency.states import Role
from commonground.answer import actions as answer
from commonground.answer.tests.world import a_conversation, an_asked_measure
from commonground.ask import actions as ask, queries as asking
from commonground.ask.tests.world import a_draft, a_question
from commonground.channels import actions as channels
from commonground.channels.models import Authorisation
from commonground.hear import actions as hear
from commonground.kit.refusals import Refused
from commonground.learn import actions as learn, queries as learning
from commonground.learn.tests.given import a_plan, a_pulse_draft
from commonground.protect import actions as protect
from commonground.record.actions import inquiries, keeping
from commonground.record.tasks import search
from commonground.say import actions as say
from tests import given

pytestmark = pytest.mark.django_db


def in_review(one):
    post = given.a_post_in_review(by=one)
    return lambda by: say.approve(post, read=post.digest, by=by)


def half_read(one):
    """Two have to say yes, and one has."""
    post = given.a_post(agency=one.agency)
    rule = {"name": "Two", "steps": [{"people": 2, "unit": ""}], "place": 1}
    one.agency.review_rules.create(**rule)
    say.submit(post, by=post.author)
    say.approve(post, read=post.digest, by=one)
    return lambda by: say.approve(post, read=post.digest, by=by)


def held(one):
    post = given.a_post_in_review(by=one)
    say.approve(post, read=post.digest, by=given.an_approver(post))
    post.refresh_from_db()
    say.hold(post, reason="Wait.", by=one)
    return lambda by: say.release(post, by=by)


def stopped_by_the_coach(one):
    post = given.a_post(by=one, text="We arrested the killer this morning.")
    return lambda by: say.override(post, reason="It is so.", read=post.digest, by=by)


def published_alone(one):
    post = given.a_post(by=one)
    Authorisation.objects.filter(member=one).update(alone=True)
    say.break_glass(post, reason="A flood.", read=post.digest, by=one)
    pane = post.broken_glass.get()
    return lambda by: say.review_glass(pane, verdict="right", said="It was.", by=by)


def a_written_question(one):
    question = a_draft(by=one)
    return lambda by: ask.open(question, read=asking.digest_of(question), by=by)


def a_desk_statement(one):
    question = a_question(by=given.a_member(agency=one.agency))
    mine = ask.add_statement(question, text="More light.", language="en", by=one)
    return lambda by: ask.accept(mine, by=by)


def a_translation(one):
    question = a_question(by=given.a_member(agency=one.agency))
    mine = ask.translate(question.statements.first(), language="fr", text="Oui.", by=one)
    return lambda by: ask.vouch(mine, by=by)


def a_round_of_the_pulse(one):
    pulse = a_pulse_draft(by=one)
    return lambda by: learn.open_pulse(pulse, read=learning.digest_of_pulse(pulse), by=by)


def a_plan_of_an_experiment(one):
    plan = a_plan(by=one)
    return lambda by: learn.preregister_experiment(plan, read=learning.digest_of_plan(plan), by=by)


def a_topic(one):
    topic = hear.propose_topic(
        one.agency, name="Crashes", purpose="To warn.", watch={"en": ["crash"]},
        expires_on=timezone.now() + timedelta(days=30), by=one,
    )  # fmt: skip
    return lambda by: hear.approve_topic(topic, by=by)


def somebody_wrote(one):
    return a_conversation(channel=given.a_channel(agency=one.agency, network="mastodon"))


def a_measure_asked_for(one):
    measure = an_asked_measure(somebody_wrote(one), by=one)
    return lambda by: answer.allow(measure, by=by)


def an_appeal(one):
    measure = an_asked_measure(somebody_wrote(one), by=given.a_member(agency=one.agency))
    appeal = answer.appeal(answer.allow(measure, by=one), text="No.")
    return lambda by: answer.uphold(appeal, reason="It stands as it was.", by=by)


def a_comment_policy(one):
    policy = answer.propose_policy(
        one.agency, about="Ask us.", rules_said=["No threats."], appeal_hours=24, language="en",
        by=one,
    )  # fmt: skip
    return lambda by: answer.publish(policy, by=by)


def a_chat_hour(one):
    channel, now = given.a_channel(agency=one.agency, network="site"), timezone.now()
    hour = answer.propose_hour(
        one.agency, channel=channel, by=one, title="Bridges", word="bridges", who="Bell",
        language="en", languages=["en"], asks_from=now, starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
    )  # fmt: skip
    return lambda by: answer.convene(hour, by=by)


def a_legal_hold(one):
    hold = keeping.keep(name="Inquiry", reason="A court asks.", by=one)
    return lambda by: keeping.agree_to_keep(hold, by=by)


def a_legal_hold_to_let_go(one):
    hold = keeping.keep(name="Inquiry", reason="A court asks.", by=one)
    keeping.let_go(hold, reason="It is over.", by=one)
    return lambda by: keeping.agree_to_let_go(hold, by=by)


def a_prepared_answer(one):
    given.a_post_in_review(by=one)
    inquiry = inquiries.register(
        asker="Mrs. Miller", contact="14 Bridge Street", law="gb-foia", asked="All of it.",
        received_on=timezone.localdate(), by=one,
    )  # fmt: skip
    inquiries.search(inquiry, scope={"words": ""}, by=one)
    search()
    inquiry.refresh_from_db()
    inquiry = inquiries.prepare(inquiry, by=one)
    return lambda by: inquiries.let_out(inquiry, reason="Read.", by=by)


def a_stopped_desk(one):
    hold = protect.stop(one.agency, reason="Hacked?", by=one)
    protect.agree_to_restart(hold, by=one)
    return lambda by: protect.agree_to_restart(hold, by=by)


def a_voice(one):
    channel = given.a_channel(agency=one.agency)
    return lambda by: channels.authorise(channel, one, decision="The chief said so.", by=by)


def a_voice_of_last_year(one):
    given.a_channel(agency=one.agency, authorised=[one])
    mine = Authorisation.objects.get(member=one)
    return lambda by: channels.reconfirm(mine, by=by)


def more_roles(one):
    return lambda by: agency.set_roles(one, roles={Role.AUTHOR}, by=by)


def a_certificate(one):
    until = timezone.now() + timedelta(days=9)
    return lambda by: agency.award(one, course="Speaking", expires_at=until, by=by)


def a_way_in_asked_for(one):
    lost = given.a_member(agency=one.agency)
    recovery = agency.ask_to_recover(lost, reason="Lost it all.", by=one)
    return lambda by: agency.agree_to_recover(recovery, by=by)


SECONDS = [
    in_review, half_read, held, stopped_by_the_coach, published_alone, a_written_question,
    a_desk_statement, a_translation, a_round_of_the_pulse, a_plan_of_an_experiment, a_topic,
    a_measure_asked_for, an_appeal, a_comment_policy, a_chat_hour,
    a_legal_hold, a_legal_hold_to_let_go, a_prepared_answer, a_stopped_desk, a_voice,
    a_voice_of_last_year, more_roles, a_certificate, a_way_in_asked_for,
]  # fmt: skip


def somebody(**but):
    return given.a_member(roles=[*Role], **but)


@pytest.mark.parametrize("first_part", SECONDS)
@pytest.mark.parametrize("alike", ["linked", "linked the other way", "one mailbox"])
def test_a_second_account_of_the_first_person_is_no_second_person(first_part, alike):
    one = somebody(email="reyes@riverside.example")
    told = {} if alike != "one mailbox" else {"email": "reyes+two@riverside.example"}
    two = somebody(agency=one.agency, same_as=one if alike == "linked" else None, **told)
    if alike == "linked the other way":
        one.same_as = two
        one.save()
    second_part = first_part(one)
    with pytest.raises(Refused):
        second_part(two)
    second_part(somebody(agency=one.agency))


SRC = Path(__file__).parents[2] / "src/commonground"
SAME_KEY = re.compile(r"== (?:str\()?by\.pk\b|\bby\.pk ==|== by\b(?!\.)")
# Where being the same account gives something, and keeps nobody from a second part.
GIVES = {"say/rules/echoes.py", "train/rules.py"}


def test_no_rule_tells_two_people_apart_by_the_keys_of_their_accounts():
    """`kit.persons` does, for every room."""
    found = {
        file.relative_to(SRC).as_posix()
        for room in SRC.iterdir()
        for file in [*room.glob("rules*"), *room.glob("actions*")]
        for file in ([file] if file.is_file() else file.rglob("*.py"))
        if SAME_KEY.search(file.read_text())
    }
    assert found == GIVES


def test_mailboxes_are_told_apart_by_what_stands_before_the_plus():
    assert mailbox_of("Reyes+Two@Riverside.example") == mailbox_of("reyes@riverside.example")
    assert mailbox_of("reyes@riverside.example") != mailbox_of("ruiz@riverside.example")
