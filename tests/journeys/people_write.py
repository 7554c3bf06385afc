"""What can be wished for of people who write to us."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from commonground.agency.models import Agency
from commonground.answer import actions as answer
from commonground.answer.models import Conversation, Line, Promise
from commonground.channels.contract.incoming import Batch, Incoming
from commonground.channels.models import Channel
from tests.journeys import scene

SAID = (
    ("ana", "Ana Bell", "en", "Is the swing bridge open again? My mother has a hospital"
     " appointment at eight and the taxi man says he does not know."),
    ("rmartin", "Rose Martin", "fr", "Merci à l’agente qui a raccompagné mon père hier soir."),
    ("tide_watch", "", "en", "Third time I ask why this page answers jokes and not questions."),
    ("kit", "Kit", "en", "Someone is breaking into my neighbour’s house right now, 14 Larch"
     " Street, two men at the back window. Please send somebody."),
    ("nour", "نور", "ar", "هل الطريق إلى المستشفى مفتوح؟"),
    ("ledger", "The Port Sable Ledger", "en", "Under the Access to Information Act I request the"
     " log of calls about the swing bridge since 2019."),
)  # fmt: skip


def channel() -> Channel:
    return Agency.objects.get(drill=False).channels.get(network="mastodon")


def people_write() -> str:
    """Six people; one may be in danger, one is had by Wren, one is answered. The urgent one."""
    here, now = channel(), timezone.now()
    Promise.objects.get_or_create(agency=here.agency, defaults={"minutes": 120, "days": []})
    line, _ = Line.objects.get_or_create(channel=here)
    said = [
        Incoming(
            id=f"{n}", author=handle, handle=f"@{handle}@sable.example", name=name, text=text,
            url=f"https://sable.example/@{handle}/{n}", language=language,
            at=now - timedelta(minutes=47 - 6 * n),
        )
        for n, (handle, name, language, text) in enumerate(SAID)
    ]  # fmt: skip
    answer.take_in(line, Batch(tuple(said), cursor="6"))
    by_line = {row.shown["handle"].split("@")[1]: row for row in Conversation.objects.all()}
    answer.claim(by_line["tide_watch"], by=scene.person("wren"))
    answer.add_saved_answer(
        here.agency, name="Road closed", language="en", by=scene.person("dov"),
        text="The road is closed. We say here, on this page, when it opens.",
    )  # fmt: skip
    answer.add_note(by_line["kit"], text="Dispatch has a unit near.", by=scene.person("wren"))
    return by_line["kit"].get_absolute_url()


def somebody_answers() -> str:
    """Ana's question, which Dov has and has answered once: the answer waits for a second person."""
    people_write()
    dov = scene.person("dov")
    ana = next(c for c in Conversation.objects.all() if "@ana@" in c.shown["handle"])
    answer.reply(
        ana.messages.get(), by=dov, language="en",
        text="@ana@sable.example It opens at six, and the hospital road is free.",
    )  # fmt: skip
    return ana.get_absolute_url()
