"""What can be wished for of languages and areas."""

from __future__ import annotations

from commonground.say import actions as say
from commonground.say.models import Post, Version
from tests.journeys import scene

ENGLISH = "Mast Road is closed by a burst pipe. Call [[station phone]] if your cellar floods."
FRENCH = (
    "Le chemin Mast est fermé : une conduite a éclaté. Appelez le [[station phone]] si votre"
    " sous-sol est inondé."
)


def keep_areas() -> str:
    """The page of an area, with the channel that speaks for it."""
    jonas = scene.person("jonas")
    general = say.everywhere_of(jonas.agency)
    say.change_area(
        general, name=general.name, facts=[["station phone", "", "780 555 0100"]], by=jonas
    )
    facts = [
        ["station phone", "", "780 555 0142"],
        ["meeting point", "en", "the school on Mill Street"],
        ["meeting point", "fr", "l'école de la rue du Moulin"],
    ]
    channels = jonas.agency.channels.filter(network="mastodon")
    return say.add_area(
        name="North Shore", facts=facts, channels=channels, by=jonas
    ).get_absolute_url()


def say_it_twice() -> str:
    """A draft in English and French, with blanks that the areas fill."""
    keep_areas()
    dov = scene.person("dov")
    post = scene.written(dov, "Mast Road is closed", ENGLISH)
    version = say.add_version(post, language="fr", area=None, by=dov)
    say.change_version(version, {"title": "Chemin Mast fermé", "text": FRENCH}, by=dov)
    return post.get_absolute_url()


def french_of_it() -> str:
    """The page of its French words, which the English ones have outrun."""
    say_it_twice()
    post = scene.the_newest()
    post.text = ENGLISH.replace("closed by a burst pipe", "open again")
    post.save()
    return Version.objects.get().get_absolute_url()


def ask_for_two_languages() -> str:
    where = say_it_twice()
    say.submit(scene.the_newest(), by=scene.person("dov"))
    return where


def said_twice() -> str:
    """The page the public reads."""
    ask_for_two_languages()
    post: Post = scene.the_newest()
    say.approve(post, read=post.digest, by=scene.person("ines"))
    scene.go_out()
    return scene.newest_page()
