"""Prepared texts, their blanks, and that nothing goes out with one."""

import pytest
from django.urls import reverse
from hypothesis import given as over, strategies as st
from tests import given

from commonground.kit.refusals import NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions
from commonground.say.engine.blanks import blanks_in, filled
from commonground.say.models import Template
from commonground.say.states import State

TEXT = "[[Road]] is closed until [[ time ]]. Avoid [[Road]]."


def test_blanks_are_found_once_in_their_order():
    assert blanks_in("At [[time]]", TEXT) == ["time", "Road"]
    assert blanks_in("[one] [[]] [[two\nlines]] [[" + "x" * 41 + "]] [[[deep]]]") == ["deep"]


@over(st.text(), st.text(min_size=1))
def test_what_has_words_is_filled_and_the_rest_stays(text, words):
    assert filled(text, {}) == text
    whole = filled(TEXT, {"Road": words, "time": words})
    if words.strip() and "[" not in words and "]" not in words:
        assert blanks_in(whole) == []
        assert whole.count(words.strip()) >= 3


@over(st.text(alphabet="[] ab", max_size=60))
def test_no_string_of_brackets_takes_long_or_breaks(text):
    assert all(name in text for name in blanks_in(text))


pytestmark = pytest.mark.django_db


def a_template(by=None, **but):
    words = {"name": "Closed road", "language": "en", "title": "[[Road]] closed", "text": TEXT}
    return actions.add_template(by=by or given.a_member(), **{**words, **but})


def test_a_post_begins_with_its_blanks_filled():
    by = given.a_member()
    given.a_channel(agency=by.agency, authorised=[by])
    post = actions.begin_from(a_template(by), words={"Road": "Tern Avenue", "time": ""}, by=by)
    assert post.title == "Tern Avenue closed"
    assert post.text == "Tern Avenue is closed until [[ time ]]. Avoid Tern Avenue."
    assert post.variants.get().text == post.text


def test_nothing_goes_out_with_a_blank():
    post = given.a_post(text="Closed until [[time]].")
    with pytest.raises(Refused, match="“time” is still to be filled in"):
        actions.submit(post, by=post.author)
    post.variants.update(title="Closed", text="Closed until six.")
    assert actions.submit(post, by=post.author).state == State.IN_REVIEW


def test_only_authors_of_this_agency_use_them_and_the_record_knows():
    template = a_template()
    for by in (given.a_member(), given.a_member(agency=template.agency, roles=["approver"])):
        with pytest.raises(NotYours):
            actions.begin_from(template, words={}, by=by)
        with pytest.raises(NotYours):
            actions.remove_template(template, by=by)
    actions.remove_template(template, by=template.changed_by)
    verbs = list(Entry.objects.values_list("verb", flat=True).order_by("number"))
    assert verbs == ["add_template", "remove_template"]


def test_an_author_prepares_changes_starts_and_removes_one(client):
    by = given.a_member()
    client.force_login(by)
    typed = {"name": "Storm", "language": "en", "title": "Storm", "text": "Stay in until [[hour]]."}
    assert client.post(reverse("say:new_template"), typed).status_code == 302
    assert client.post(reverse("say:new_template"), typed).status_code == 422  # named once
    template = Template.objects.get()
    page = client.get(reverse("say:templates")).content.decode()
    assert "To fill in: hour" in page
    assert "Storm" in client.get(reverse("say:new")).content.decode()
    client.post(template.get_absolute_url(), {**typed, "text": "Stay in."})
    page = client.get(reverse("say:start", args=[template.pk])).content.decode()
    assert "nothing to fill in" in page
    answer = client.post(reverse("say:start", args=[template.pk]), {"blank_0": "six"})
    assert answer.headers["Location"] == reverse("say:write", args=[by.posts.get().pk])
    client.post(reverse("say:remove_template", args=[template.pk]))
    assert not Template.objects.exists()
