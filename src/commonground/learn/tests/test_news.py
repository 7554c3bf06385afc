"""News that arrives by itself: from an outlet's feed to the table of a coverage."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours
from commonground.learn import actions, queries, tasks
from commonground.learn.models import Article, Coverage, Outlet, Printed
from commonground.learn.tests.papers import (
    CRASH,
    a_paper,
    an_outlet,
    atom,
    page,
    rss,
    the_clock_runs,
)
from commonground.record.models import Entry
from commonground.record.queries.captures import captured

pytestmark = pytest.mark.django_db
MESSAGES = ["Mast Road is closed until 6 p.m.", "If you have been drinking, call a taxi."]
RECIPES = [
    "Ten recipes for spring, from asparagus to rhubarb, each ready in half an hour.",
    "Our readers sent in their favourites, and the jury had a hard time choosing among them.",
]


@pytest.fixture
def paper():
    with a_paper() as found:
        yield found


@pytest.fixture
def desk(client):
    client.member = given.a_member(roles=["author", "admin"])
    client.force_login(client.member)
    return client


def a_followed_crash(by) -> Coverage:
    moment = given.a_moment(
        agency=by.agency, label="Crash on Mast Road", terms=["crash", "Mast Road"], why="crash",
        first_post_at=timezone.now() - timedelta(hours=3),
    )  # fmt: skip
    return actions.follow_news(moment, messages=MESSAGES, by=by)


def crash_in(paper, path="/crash", **but) -> None:
    paper.has[path] = page("Three dead in crash on Mast Road", CRASH, **but)
    paper.has["/feed"] = rss([(paper.at(path), "Three dead in crash on Mast Road", "Two cars.")])


def test_an_article_arrives_by_itself_is_evidence_and_is_read_against_the_messages(desk, paper):
    coverage = a_followed_crash(desk.member)
    paper.has["/recipes"] = page("Ten recipes for spring", RECIPES)
    crash_in(paper)
    paper.has["/feed"] = rss([
        (paper.at("/recipes"), "Ten recipes for spring", "Asparagus."),
        (paper.at("/crash"), "Three dead in crash on Mast Road", "Two cars."),
    ])  # fmt: skip
    an_outlet(paper, by=desk.member)

    the_clock_runs()

    article = coverage.articles.get()
    assert article.headline == "Three dead in crash on Mast Road"
    assert article.text.splitlines() == CRASH  # no menu, no foot, no advice on what else to read
    assert [bool(r.carried) for r in article.readings.all()] == [True, True]
    assert article.added_by is None
    told = Entry.objects.get(verb="add_article")
    assert told.detail["sha256"] == article.sha256
    assert told.detail["page"] == article.printed.sha256
    kept = captured(Entry.objects.get(verb="capture"))
    assert kept is not None
    assert kept.body == paper.has["/crash"]
    shown = desk.get(coverage.get_absolute_url()).content.decode()
    assert "It shares with what we follow" in shown
    assert "mast" in shown
    evidence = desk.get(article.get_absolute_url()).content.decode()
    assert article.printed.sha256 in evidence
    assert "from the outlet" in evidence


def test_atom_arrives_like_rss(paper):
    member = given.a_member(roles=["author", "admin"])
    coverage = a_followed_crash(member)
    crash_in(paper)
    paper.has["/feed"] = atom([(paper.at("/crash"), "Three dead in crash on Mast Road", "Cars.")])
    an_outlet(paper, by=member)
    the_clock_runs()
    assert coverage.articles.count() == 1


def test_an_article_is_listed_once_however_often_and_under_whatever_address_it_comes(paper):
    member = given.a_member(roles=["author", "admin"])
    coverage = a_followed_crash(member)
    crash_in(paper)
    outlet = an_outlet(paper, by=member)
    the_clock_runs()
    for address in ("/crash?utm_source=feed", "/crash#comments", "/crash/", "/crash?fbclid=1"):
        paper.has["/feed"] = rss([(paper.at(address), "Three dead in crash on Mast Road", "Cars.")])
        Outlet.objects.filter(pk=outlet.pk).update(next_at=timezone.now() - timedelta(minutes=1))
        the_clock_runs()
    # The same words at another address of the same outlet.
    paper.has["/later"] = paper.has["/crash"]
    paper.has["/feed"] = rss([(paper.at("/later"), "Three dead in crash on Mast Road", "Cars.")])
    Outlet.objects.filter(pk=outlet.pk).update(next_at=timezone.now() - timedelta(minutes=1))
    the_clock_runs()

    assert coverage.articles.count() == 1
    assert paper.asked.count("/crash") == 1
    assert outlet.printed.count() == 2


def test_what_was_typed_by_hand_before_is_not_listed_again(paper):
    member = given.a_member(roles=["author", "admin"])
    coverage = a_followed_crash(member)
    crash_in(paper)
    actions.add_article(
        coverage, outlet="The Gazette", headline="Crash", text="Typed.", by=member,
        url=paper.at("/crash"), published_on=timezone.localdate(),
    )  # fmt: skip
    an_outlet(paper, by=member)
    the_clock_runs()
    assert coverage.articles.get().outlet == "The Gazette"


def test_what_had_arrived_before_is_found_when_its_moment_is_followed(paper):
    member = given.a_member(roles=["author", "admin"])
    crash_in(paper)
    an_outlet(paper, by=member)
    the_clock_runs()
    assert not Article.objects.exists()

    coverage = a_followed_crash(member)
    tasks.news.search_back()

    assert coverage.articles.count() == 1


def test_the_same_words_in_another_week_are_another_crash(paper):
    member = given.a_member(roles=["author", "admin"])
    coverage = a_followed_crash(member)
    coverage.moment.closed_at = timezone.now() - timedelta(days=9)
    coverage.moment.save()
    crash_in(paper)
    an_outlet(paper, by=member)
    the_clock_runs()
    assert Printed.objects.get().is_whole
    assert not coverage.articles.exists()


def test_not_this_one_and_back(desk, paper):
    coverage = a_followed_crash(desk.member)
    crash_in(paper)
    an_outlet(paper, by=desk.member)
    the_clock_runs()
    article = coverage.articles.get()

    desk.post(f"/learn/article/{article.pk}/set_aside/")
    table = queries.table_of(coverage)
    assert table.articles == ()
    assert table.set_aside == (article,)
    assert table.lines[0].cells == ()
    # Nor does it come back by itself.
    Coverage.objects.update(searched_at=None)
    tasks.news.search_back()
    assert queries.table_of(coverage).articles == ()
    assert "Put it back" in desk.get(coverage.get_absolute_url()).content.decode()

    article.refresh_from_db()
    with pytest.raises(MovedOn):
        actions.set_aside(article, by=desk.member)
    desk.post(f"/learn/article/{article.pk}/put_back/")
    assert queries.table_of(coverage).articles == (article,)
    verbs = list(Entry.objects.filter(subject=f"article:{article.pk}").order_by("number")
                 .values_list("verb", flat=True))  # fmt: skip
    assert verbs[-2:] == ["set_aside", "put_article_back"]


def test_a_paper_that_wants_no_programs_is_obeyed_and_what_its_feed_says_does(desk, paper):
    coverage = a_followed_crash(desk.member)
    crash_in(paper)
    said = "Three died in a crash on Mast Road. The road is closed until 6 p.m."
    paper.has["/feed"] = rss([(paper.at("/crash"), "Three dead in crash on Mast Road", said)])
    paper.has["/robots.txt"] = b"User-agent: *\nDisallow: /crash\n"
    an_outlet(paper, by=desk.member)

    the_clock_runs()

    assert "/crash" not in paper.asked
    article = coverage.articles.get()
    assert article.text == said
    shown = desk.get(article.get_absolute_url()).content.decode()
    assert "only what the feed told" in shown
    assert "robots.txt" in shown


def test_a_page_that_is_not_there_yet_is_asked_for_again_later(paper):
    member = given.a_member(roles=["author", "admin"])
    a_followed_crash(member)
    crash_in(paper)
    whole = paper.has["/crash"]
    paper.has["/crash"] = (503, {}, b"Busy")
    an_outlet(paper, by=member)
    the_clock_runs()
    printed = Printed.objects.get()
    assert printed.read_at is None
    assert printed.why == "The server answered 503."
    paper.has["/crash"] = whole
    the_clock_runs()
    assert not Article.objects.exists()  # not every five seconds
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        Printed.objects.update(next_at=timezone.now() - timedelta(minutes=6))
        the_clock_runs()
    assert Article.objects.count() == 1


def test_a_feed_that_fails_says_so_and_is_asked_less_and_less_often(desk, paper):
    outlet = an_outlet(paper, by=desk.member)
    the_clock_runs()
    outlet.refresh_from_db()
    first = outlet.next_at - outlet.looked_at
    assert outlet.trouble == "The server answered 404."
    assert "could not be read" in desk.get(outlet.get_absolute_url()).content.decode()
    Outlet.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    the_clock_runs()
    outlet.refresh_from_db()
    assert outlet.next_at - outlet.looked_at > first
    paper.has["/feed"] = rss([])
    Outlet.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    the_clock_runs()
    outlet.refresh_from_db()
    assert outlet.trouble == ""


def test_a_feed_that_did_not_change_is_not_sent_again(paper):
    member = given.a_member(roles=["author", "admin"])
    body = rss([])
    paper.has["/feed"] = (200, {"ETag": '"one"', "Content-Type": "application/rss+xml"}, body)
    outlet = an_outlet(paper, by=member)
    the_clock_runs()
    outlet.refresh_from_db()
    assert "one" in outlet.cursor
    paper.has["/feed"] = (304, {}, b"")
    Outlet.objects.update(next_at=timezone.now() - timedelta(minutes=1))
    the_clock_runs()
    outlet.refresh_from_db()
    assert outlet.trouble == ""
    assert "one" in outlet.cursor


def test_a_second_worker_reads_nothing_twice(paper):
    member = given.a_member(roles=["author", "admin"])
    a_followed_crash(member)
    crash_in(paper)
    outlet = an_outlet(paper, by=member)
    tasks.news.look_at_feeds()
    tasks.news.look_at_feeds()
    assert paper.asked.count("/feed") == 1
    tasks.news.read_pages()
    tasks.news.read_pages()
    assert paper.asked.count("/crash") == 1
    assert outlet.printed.get().is_whole


def test_what_is_about_nothing_we_follow_loses_its_words_after_a_week(paper):
    member = given.a_member(roles=["author", "admin"])
    crash_in(paper)
    outlet = an_outlet(paper, by=member)
    the_clock_runs()
    assert outlet.printed.get().text
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        tasks.news.forget_printed()
        gone = outlet.printed.get()
        assert (gone.text, gone.summary, gone.body) == ("", "", b"")
        assert not Article.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        tasks.news.forget_printed()
        assert not outlet.printed.exists()


def test_what_was_matched_keeps_its_words_and_its_page_in_the_record(paper):
    member = given.a_member(roles=["author", "admin"])
    coverage = a_followed_crash(member)
    crash_in(paper)
    an_outlet(paper, by=member)
    the_clock_runs()
    with time_machine.travel(timezone.now() + timedelta(days=61), tick=False):
        tasks.news.forget_printed()
    article = coverage.articles.get()
    assert article.text.splitlines() == CRASH
    assert article.printed.sha256
    kept = captured(Entry.objects.get(verb="capture"))
    assert kept is not None
    assert kept.body == paper.has["/crash"]


def test_an_outlet_is_an_administrators(client):
    author = given.a_member()
    client.force_login(author)
    assert client.get("/learn/outlets/new/").status_code == 403
    assert "An administrator can add them" in client.get("/learn/outlets/").content.decode()
    with pytest.raises(NotYours):
        actions.add_outlet(name="x", feed="https://x.example/", corrections_to="", by=author)


def test_an_administrator_names_changes_and_switches_an_outlet(desk, paper):
    typed = {"name": "Harbour Gazette", "feed": paper.at("/feed"), "corrections_to": "Desk"}
    desk.post("/learn/outlets/new/", typed)
    outlet = Outlet.objects.get()
    assert "already" in desk.post("/learn/outlets/new/", typed).content.decode()
    desk.post(f"/learn/outlets/{outlet.pk}/change/", {**typed, "name": "Gazette"})
    desk.post(f"/learn/outlets/{outlet.pk}/switch/")
    outlet.refresh_from_db()
    assert (outlet.name, outlet.on) == ("Gazette", False)
    paper.has["/feed"] = rss([])
    the_clock_runs()
    assert paper.asked == []
    verbs = Entry.objects.filter(subject=f"outlet:{outlet.pk}").values_list("verb", flat=True)
    assert set(verbs) == {"add_outlet", "change_outlet", "switch_outlet"}


@pytest.mark.parametrize("feed", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/"])
def test_a_feed_is_on_the_web(desk, feed):
    desk.post("/learn/outlets/new/", {"name": "x", "feed": feed})
    assert not Outlet.objects.exists()


def test_outlets_and_what_arrived_ask_the_same_few_times(
    desk, paper, django_assert_max_num_queries
):
    crash_in(paper)
    outlet = an_outlet(paper, by=desk.member)
    items = [(paper.at(f"/{n}"), f"News {n}", "Words.") for n in range(12)]
    paper.has["/feed"] = rss(items)
    the_clock_runs(0)
    assert outlet.printed.count() == 12
    with django_assert_max_num_queries(15):
        desk.get("/learn/outlets/")
    with django_assert_max_num_queries(15):
        desk.get(outlet.get_absolute_url())
