"""People who write on our own site, and those who answer there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.agency.models import Member
from commonground.answer import actions, tasks
from commonground.answer.models import ChatHour, Conversation, Line
from commonground.answer.tests.world import a_policy, an_answerer
from commonground.channels.models import Channel
from commonground.channels.networks.site.models import How, Page
from commonground.say import actions as say
from commonground.say.models import Post
from commonground.say.tasks import go_out


def a_newsroom() -> Channel:
    channel = given.a_channel(network="site", name="Newsroom")
    channel.agency.languages = ["en", "fr"]
    channel.agency.save()
    return channel


def an_hour(channel: Channel, by: Member, **but: Any) -> ChatHour:
    """Announced; it begins in an hour, and questions are taken now."""
    now = timezone.now()
    said = {
        "title": "Bridges and closures", "word": "bridges", "about": "When and why they close.",
        "who": "Sergeant Bell", "language": "en", "languages": ["en"], "asks_from": now,
        "starts_at": now + timedelta(hours=1), "ends_at": now + timedelta(hours=2), **but,
    }  # fmt: skip
    hour = actions.propose_hour(channel.agency, channel=channel, by=by, **said)
    return actions.convene(hour, by=given.a_member(agency=channel.agency, roles=["approver"]))


def ask(text: str, at: str = "/chat/bridges/", **but: Any) -> Any:
    """As a browser without script sends the form; the answer is a way to a page of one's own."""
    visitor, from_where = Client(), but.pop("come_from", "192.0.2.7")
    return visitor.post(at, {"text": text, "name": "", "language": "en", **but},
                        REMOTE_ADDR=from_where)  # fmt: skip


def heard(channel: Channel) -> None:
    tasks.hear(Line.objects.get_or_create(channel=channel)[0])


def asked(channel: Channel, text: str, **but: Any) -> Conversation:
    """A question, or a comment, as it stands in the inbox."""
    sent = ask(text, **but)
    assert sent.status_code == 302, sent.content.decode()
    heard(channel)
    return Conversation.objects.order_by("-messages__pk").first()  # type: ignore[return-value]


def answered(conversation: Conversation, by: Member, text: str = "At six.") -> Post:
    """Read by a second person, carried by the worker, read back from the site."""
    answer = actions.reply(conversation.messages.get(), text=text, language="en", by=by)
    post = answer.post
    say.approve(post, read=post.digest, by=given.an_approver(post))
    out(post)
    return post


def out(post: Post) -> None:
    for seconds in (0, 10, 20, 40):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
            go_out()
    tasks.settle_answers()
    post.refresh_from_db()


def a_page(channel: Channel, text: str = "The bridge is closed until six.") -> Page:
    """Something we said, standing in the newsroom."""
    author = an_answerer(channel)
    post = given.an_approved_post(channels=[channel], by=author, text=text)
    out(post)
    return Page.objects.get(text=text)


def open_comments(channel: Channel, how: How = How.AT_ONCE) -> None:
    if not channel.agency.comment_policies.exists():
        a_policy(channel.agency)
    admin = given.a_member(agency=channel.agency, roles=["admin"])
    actions.set_talk(channel, how=how, by=admin)
