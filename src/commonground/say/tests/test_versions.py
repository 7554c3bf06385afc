"""A post in several languages and for areas: what goes where, and what keeps it here."""

from dataclasses import replace

import pytest
from tests import given

from commonground.channels.contract.pretend import Fault, Trouble
from commonground.channels.networks import networks
from commonground.channels.tests.contract_suite import a_picture as drawn
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions, queries, tasks
from commonground.say.engine.words import Words
from commonground.say.models import Delivery, Post
from commonground.say.queries.versions import changed_since, choices_for, versions_of
from commonground.say.tasks.carrying import message_of
from commonground.say.tests.test_delivery import rounds

pytestmark = pytest.mark.django_db
ENGLISH, FRENCH = "Bridge Road is closed until noon.", "Bridge Road est fermée jusqu'à midi."


def a_draft(*channels, text=ENGLISH, **but):
    """By somebody who may speak on channels of these (network, language)."""
    author = given.a_member()
    rows = [
        given.a_channel(agency=author.agency, network=network, language=language,
                        authorised=[author], name=f"{network} {language} {n}")
        for n, (network, language) in enumerate(channels)
    ]  # fmt: skip
    return given.a_post(by=author, channels=rows or None, text=text, title="Closed", **but)


def in_french(post, text=FRENCH, title="Fermée", **more):
    version = actions.add_version(post, language="fr", area=None, by=post.author)
    words = {"title": title, "text": text, **more}
    return actions.change_version(version, words, by=post.author)


def an_area(agency, name="North", channels=(), **facts):
    admin = given.a_member(agency=agency, roles=["admin"])
    rows = [[blank.replace("_", " "), "", words] for blank, words in facts.items()]
    return actions.add_area(name=name, facts=rows, channels=channels, by=admin)


def on(post, network):
    return post.variants.get(channel__network=network)


def approved(post):
    actions.submit(post, by=post.author)
    return actions.approve(post, read=post.digest, by=given.an_approver(post))


def test_each_channel_gets_the_languages_that_are_its_own():
    post = a_draft(("site", "en"), ("mastodon", "fr"), ("bluesky", "en"), ("rehearsal", "mul"))
    in_french(post)

    said = {v.channel.network: [(s.language, s.text) for s in v.said] for v in post.variants.all()}

    both = [("en", ENGLISH), ("fr", FRENCH)]
    assert said == {"site": both, "mastodon": both[1:], "bluesky": both[:1], "rehearsal": both}
    assert len(on(post, "site").parts) == 1
    assert on(post, "rehearsal").parts == [ENGLISH, FRENCH]
    assert [p.language for p in (d.tongues[0] for d in queries.previews_of(post))]


def test_an_officer_may_choose_for_one_channel():
    post = a_draft(("mastodon", "fr"))
    in_french(post)
    channel = post.variants.get().channel
    words = Words("Closed", ENGLISH, "en", frozenset([channel.pk]), speaks={channel.pk: "each"})

    actions.write(post, words, by=post.author)

    assert post.variants.get().parts == [ENGLISH, FRENCH]


@pytest.mark.parametrize("threads", [True, False])
def test_each_language_is_a_post_of_its_own_after_the_first(place, threads):
    place.network = replace(place.network, threads=threads)
    networks()["rehearsal"] = place.as_network()
    post = a_draft(("rehearsal", "mul"))
    in_french(post)
    approved(post)

    rounds(place)

    held = [h.message for h in place.posts.values()]
    assert [(m.language, m.text) for m in held] == [("en", ENGLISH), ("fr", FRENCH)]
    beneath = next(h.receipt for h in place.posts.values()) if threads else None
    assert [m.follows for m in held] == [None, beneath]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_language_waits_until_the_one_before_it_is_seen(place):
    post = a_draft(("rehearsal", "mul"))
    in_french(post)
    approved(post)
    place.script(Trouble(Fault.DECLINED))

    rounds(place)

    states = Delivery.objects.order_by("part").values_list("state", flat=True)
    assert (states[0], list(place.posts)) == ("declined", [])


def test_pictures_go_with_each_language_described_in_it(place):
    post = a_draft(("rehearsal", "mul"))
    picture = a_picture_of(post)
    in_french(post, alts={str(picture.pk): "Un pont fermé"})
    approved(post)

    rounds(place)

    alts = [[p.alt for p in h.message.pictures] for h in place.posts.values()]
    assert alts == [["A closed bridge"], ["Un pont fermé"]]


def test_words_for_pictures_stay_with_their_pictures():
    post = a_draft(("site", "en"))
    first, second = a_picture_of(post), a_picture_of(post)
    in_french(post, alts={str(first.pk): "Un pont", str(second.pk): "Une route"})

    actions.remove_picture(post, first, by=post.author)

    (french,) = on(post, "site").also
    assert french["alts"] == ["Une route"]


def a_picture_of(post):
    return actions.add_picture(post, drawn().content, "A closed bridge", by=post.author)


def test_a_newsroom_is_given_all_languages_at_once():
    post = a_draft(("site", "en"))
    in_french(post)
    approved(post)
    (delivery,) = Delivery.objects.all()

    message = message_of(delivery)

    assert (message.language, message.text) == ("en", ENGLISH)
    assert [(one.language, one.title, one.text) for one in message.also] == [
        ("fr", "Fermée", FRENCH)
    ]


# What keeps a post here


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"text": "", "title": "Fermée"}, "French: its words are not written yet."),
        ({"text": FRENCH, "title": ""}, "French: its words are not written yet."),
    ],
)
def test_a_language_that_is_not_written_keeps_the_post_here(words, why):
    post = a_draft(("site", "en"))
    in_french(post, **words)

    with pytest.raises(Refused, match=why):
        actions.submit(post, by=post.author)


def test_a_picture_that_is_not_described_in_a_language_keeps_the_post_here():
    post = a_draft(("site", "en"))
    a_picture_of(post)
    version = in_french(post)

    with pytest.raises(Refused, match="French: a picture or video is not described"):
        actions.submit(post, by=post.author)

    alts = {str(post.pictures.get().pk): "Un pont"}
    actions.change_version(version, {"text": FRENCH, "title": "F", "alts": alts}, by=post.author)
    actions.submit(post, by=post.author)


def test_a_language_that_no_channel_shows_keeps_the_post_here():
    post = a_draft(("mastodon", "en"))
    in_french(post)

    with pytest.raises(Refused, match="French: no channel shows it"):
        actions.submit(post, by=post.author)


def test_a_language_that_is_too_long_for_its_network_keeps_the_post_here():
    post = a_draft(("mastodon", "mul"))
    in_french(post, text="é" * 501)

    with pytest.raises(Refused, match="1 character too long"):
        actions.submit(post, by=post.author)


def test_the_coach_stops_a_language_too():
    post = a_draft(("site", "en"))
    in_french(post, text="Le suspect est Jean Tremblay, né le 3 mai 1981.")
    french = [stop.quote for stop in post.stops("en")]
    in_english = a_draft(("site", "en")).stops("en")

    assert french
    assert not in_english


# The yes is for these exact words


@pytest.mark.parametrize("change", ["text", "title", "alt", "event"])
def test_a_yes_to_other_words_of_any_version_does_not_count(change):
    post = a_draft(("site", "en"))
    picture = a_picture_of(post)
    alts = {str(picture.pk): "Un pont"}
    version = in_french(post, alts=alts)
    actions.submit(post, by=post.author)
    read = post.digest
    actions.recall(post, by=post.author)
    changed = {
        "text": {"text": FRENCH + "!"}, "title": {"title": "Autre"},
        "alt": {"alts": {str(picture.pk): "Une porte"}}, "event": {"event": "Route"},
    }[change]  # fmt: skip
    actions.change_version(version, changed, by=post.author)
    actions.submit(post, by=post.author)

    with pytest.raises(MovedOn, match="words have changed"):
        actions.approve(post, read=read, by=given.an_approver(post))


@pytest.mark.parametrize("state", ["in_review", "approved"])
def test_no_version_is_changed_but_in_a_draft(state):
    post = a_draft(("site", "en"))
    version = in_french(post)
    actions.submit(post, by=post.author)
    if state == "approved":
        actions.approve(post, read=post.digest, by=given.an_approver(post))

    by = post.author
    for change in (
        lambda: actions.change_version(version, {"text": "Autre."}, by=by),
        lambda: actions.remove_version(version, by=by),
        lambda: actions.confirm_version(version, by=by),
        lambda: actions.add_version(post, language="es", area=None, by=by),
    ):
        with pytest.raises(MovedOn):
            change()
    version.refresh_from_db()
    assert version.text == FRENCH


def test_words_of_a_version_changed_behind_the_desk_do_not_leave():
    post = a_draft(("rehearsal", "mul"))
    in_french(post)
    approved(post)
    post.variants.update(also=[{"language": "fr", "title": "F", "text": "Personne n'a lu."}])

    tasks.go_out()

    assert set(Delivery.objects.values_list("state", flat=True)) <= {"late", "declined"}


def test_only_its_author_makes_versions():
    post = a_draft(("site", "en"))
    other = given.a_member(agency=post.agency)

    with pytest.raises(NotYours):
        actions.add_version(post, language="fr", area=None, by=other)


def test_there_is_one_version_of_a_kind_and_none_in_the_main_language():
    post = a_draft(("site", "en"))
    in_french(post)

    with pytest.raises(Refused, match="such a version already"):
        actions.add_version(post, language="fr", area=None, by=post.author)
    with pytest.raises(Refused, match="in this language already"):
        actions.add_version(post, language="en", area=None, by=post.author)
    words = Words("Fermée", FRENCH, "fr", frozenset())
    with pytest.raises(Refused, match="There is a version in French"):
        actions.write(post, words, by=post.author)


# Out of date


def test_a_version_may_be_out_of_date_until_somebody_looks():
    post = a_draft(("site", "en"))
    version = in_french(post)
    assert not version.is_old
    channels = frozenset(post.variants.values_list("channel", flat=True))

    actions.write(post, Words("Closed", "Open again.", "en", channels), by=post.author)
    (old,) = versions_of(Post.objects.get(pk=post.pk))

    assert old.is_old
    assert ("-", "Bridge Road is closed until noon.") in changed_since(old)
    actions.confirm_version(old, by=post.author)
    (held,) = versions_of(Post.objects.get(pk=post.pk))
    assert not held.is_old


def test_editing_it_says_that_it_holds():
    post = a_draft(("site", "en"))
    version = in_french(post)
    channels = frozenset(post.variants.values_list("channel", flat=True))
    post = actions.write(post, Words("Closed", "Open.", "en", channels), by=post.author)
    (version,) = versions_of(post)

    actions.change_version(version, {"text": "Ouverte."}, by=post.author)

    assert not version.is_old


# Corrections, the record, what can be added


def test_a_correction_begins_from_all_versions():
    post = a_draft(("site", "en"), ("mastodon", "fr"))
    in_french(post)
    approved(post)
    Delivery.objects.update(state="sent", seen_at=post.made_at, network_id="x")
    Post.objects.filter(pk=post.pk).update(state="published")
    post.refresh_from_db()

    draft = actions.correct(post, by=post.author)

    (version,) = versions_of(draft)
    assert (version.language, version.text) == ("fr", FRENCH)
    assert version.title.startswith("Correction")
    assert on(draft, "mastodon").text == FRENCH
    assert not version.is_old


def test_the_record_names_each_step():
    post = a_draft(("site", "en"))
    version = in_french(post)
    actions.remove_version(version, by=post.author)

    verbs = Entry.objects.filter(verb__endswith="_version").order_by("number")
    assert [e.verb for e in verbs] == ["add_version", "change_version", "remove_version"]


def test_what_can_be_added_is_what_is_not_there():
    post = a_draft(("site", "en"))
    in_french(post)
    north = an_area(post.agency)

    names = [("en", "English"), ("fr", "Français"), ("ar", "العربية")]
    groups = dict(choices_for(post, names, versions_of(post)))

    values = {heading: [c.value for c in rows] for heading, rows in groups.items()}
    assert values == {
        "For an area": [f"en {north.pk}", f"fr {north.pk}"], "More languages": ["ar"]
    }  # fmt: skip
