"""The practice agency: whole, lawful, and founded once."""

import io
import json
import re
import tomllib

import pytest
from django.core.management import CommandError, call_command

from commonground.agency.models import Agency, Certificate, Member, MemberRole, Unit
from commonground.agency.states import Role
from commonground.channels.models import Authorisation, Channel
from commonground.hear.models import Source, Topic
from commonground.record.actions import verify
from commonground.record.models import Entry
from commonground.spot.models import Resource
from commonground.train.actions import found_agency
from commonground.train.engine.desk import desk_from
from commonground.train.engine.scenario import ScenarioWrong
from commonground.train.queries import SCENARIOS

PASSWORD = "for this test only"
NOUNS = [
    Agency, Unit, Member, MemberRole, Certificate, Channel, Authorisation, Source, Topic,
    Resource, Entry,
]  # fmt: skip


@pytest.fixture
def agency(db, settings):
    # Founding hashes fourteen passwords; how well is the sign-in's business, not this test's.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return found_agency("harbour", password=PASSWORD)


def rows():
    return {noun.__name__: list(noun.objects.order_by("pk").values()) for noun in NOUNS}


def test_founding_again_changes_nothing(agency):
    before = rows()

    assert found_agency("harbour", password="another password") == agency
    assert rows() == before


def test_founding_again_brings_back_only_what_is_gone(agency):
    agency.resources.all()[0].delete()
    kept = agency.resources.all()[0]
    kept.about = "Rewritten by the desk."
    kept.save()

    found_agency("harbour", password=PASSWORD)

    assert agency.resources.count() >= 24
    kept.refresh_from_db()
    assert kept.about == "Rewritten by the desk."


def test_every_role_is_held_and_everybody_can_sign_in(agency):
    members = agency.members.all()

    assert len(members) >= 9
    assert set().union(*(m.roles for m in members)) == {role.value for role in Role}
    assert all(m.check_password(PASSWORD) and m.is_active for m in members)
    assert agency.units.count() >= 5


def test_one_speaker_has_let_the_certificate_lapse(agency):
    speakers = [m for m in agency.members.all() if m.roles & {"author", "approver"}]

    assert len([m for m in speakers if not m.certified()]) == 1
    assert len([m for m in speakers if m.certified()]) >= 5


def test_the_chief_authorised_every_speaker_on_every_channel(agency):
    speakers = [m for m in agency.members.all() if m.roles & {"author", "approver"}]

    for channel in agency.channels.all():
        held = channel.authorisations.in_force()
        assert {yes.member for yes in held} == set(speakers)
        assert {yes.decided_by.unit.name for yes in held} == {"Chief's Office"}


def test_channels_wait_to_be_proved_and_a_drill_has_only_a_rehearsal(agency):
    networks = sorted(agency.channels.values_list("network", flat=True))
    drill = Agency.objects.get(drill=True)

    assert networks == ["bluesky", "mastodon", "site"]
    assert set(Channel.objects.values_list("state", flat=True)) == {"new"}
    assert [(c.network, c.drill) for c in drill.channels.all()] == [("rehearsal", True)]


def test_every_topic_is_live_by_two_people_in_three_languages(agency):
    topics = Topic.objects.live().filter(agency=agency)

    assert topics.count() == agency.topics.count() >= 5
    for topic in topics:
        assert topic.purpose
        assert set(topic.watch) == {"en", "fr", "es"}
        assert topic.approved_by != topic.proposed_by
        assert "approver" in topic.approved_by.roles


def test_the_stream_can_be_replayed_and_nothing_outside_is_listened_to(agency):
    assert {(s.kind, s.on) for s in agency.sources.all()} == {
        ("replay", False), ("jetstream", False), ("mastodon", False), ("feed", False)
    }  # fmt: skip
    assert agency.sources.filter(kind="replay", name="harbour.jsonl").exists()


def test_a_desk_that_names_strangers_is_refused():
    tables = tomllib.loads((SCENARIOS / "harbour/agency/drill.toml").read_text())

    with pytest.raises(ScenarioWrong, match="not a member: nobody@harbour"):
        desk_from({**tables, "chief": "nobody@harbour.example"})
    with pytest.raises(ScenarioWrong, match="administrator"):
        desk_from({**tables, "members": [{**m, "roles": []} for m in tables["members"]]})


@pytest.mark.parametrize(
    "kind",
    [
        "partner violence", "shelter", "safety plan", "legal help", "perpetrators' programme",
        "ride home", "alcohol counselling", "victims' support", "road closures", "witness line",
    ],
)  # fmt: skip
def test_each_moment_has_its_resources(agency, kind):
    resource = agency.resources.filter(kind=kind).first()

    assert resource
    assert {"en", "fr", "es"} <= set(resource.words)
    assert resource.checked_on < resource.review_by
    assert not resource.review_due


def test_a_whole_library_some_of_it_in_arabic(agency):
    assert agency.resources.count() >= 24
    assert sum("ar" in r.words for r in agency.resources.all()) >= 5


def test_the_record_tells_the_founding_and_holds(agency):
    verbs = set(Entry.objects.of(agency.pk).values_list("verb", flat=True))

    assert verify() is None
    assert verbs == {
        "open", "add", "invite", "award", "authorise", "add_source", "change_source",
        "propose_topic", "approve", "add_resource",
    }  # fmt: skip


def test_the_command_prints_who_may_sign_in(agency):
    printed = io.StringIO()
    call_command("train", "found", "harbour", password=PASSWORD, stdout=printed)

    for member in Member.objects.all():
        assert member.email in printed.getvalue()
    assert "not certified" in printed.getvalue()


@pytest.mark.django_db
def test_a_weak_password_founds_nothing():
    with pytest.raises(CommandError, match="too short"):
        call_command("train", "found", "harbour", password="harbour")

    assert not Agency.objects.exists()


def test_the_command_plays_without_a_database():
    printed = io.StringIO()
    call_command("train", "scenario", "harbour", hours=1, stdout=printed)
    lines = [json.loads(line) for line in printed.getvalue().splitlines()]

    assert len(lines) > 100
    assert lines[0]["ts"].startswith("2026-03-04T10:00")


def test_the_command_tells_truth_and_list():
    told, listed = io.StringIO(), io.StringIO()
    call_command("train", "scenario", "harbour", ground_truth=True, stdout=told)
    call_command("train", "scenario", list=True, stdout=listed)

    assert len(json.loads(told.getvalue())) == 3
    assert listed.getvalue().startswith("harbour: ")


@pytest.mark.parametrize(
    "options", [{"start": "tomorrow"}, {"hours": 0}, {"hours": 10**9}, {"name": "nowhere"}]
)
def test_the_command_refuses_in_words(options):
    name = options.pop("name", "harbour")
    with pytest.raises(CommandError):
        call_command("train", "scenario", name, **options)


def test_no_file_holds_a_real_number_or_address():
    for path in SCENARIOS.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"\b(?!555-01)\d{3}-\d{4}\b", text), path
        for host in re.findall(r"(?:https?|wss)://([^/\s\"]+)|[\w.]+@([\w.]+)", text):
            assert "".join(host).rstrip(".,;").endswith(".example"), (path, host)
