"""What can be wished for of our own site: a chat hour, comments, and those who write there."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from commonground.answer import actions as answer, tasks as answer_tasks
from commonground.answer.models import ChatHour, Conversation, Line, Message, Why
from commonground.channels.models import Channel
from commonground.channels.networks.site import commenting
from commonground.channels.networks.site.models import How, Page
from commonground.say import actions as say, tasks as say_tasks
from tests.journeys import hidden, scene

ABOUT = (
    "When the swing bridge opens, why the harbour road closes, and who decides. What we cannot"
    " speak about: the crash of last week, which is before a court."
)
ASKED = (
    ("Ana", "Why does nobody say when the swing bridge opens?"),
    ("", "When does the swing bridge open on Sundays, and who says so?"),
    ("Nour", "هل الجسر مفتوح ليلا؟"),
    ("K.", "Did the driver from Larch Street cause the crash?"),
    ("", "Somebody is breaking down my door right now with a knife, please send help."),
)


def newsroom() -> Channel:
    return scene.person("dov").agency.channels.get(network="site")


def hear_the_site() -> None:
    """One round of hearing what was written on our own site."""
    answer_tasks.hear(Line.objects.get_or_create(channel=newsroom())[0])


def proposed() -> ChatHour:
    now, dov = timezone.now(), scene.person("dov")
    return answer.propose_hour(
        dov.agency, channel=newsroom(), by=dov, title="Bridges and closed roads", word="bridges",
        about=ABOUT, who="Sergeant Dov Hale, traffic unit", language="en", languages=["en", "fr"],
        asks_from=now, starts_at=now + timedelta(minutes=1), ends_at=now + timedelta(hours=1),
    )  # fmt: skip


def plan_a_chat() -> str:
    """Dov wrote it; nobody has read it."""
    return proposed().get_absolute_url()


def announced() -> ChatHour:
    return answer.convene(proposed(), by=scene.person("ines"))


def announce_a_chat() -> str:
    """It is public, and begins in an hour."""
    hour = announced()
    later = timezone.now() + timedelta(hours=1)
    ChatHour.objects.filter(pk=hour.pk).update(starts_at=later, ends_at=later + timedelta(hours=1))
    return hour.get_absolute_url()


def begun() -> ChatHour:
    hour = announced()
    begins = timezone.now() - timedelta(minutes=10)
    ChatHour.objects.filter(pk=hour.pk).update(asks_from=begins, starts_at=begins)
    hour.refresh_from_db()
    return hour


def write(place: str, text: str, name: str = "", *, shown: bool = False) -> str:
    return commenting.say(
        newsroom().pk, beneath=place, text=text, name=name, language="en", shown=shown,
        come_from="192.0.2.7",
    )  # fmt: skip


def asked(hour: ChatHour) -> list[Conversation]:
    """Five ask, the last for help."""
    for name, text in ASKED:
        write(hour.place, text, name)
    hear_the_site()
    messages = Message.objects.filter(conversation__thread=hour.thread).order_by("pk")
    return [message.conversation for message in messages.select_related("conversation__channel")]


def answered(conversation: Conversation, text: str) -> None:
    dov = scene.person("dov")
    reply = answer.reply(conversation.messages.get(), text=text, language="en", by=dov)
    say.approve(reply.post, read=reply.post.digest, by=scene.person("ines"))
    say_tasks.go_out()
    answer_tasks.settle_answers()


def hold_a_chat() -> str:
    """It is on: one is answered, one joined to it, one not taken, two wait, one for help."""
    hour = begun()
    ana, sunday, _nour, crash, _help = asked(hour)
    answer.join(hour, sunday, into=ana, by=scene.person("dov"))
    answer.leave_out(hour, crash, why=Why.OPEN_CASE, by=scene.person("dov"))
    answered(ana, "Its times stand on the newsroom the evening before, since Monday.")
    return hour.get_absolute_url()


def ask_in_a_chat() -> str:
    """The page of whoever asked, before anybody answered."""
    token = write(begun().place, ASKED[0][1], "Ana")
    return reverse("public:written", args=[token])


def end_a_chat() -> str:
    """Its time is over, and nobody has closed it."""
    at = hold_a_chat()
    over = timezone.now() - timedelta(minutes=1)
    ChatHour.objects.update(ends_at=over)
    return at


def close_a_chat() -> str:
    at = end_a_chat()
    hour, dov = ChatHour.objects.get(), scene.person("dov")
    call = Conversation.objects.get(thread=hour.thread, rank=0)
    answer.raise_emergency(call, told="dispatch, by phone", took="Unit 7", by=dov)
    answer.leave_out(hour, call, why=Why.HELP, by=dov)
    answer.wind_up(hour, by=dov)
    return at


def close_a_silent_chat() -> str:
    hour = begun()
    answer.wind_up(hour, by=scene.person("dov"))
    return hour.get_absolute_url()


def call_a_chat_off() -> str:
    hour = announced()
    answer.call_off(hour, reason="A fire at the harbour needs us.", by=scene.person("dov"))
    return hour.get_absolute_url()


# Comments


def page() -> Page:
    return Page.objects.filter(withdrawn_at=None, channel=newsroom(), answers=None).first()


def opened(how: How) -> Page:
    hidden.write_a_policy()
    policy = scene.person("jonas").agency.comment_policies.get()
    answer.publish(policy, by=scene.person("amara"))
    answer.set_talk(newsroom(), how=how, by=scene.person("jonas"))
    return page()


def open_comments() -> str:
    return opened(How.AT_ONCE).get_absolute_url()


def comment_after_a_look() -> str:
    """Somebody looks first; one waits."""
    here = opened(How.AFTER_A_LOOK)
    write(here.place, "You are useless, and the bridge is still shut.", "Kit")
    hear_the_site()
    return here.get_absolute_url()


def a_comment_that_waits() -> str:
    comment_after_a_look()
    return Conversation.objects.get(channel=newsroom()).get_absolute_url()


def people_comment() -> str:
    """Criticism, an answered question, one that was hidden and one that was deleted."""
    here = opened(How.AT_ONCE)
    write(here.place, "You are useless, and the bridge is still shut.", "Kit", shown=True)
    write(here.place, "Since when is it shut?", shown=True)
    write(here.place, "He lives in 14 Larch Street, go and ask him.", "Rage", shown=True)
    gone = write(here.place, "I should not have said this.", shown=True)
    hear_the_site()
    _kit, since, larch, _gone = [
        m.conversation for m in Message.objects.filter(conversation__channel=newsroom())
    ]  # fmt: skip
    answered(since, "Since noon. The harbour master opens it at six.")
    measure = answer.ask_for_measure(
        larch, larch.messages.get(), kind=hidden.Act.HIDE, rule=2, reason=hidden.WHY,
        why_not_less=hidden.SMALLER, until=None, by=scene.person("dov"),
    )  # fmt: skip
    answer.allow(measure, by=scene.person("amara"))
    answer_tasks.measures.tell_authors()
    answer_tasks.measures.carry_out_measures()
    answer.delete_comment(commenting.Comment.objects.behind(gone).get())
    hear_the_site()
    return here.get_absolute_url()


def a_hidden_comment() -> str:
    """What whoever wrote it reads."""
    here = opened(How.AT_ONCE)
    token = write(here.place, "He lives in 14 Larch Street, go and ask him.", "Rage", shown=True)
    hear_the_site()
    larch = Conversation.objects.get(channel=newsroom())
    measure = answer.ask_for_measure(
        larch, larch.messages.get(), kind=hidden.Act.HIDE, rule=2, reason=hidden.WHY,
        why_not_less=hidden.SMALLER, until=None, by=scene.person("dov"),
    )  # fmt: skip
    answer.allow(measure, by=scene.person("amara"))
    answer_tasks.measures.tell_authors()
    answer_tasks.measures.carry_out_measures()
    return reverse("public:written", args=[token])


def first_page() -> str:
    return page().get_absolute_url()


def settle_the_site() -> None:
    answer_tasks.settle_answers()


def let_the_hour_pass() -> None:
    """It was held: begun, and over a minute ago."""
    now = timezone.now()
    ChatHour.objects.update(
        asks_from=now - timedelta(hours=2), starts_at=now - timedelta(hours=1),
        ends_at=now - timedelta(minutes=1),
    )  # fmt: skip


def answer_another() -> None:
    """While somebody looks on."""
    nour = Conversation.objects.get(messages__pk=Message.objects.filter(
        conversation__channel=newsroom()).order_by("pk")[2].pk)  # fmt: skip
    answered(nour, "Yes, all night.")
