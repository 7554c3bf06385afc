"""Whichever way words are looked for, the same conversations are found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import given

from commonground.answer import queries
from commonground.answer.tests.world import a_conversation, an_answerer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rare", [1_000, 2])
def test_all_the_words_are_in_each_that_is_found(monkeypatch, rare):
    """With 2, every word here is common, and they are counted in one go."""
    monkeypatch.setattr(queries, "RARE", rare)
    channel = given.a_channel(network="mastodon")
    ben = an_answerer(channel)
    both = [a_conversation(f"harbour bridge number{n}", channel=channel) for n in range(3)]
    for n in range(3):
        a_conversation(f"harbour road number{n}", channel=channel)
        a_conversation(f"bridge road bridge number{n}", channel=channel)

    def found(words):
        rows = queries.page_of("all", ben, timezone.now(), words=words).rows
        return {row.pk for row in rows}

    assert found("harbour bridge") == {row.pk for row in both}
    assert found("Bridge HARBOUR bridge") == {row.pk for row in both}
    assert found("harbour bridge number1") == {both[1].pk}
    assert found("harbour giraffe") == set()
    assert found("harbour bridge road") == set()
    assert len(found("harbour")) == 6


@pytest.mark.parametrize("rare", [1_000, 2])
def test_many_words_cost_as_few_questions_as_two(monkeypatch, rare, client):
    monkeypatch.setattr(queries, "RARE", rare)
    channel = given.a_channel(network="mastodon")
    client.force_login(an_answerer(channel))
    said = "one harbour, a bridge, this road, that office, some bicycle"
    for n in range(3):
        a_conversation(f"{said} {n}", channel=channel)

    def asked(words):
        with CaptureQueriesContext(connection) as seen:
            page = client.get("/answer/", {"view": "all", "q": words})
        assert len(page.context["page"].rows) == 3
        return len(seen.captured_queries)

    client.get("/answer/")
    assert asked("harbour bridge") == asked("harbour bridge road office bicycle") <= 15
