"""Words for an area, and blanks filled with what is known of it."""

import pytest
from tests import given

from commonground.kit.refusals import NotYours, Refused
from commonground.say import actions
from commonground.say.models import Delivery
from commonground.say.tests.test_versions import ENGLISH, a_draft, an_area, approved, on

pytestmark = pytest.mark.django_db


def everywhere(agency, **facts):
    admin = given.a_member(agency=agency, roles=["admin"])
    area = actions.everywhere_of(agency)
    rows = [[blank.replace("_", " "), "", words] for blank, words in facts.items()]
    return actions.change_area(area, name=area.name, facts=rows, by=admin)


def for_area(post, area, text):
    version = actions.add_version(post, language=post.language, area=area, by=post.author)
    return actions.change_version(version, {"title": "Closed", "text": text}, by=post.author)


def test_a_blank_is_filled_for_each_area_and_where_nothing_is_known_the_post_stays_here():
    post = a_draft(("mastodon", "en"), ("bluesky", "en"), text="Call [[station phone]].")
    an_area(post.agency, "North", [on(post, "mastodon").channel], Station_phone="555 0101")

    with pytest.raises(Refused, match="“station phone” is still to be filled in for bluesky"):
        actions.submit(post, by=post.author)

    everywhere(post.agency, station_phone="555 0100")
    actions.submit(post, by=post.author)

    assert on(post, "mastodon").text == "Call 555 0101."
    assert on(post, "bluesky").text == "Call 555 0100."
    post.refresh_from_db()
    assert post.text == "Call [[station phone]]."


def test_words_for_an_area_go_only_to_the_channels_that_speak_for_it():
    post = a_draft(("mastodon", "en"), ("bluesky", "en"), ("site", "en"))
    north = an_area(post.agency, "North", [on(post, "mastodon").channel])

    for_area(post, north, "In the north, go round by Mill Street.")

    assert on(post, "mastodon").text == "In the north, go round by Mill Street."
    assert on(post, "mastodon").area == "North"
    assert {on(post, n).text for n in ("bluesky", "site")} == {ENGLISH}


def test_what_is_known_of_an_area_later_does_not_change_what_was_approved():
    post = a_draft(("mastodon", "en"), text="Call [[phone]].")
    area = everywhere(post.agency, phone="555 0100")
    approved(post)

    everywhere(post.agency, phone="555 0199")

    post.refresh_from_db()
    assert post.digest == post.approved_digest
    assert Delivery.objects.get().text == "Call 555 0100."
    assert area.pk


def test_an_area_that_posts_were_written_for_stays():
    post = a_draft(("site", "en"))
    north = an_area(post.agency)
    admin = given.a_member(agency=post.agency, roles=["admin"])
    for_area(post, north, "North.")

    with pytest.raises(Refused, match="so it stays"):
        actions.remove_area(north, by=admin)


def test_only_administrators_keep_areas():
    author = given.a_member()

    with pytest.raises(NotYours):
        actions.add_area(name="North", facts=[], by=author)


def test_a_number_kept_to_fill_blanks_is_one_of_ours_and_no_other_is():
    post = a_draft(("mastodon", "en"), text="Call [[phone]] or 780 555 0199.")
    everywhere(post.agency, phone="780 555 0100")

    post.variants.update(text="Call 780 555 0100 or 780 555 0199.")

    assert [stop.quote for stop in post.stops("en")] == ["780 555 0199"]
