"""A measuring is kept on the desk, whatever came of it, and its figures are shown as they are."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests import given

from commonground.record.models import Entry
from commonground.spot import actions
from commonground.spot.models import Backtest
from commonground.spot.tests.test_backtest import suite  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
SETTINGS = {"alarms_per_day": 0.2, "seeds": [1], "files": ["mill.jsonl"]}


def kept(truth, *files, by, name="The mill"):
    out, told = StringIO(), StringIO()
    call_command(
        "spot", "backtest", "--truth", str(truth), *map(str, files), "--keep", by.email,
        "--name", name, "--json", stdout=out, stderr=told,
    )  # fmt: skip
    return json.loads(out.getvalue()), told.getvalue()


@pytest.fixture
def desk(client):
    client.member = given.a_member(roles=["author"])
    client.force_login(client.member)
    return client


def page_of(desk, address="/spot/backtests/"):
    return desk.get(address).content.decode()


def a_report(**but):
    figure = {"is": 0.75, "from": 0.5, "to": 1.0}
    bursts = {
        "events": 4, "injections": 8, "recall": figure,
        "median_delay_minutes": {"is": 12.0, "from": 3.0, "to": None},
    }  # fmt: skip
    found = {
        "event": "mill", "slow": False, "delay": 720.0, "label": "<mill> blast",
        "label_fits": True, "help": ["Fire safety"], "help_fits": False,
    }  # fmt: skip
    missed = {**found, "event": "bridge", "delay": None, "label": "", "help": []}
    return {
        "alarms_per_day_asked": 0.2, "false_alarms_per_day": 0.5, "false_alarms": 2,
        "counted_on_days": 4.0, "learned_on_days": 4.0, "background_posts": 1200,
        "bursts": bursts, "slow": None, "outcomes": [found, {**found, "delay": 60.0}, missed],
        "false_moments": [{"label": "hockey", "why": "goal", "count": 9}], **but,
    }  # fmt: skip


def a_test(by, **but):
    return actions.begin_backtest("The mill", settings={**SETTINGS, **but}, by=by)


def test_the_command_keeps_on_the_desk_exactly_what_it_tells(suite, desk):  # noqa: F811
    told, progress = kept(*suite, by=desk.member)

    test = Backtest.objects.get()
    assert test.report == told
    assert (test.run_by, test.name, test.trouble) == (desk.member, "The mill", "")
    assert test.settings["alarms_per_day"] == 0.2
    assert "Kept on the desk of" in progress
    verbs = Entry.objects.about(test).order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["begin_backtest", "finish_backtest"]
    page = page_of(desk, test.get_absolute_url())
    assert "Found within 6 hours" in page
    assert test.version in page


def test_what_came_to_nothing_is_kept_too_with_the_reason(suite, desk):  # noqa: F811
    truth, _, background = suite
    with pytest.raises(CommandError, match="There is no file"):
        kept(truth, truth.with_name("gone.jsonl"), background, by=desk.member)

    test = Backtest.objects.get()
    assert "There is no file" in test.trouble
    assert "There is no file" in page_of(desk, test.get_absolute_url())
    assert "came to nothing" in page_of(desk)
    assert Entry.objects.get(verb="fail_backtest").detail["why"] == test.trouble


def test_only_a_member_who_may_change_something_keeps_a_report(suite):  # noqa: F811
    auditor = given.a_member(roles=["auditor"])
    with pytest.raises(CommandError, match="auditor"):
        kept(*suite, by=auditor)
    auditor.email = "nobody@example.org"
    with pytest.raises(CommandError, match="Nobody on this desk"):
        kept(*suite, by=auditor)
    assert not Backtest.objects.exists()


def test_while_it_runs_the_desk_says_how_far_it_is_and_when_it_fell_silent(desk):
    test = a_test(desk.member)
    actions.tell_progress(test, "mill, laid in with seed 2; 14 to go")
    assert "14 to go" in page_of(desk)
    assert "running" in page_of(desk, test.get_absolute_url())

    Backtest.objects.update(told_at=timezone.now() - timedelta(hours=1))

    assert "stopped without a word" in page_of(desk)
    assert "measure again" in page_of(desk, test.get_absolute_url())


def test_every_figure_stands_with_its_interval_and_what_is_not_known_says_so(desk):
    test = actions.finish_backtest(a_test(desk.member), a_report())
    page = page_of(desk, test.get_absolute_url())
    assert '<td class="number">75 %</td><td class="number">50 %</td>' in page
    assert '<td class="number">12 min</td>' in page
    assert "not known" in page
    assert 'x="50.0%" width="50.0%"' in page  # the bar's interval
    assert "That is 0.50 a day; 0.20 a day may be spent." in page
    assert "2 of 2" in page
    assert "0 of 1" in page
    assert "missed" in page
    assert "&lt;mill&gt; blast" in page
    assert "not the right one" in page
    assert "hockey" in page


def test_a_report_of_another_version_with_other_keys_is_shown_as_far_as_it_is_known(desk):
    test = actions.finish_backtest(a_test(desk.member), {"bursts": {"new": {"is": 1.0}}, "x": 1})
    page = page_of(desk, test.get_absolute_url())
    assert '<th scope="row">new</th><td class="number">1.00</td>' in page


def test_nobody_measured_yet_says_what_to_do_in_words(desk):
    page = page_of(desk)
    assert "Nobody has measured it here yet" in page
    assert "commonground spot backtest --truth truth.json --keep" in page
    assert "/spot/backtests/" in page_of(desk, "/spot/")


def test_another_agency_s_reports_are_not_there(desk):
    test = actions.finish_backtest(a_test(given.a_member()), a_report())
    assert desk.get(test.get_absolute_url()).status_code == 404
    assert "Nobody has measured" in page_of(desk)
