"""What can be wished for of measures against what somebody wrote, and of objections to them."""

from __future__ import annotations

from django.urls import reverse

from commonground.answer import actions as answer
from commonground.answer.models import Conversation, Measure
from commonground.channels.contract.moderating import Act
from tests.journeys import people_write, scene

RULES = [
    "No threats of violence against anybody.",
    "Nobody’s home address, phone number or number plate.",
    "No advertising, and no links to shops.",
]
WHY = "It gives the street and the number of a neighbour’s house while somebody may be inside."
SMALLER = "An answer would leave the address there for everybody who reads the thread."
OBJECTION = "I wrote the address so that you would find the house. Nobody else was helping."


def write_a_policy() -> str:
    """The first version, for a second person to read."""
    jonas = scene.person("jonas")
    answer.propose_policy(
        jonas.agency, by=jonas, language="en", appeal_hours=48, rules_said=RULES,
        about="Ask us, tell us, disagree with us: that is what these accounts are for. We answer in"
        " office hours. Whoever is in danger calls 911.",
    )  # fmt: skip
    return reverse("answer:policies")


def have_a_policy() -> str:
    """It is in force, and somebody wrote what breaks a rule of it."""
    write_a_policy()
    policy = scene.person("jonas").agency.comment_policies.get()
    answer.publish(policy, by=scene.person("amara"))
    channel = people_write.channel()
    answer.note_filter(
        channel, strength="No filter; notifications from everybody", words="", ground="",
        by=scene.person("jonas"),
    )  # fmt: skip
    return people_write.people_write()


def list_words() -> str:
    """Words of our own on a network's list, two of which stand in what people wrote."""
    have_a_policy()
    channel = people_write.channel()
    answer.note_filter(
        channel, strength="Strong", words="jokes, Larch Street, quux", ground="None was given",
        by=scene.person("jonas"),
    )  # fmt: skip
    return reverse("answer:audit", args=[channel.pk])


def asked(kind: Act = Act.HIDE) -> Measure:
    have_a_policy()
    kit = next(c for c in Conversation.objects.all() if "@kit@" in c.shown["handle"])
    return answer.ask_for_measure(
        kit, kit.messages.get(), kind=kind, rule=2, reason=WHY, why_not_less=SMALLER, until=None,
        by=scene.person("dov"),
    )  # fmt: skip


def ask_for_a_measure() -> str:
    return asked().get_absolute_url()


def hidden() -> Measure:
    return answer.allow(asked(), by=scene.person("amara"))


def hide_something() -> str:
    return hidden().get_absolute_url()


def be_hidden() -> str:
    """The page of whoever it was done to."""
    return reverse("public:appeal", args=[hidden().token])


def object_to_a_measure() -> str:
    measure = hidden()
    answer.appeal(measure, text=OBJECTION)
    return measure.get_absolute_url()


def have_objected() -> str:
    measure = hidden()
    answer.appeal(measure, text=OBJECTION)
    return reverse("public:appeal", args=[measure.token])
