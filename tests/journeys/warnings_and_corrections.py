"""What can be wished for of public alerts and corrections."""

from __future__ import annotations

from commonground.say import actions as say
from commonground.say.models import Post, PublicAlert
from tests.journeys import scene


def draft_a_warning() -> str:
    """A draft of Dov's that is also a public alert. Where it stands."""
    scene.draft_the_crash()
    PublicAlert.objects.create(
        post=scene.the_newest(), event="Road closed by a crash",
        area="Mast Road between Tern Avenue and Cooper Street", circle="47.6101,-52.7314 1.5",
        response="Avoid", hours=4, category="Transport", severity="Moderate",
        instruction="Go round by Pilot Street.\nLeave the bus lane free for ambulances.",
    )  # fmt: skip
    return scene.the_newest().get_absolute_url()


def ask_for_a_warning() -> str:
    where = draft_a_warning()
    scene.send_for_approval()
    return where


def warn_people() -> str:
    """The page the public reads."""
    ask_for_a_warning()
    scene.agree()
    scene.go_out()
    return scene.newest_page()


def correct_what_we_said() -> str:
    """The page that was put right, as the public reads it."""
    old = warn_people()
    draft = say.correct(scene.the_newest(), by=scene.person("dov"))
    Post.objects.filter(pk=draft.pk).update(text="Mast Road is open again, both ways.")
    draft.variants.update(text="Mast Road is open again, both ways.")
    scene.send_for_approval()
    scene.agree()
    scene.go_out()
    return old
