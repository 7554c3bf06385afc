"""What too few outlets carried reaches people directly."""

from __future__ import annotations

import pytest
from tests import given

from commonground.kit.refusals import NotYours, Refused
from commonground.learn import actions, queries
from commonground.learn.models import Answer, Reading
from commonground.learn.tests.given import MESSAGES, a_coverage
from commonground.learn.tests.test_coverage import printed
from commonground.record.models import Entry
from commonground.say.models import Post

pytestmark = pytest.mark.django_db


def carried_by(coverage, by, answers: dict[str, list[Answer]]) -> None:
    """For each outlet, what each of its articles did with the first message."""
    for outlet, said in answers.items():
        for n, answer in enumerate(said):
            article = printed(coverage, by, outlet=outlet, headline=f"Rain {n}")
            actions.judge_reading(article.readings.get(place=0), answer=answer, by=by)


@pytest.mark.parametrize(
    ("answers", "low"),
    [
        ({"A": [Answer.CARRIED], "B": [Answer.ABSENT]}, False),  # half is not low
        ({"A": [Answer.CARRIED], "B": [Answer.ABSENT], "C": [Answer.TOUCHED]}, True),
        # Ten articles of one outlet are one outlet.
        ({"A": [Answer.CARRIED] * 3, "B": [Answer.ABSENT], "C": [Answer.ABSENT]}, True),
        # Its readers met it in one of its articles.
        ({"A": [Answer.CARRIED, Answer.ABSENT, Answer.ABSENT]}, False),
        ({"A": [Answer.ABSENT]}, True),
    ],
)
def test_low_is_counted_by_outlets(answers, low):
    member = given.a_member()
    coverage = a_coverage(by=member)
    carried_by(coverage, member, answers)
    assert queries.table_of(coverage).lines[0].low is low


def test_what_is_in_doubt_counts_as_carried():
    member = given.a_member()
    coverage = a_coverage(by=member)
    article = printed(coverage, member)
    Reading.objects.filter(article=article, place=0).update(sure=False, judged=None)
    assert not queries.table_of(coverage).lines[0].low


def test_one_press_leads_to_a_draft_that_carries_the_message(client):
    member = given.a_member(roles=["author"])
    channel = given.a_channel(agency=member.agency, authorised=[member])
    coverage = a_coverage(by=member)
    helpline = given.a_resource(agency=member.agency, name="Taxi line", phone="555-0199")
    coverage.moment.matches.create(resource=helpline, score=0.9)
    carried_by(coverage, member, {"A": [Answer.ABSENT], "B": [Answer.ABSENT]})
    client.force_login(member)
    page = client.get(coverage.get_absolute_url()).content.decode()
    assert "None of the 2 outlets that wrote of it carried it." in page
    assert "fewer than half of the outlets" in page

    answer = client.post(f"/learn/{coverage.pk}/0/go_direct/")

    post = Post.objects.get()
    assert answer.url == f"/say/{post.pk}/write"
    assert post.text.startswith(MESSAGES[0])
    assert "555-0199" in post.text
    assert post.moment == coverage.moment
    assert post.state == "draft"
    assert [v.text for v in post.variants.all()] == [post.text]
    assert post.variants.get().channel == channel
    assert not post.variants.get().deliveries.exists()
    entry = Entry.objects.get(verb="go_direct")
    assert (entry.detail["message"], entry.detail["post"]) == (MESSAGES[0], str(post.pk))


def test_a_draft_is_an_authors_and_of_their_own_agency(client):
    author = given.a_member()
    coverage = a_coverage(by=author)
    carried_by(coverage, author, {"A": [Answer.ABSENT]})
    approver = given.a_member(agency=author.agency, roles=["approver"])
    client.force_login(approver)
    assert (
        "Draft a post that says it" not in client.get(coverage.get_absolute_url()).content.decode()
    )
    assert client.post(f"/learn/{coverage.pk}/0/go_direct/").status_code == 403
    with pytest.raises(NotYours):
        actions.go_direct(coverage, MESSAGES[0], by=given.a_member())
    with pytest.raises(Refused, match="changed a moment ago"):
        actions.go_direct(coverage, "Something else.", by=author)
    client.force_login(author)
    assert client.post(f"/learn/{coverage.pk}/9/go_direct/").status_code == 404
    assert not Post.objects.exists()
