"""What can be wished for after an exchange: what people said of it, and what came of it."""

from __future__ import annotations

from django.urls import reverse

from commonground.answer import actions as answer
from commonground.answer.models import Asked, Conversation, Deed, Helped
from commonground.answer.models.after import link_of, new_token
from tests.journeys import people_write, scene

SAID = "The swing bridge opens and closes, and nobody hears of it before they stand in front of it."
DID = (
    "Since Monday its times stand on the newsroom the evening before, and a post goes out at each"
    " change. What we cannot promise: storms."
)


def propose_a_deed() -> str:
    """Ana asked, Dov says what came of it; a second person has not read it."""
    return proposed().get_absolute_url()


def proposed() -> Deed:
    people_write.people_write()
    ana = next(c for c in Conversation.objects.all() if "@ana@" in c.shown["handle"])
    return answer.propose_deed(
        ana.agency, by=scene.person("dov"), conversations=[ana], title="When the bridge opens",
        said=SAID, did=DID, language="en", question="harbour",
    )  # fmt: skip


def publish_a_deed() -> str:
    """One is public; another was taken back."""
    deed, wrong = proposed(), None
    answer.announce(deed, by=scene.person("ines"))
    wrong = answer.propose_deed(
        deed.agency, by=scene.person("dov"), title="Lights on Quay Lane", said="It is dark there.",
        did="Four lamps stand there.", language="en", question="harbour",
    )  # fmt: skip
    answer.announce(wrong, by=scene.person("ines"))
    answer.retract(wrong, reason="Two of the four were not lit yet.", by=scene.person("dov"))
    return deed.get_absolute_url()


def asked_once(said: str = "") -> str:
    agency, token = people_write.channel().agency, new_token()
    asked = Asked.objects.create(agency=agency, link=link_of(token))
    if said:
        answer.say_how(asked, said=Helped(said))
    return reverse("public:helped", args=[token])


def be_asked() -> str:
    return asked_once()


def have_said_how() -> str:
    return asked_once("partly")


def many_said_how() -> str:
    people_write.people_write()
    for said in ("yes", "yes", "no", "partly", "yes", "", "", ""):
        asked_once(said)
    return "/answer/report/"
