"""What can be wished for of a second agency here, and of a joint desk with it."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import Agency, Certificate, Member, MemberRole
from commonground.channels.models import Authorisation, Channel
from commonground.say.actions import submit
from commonground.say.models import Post, Variant
from commonground.spot import actions as spot
from commonground.spot.actions import joint
from commonground.spot.models import Moment, Partner, Shown
from commonground.spot.queries.joint import JointDesk, desk_of
from tests.journeys import scene

FIRE = "bell@fire.harbour.example"
WHY = "Your crews were first at Mast Road. Reporters ask both of us how many are hurt."


def a_fire_service() -> str:
    """It is there, with one person who writes and lets out."""
    bell()
    return moment().get_absolute_url()


def bell() -> Member:
    if there := Member.objects.filter(email=FIRE).first():
        return there
    agency = Agency.objects.create(
        name="Port Sable Fire Service", slug="fire", languages=["en", "fr"],
        time_zone="America/Halifax", days_for_factors=1000,
    )  # fmt: skip
    new = Member.objects.create_user(FIRE, scene.PASSWORD, agency=agency, name="Ada Bell")
    MemberRole.objects.bulk_create([MemberRole(member=new, role=r) for r in ("author", "approver")])
    now = timezone.now()
    Certificate.objects.create(
        member=new, course="Speaking for the service", awarded_at=now - timedelta(days=30),
        expires_at=now + timedelta(days=300),
    )  # fmt: skip
    channel = Channel.objects.create(
        agency=agency, network="rehearsal", name="Rehearsal", state="ready"
    )
    Authorisation.objects.create(channel=channel, member=new, decided_by=new)
    return new


def moment() -> Moment:
    return scene.moment_about("crash")


def desk_at(agency: Agency) -> JointDesk:
    found = desk_of(agency, moment().pk)
    assert found
    return found


def share_with_nobody() -> str:
    bell()
    return reverse("spot:joint", args=[moment().pk])


def ask_to_share() -> str:
    """We asked, and they have not answered."""
    spot.ask_agency(
        moment(), bell().agency, shows=Shown.IN_REVIEW, note=WHY, by=scene.person("ines")
    )
    return reverse("spot:joint", args=[moment().pk])


def be_asked_to_share() -> str:
    """They ask us, about a fire of theirs."""
    by = bell()
    now = timezone.now()
    theirs = Moment.objects.create(
        agency=by.agency, label="Smoke over the mill", why="mill", terms=["smoke", "mill"],
        count=60, usual=2.0, surprise=18.0, scale_minutes=60, authors=51, languages={"en": 60},
        first_post_at=now - timedelta(minutes=40), opened_at=now - timedelta(minutes=30),
        last_post_at=now, closes_at=now + timedelta(hours=71), volume=140,
    )  # fmt: skip
    asked = spot.ask_agency(
        theirs, scene.person("ines").agency, shows=Shown.APPROVED, by=by,
        note="Streets round the mill are yours to close.",
    )  # fmt: skip
    return reverse("spot:accept", args=[asked.pk])


def share_the_crash() -> str:
    """Both sit at the desk, and have said something there."""
    ask_to_share()
    fire = bell()
    asked = Partner.objects.get(agency=fire.agency)
    spot.accept(asked, own=None, shows=Shown.IN_REVIEW, by=fire)
    ines, now = scene.person("ines"), timezone.now()
    for by, text, ago in (
        (fire, "Two cars cut open, 5 people hurt, all on the way to the hospital", 31),
        (ines, "Mast Road closed between Tern Avenue and the bridge until morning", 22),
        (fire, "Fuel on the road, no danger to houses", 9),
    ):
        known_at = now - timedelta(minutes=ago)
        joint.add_fact(desk_at(by.agency), text=text, known_at=known_at, by=by)
    spot_on = ((fire, "People hurt", "Chief Ada Bell"), (ines, "Roads, the cause", "Ines Calloway"))
    for by, subject, who in spot_on:
        joint.speak_on(desk_at(by.agency), subject=subject, who=who, by=by)
    own = desk_at(fire.agency).own.moment
    words = "We are at Mast Road. 5 people are hurt. Please stay away."
    say(fire, own, "Crews at Mast Road", words)
    return reverse("spot:joint", args=[moment().pk])


def say(by: Member, about: Moment, title: str, text: str) -> Post:
    post = Post.objects.create(agency=by.agency, author=by, moment=about, title=title, text=text)
    channel = by.agency.channels.filter(network__in=["rehearsal", "site"]).first()
    assert channel
    Variant.objects.create(post=post, channel=channel, title=title, text=text)
    return submit(post, by=by)


def give_two_numbers() -> str:
    """We are about to say another number than they do."""
    share_the_crash()
    say_three()
    return reverse("spot:joint", args=[moment().pk])


def approve_a_number() -> str:
    give_two_numbers()
    return Post.objects.get(title="Crash at Mast Road").get_absolute_url()


def what_they_see() -> str:
    share_the_crash()
    return reverse("spot:choose_shown", args=[Partner.objects.get(state="standing").pk])


def figures_that_differ() -> str:
    give_two_numbers()
    return reverse("learn:figures", args=[moment().pk])


def each_says() -> str:
    share_the_crash()
    return reverse("say:joint_panel", args=[moment().pk])


def say_three() -> None:
    words = "Three people were hurt at Mast Road tonight. Avoid the road until morning."
    say(scene.person("dov"), moment(), "Crash at Mast Road", words)
