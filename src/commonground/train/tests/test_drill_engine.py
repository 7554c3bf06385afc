"""The crowd of a drill follows from what is said to it, and the score shows why."""

import copy
import io
import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given as drawn, settings as limits, strategies as some

from commonground.train.engine.answers import Answers, Did, Said, answers_from, model_answers
from commonground.train.engine.moods import Words, mood_of, read_by_the_coach, tone_of
from commonground.train.engine.plan import folded, plan_from, says
from commonground.train.engine.playing import play
from commonground.train.engine.scenario import ScenarioWrong
from commonground.train.engine.scoring import keep_and_change, score
from commonground.train.queries import crowd_of, drill_names, plan_named, plans
from commonground.train.queries.drills import places
from commonground.train.queries.scenarios import table

NAMES = ["crash", "first", "silence", "takeover", "unrest"]
COLD = (
    "As everybody should obviously know, the matter is definitely being handled. People must stop "
    "asking. There is nothing to see, and you are wrong to blame us."
)
WARM = (
    "Thank you for asking. Many of you are worried, and we understand why. We will tell you here "
    "what we find, and we are grateful to everybody who helped."
)


def played(name, said=(), did=(), seed=1):
    plan = plan_named(name)
    answers = Answers(said=list(said), did=list(did))
    return play(plan, crowd_of(plan.city), seed=seed, words=answers.words, acts=answers.acts)


def lines_of(story):
    return {line.name: line for line in score(story)}


def said(minute, text, **but):
    return Said(minute, text, **{"by": "Ada", "approved_by": "Bea", **but})


def test_the_drills_there_are():
    assert drill_names() == NAMES
    assert [plan.level for plan in plans()] == ["first", "first", "usual", "usual", "hard"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_model_answer_does_what_the_drill_asks_for(name, language):
    plan = plan_named(name)
    story = played(name, model_answers(plan, language))
    lines = lines_of(story)

    for asked in ("first_words", "facts", "unknown", "approvals", "resources", "rumours"):
        assert lines[asked].is_kept, (asked, lines[asked])
    assert not lines["tone"].figures["stops"]


@pytest.mark.parametrize("name", NAMES)
def test_who_says_nothing_is_asked_why_and_keeps_nothing(name):
    lines = lines_of(played(name))

    assert not any(line.is_kept for line in lines.values())
    assert lines["first_words"].evidence[0].startswith("silence/")
    assert "approvals" not in lines
    assert "tone" not in lines


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_and_answers_give_the_same_crowd_and_another_seed_another(name):
    answers = model_answers(plan_named(name))

    assert played(name, answers, seed=5) == played(name, answers, seed=5)
    assert played(name, answers, seed=5).replies != played(name, answers, seed=6).replies


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_the_coach_likes_better_gets_a_better_crowd(name):
    """The same minute and the same help and facts: only how it sounds differs."""
    plan = plan_named(name)
    tones = [tone_of(read_by_the_coach(Words("p", 60, text), plan)) for text in (COLD, WARM)]
    assert tones[0] < tones[1]

    at = plan.onset + 1
    better = worse = 0
    for seed in range(100):
        cold, warm = (played(name, [said(at, t)], seed=seed).said[0].crowd for t in (COLD, WARM))
        better, worse = better + (warm > cold), worse + (warm < cold)

    assert better >= 95
    assert worse == 0


@drawn(some.floats(0, 1), some.floats(0, 1), some.floats(0, 1, exclude_max=True))
def test_nobody_takes_a_better_post_worse(one, other, temper):
    order = ["sore", "asks", "warm"]
    low, high = sorted([one, other])

    assert order.index(mood_of(temper, low)) <= order.index(mood_of(temper, high))


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ("Call the Lantern Line, 555-0110, or ask for a bed: 555-0111.", "resources"),
        ("Calling the helpline is confidential.", "rumours"),
        ("We do not know yet what happened.", "unknown"),
        ("It is not your fault.", "facts"),
    ],
)
def test_what_a_post_gives_is_welcome_and_counts(more, line):
    bare, full = (played("silence", [said(950, text)]) for text in (WARM, f"{WARM} {more}"))

    assert full.said[0].welcome > bare.said[0].welcome
    assert lines_of(full)[line].share > lines_of(bare)[line].share


def test_sooner_is_better():
    text = "Mast Road is closed at Tern Avenue. https://roads.harbour.example"
    soon, late = (played("crash", [said(at, text)]) for at in (20, 300))

    assert lines_of(soon)["first_words"].share == 1
    assert lines_of(late)["first_words"].share < 0.2
    assert soon.said[0].welcome > late.said[0].welcome


def test_a_rumour_can_be_put_right_only_after_it_was_told():
    text = "There was no chase."
    early, after = (lines_of(played("crash", [said(at, text)])) for at in (60, 130))

    assert early["rumours"].share == 0
    assert after["rumours"].figures == {"target": 60, "corrected": 1, "of": 1, "minutes": 20}


def test_what_people_were_spared_does_not_happen():
    text = "Mast Road is closed at Tern Avenue. https://roads.harbour.example"

    assert "no message" in played("crash").injects
    assert "no message" not in played("crash", [said(100, text)]).injects


def test_people_who_ask_are_answered_or_left():
    first = played("crash", [said(30, WARM)])
    asked = [reply for reply in first.replies if reply.asks]
    assert asked

    by_bus = said(200, "By bus.", to=asked[0].name)
    answers = [said(30, WARM), by_bus, said(30, "x", to="which road")]
    told = lines_of(played("crash", answers))["questions"]
    assert told.figures["answered"] == 2
    assert asked[0].name not in told.evidence
    assert "the reporter" in told.evidence


def test_one_person_alone_is_told_by_the_approvals():
    alone = lines_of(played("crash", [said(30, WARM, approved_by="Ada"), said(31, WARM)]))

    assert alone["approvals"].figures == {"alone": 1, "of": 2}
    assert alone["approvals"].evidence == ("post-1",)


def test_a_takeover_is_found_and_stopped_in_time_or_not():
    quick = lines_of(played("takeover", did=[Did(12, "stop"), Did(13, "disown")]))
    slow = lines_of(played("takeover", did=[Did(40, "stop")]))

    assert quick["stopped"].share == quick["takeover"].share == 1
    assert quick["takeover"].evidence == ("the false post", "act-2")
    assert slow["stopped"].share < 0.2
    assert slow["takeover"].share == 0


def test_stopping_everything_without_need_is_told():
    assert lines_of(played("crash", did=[Did(40, "stop")]))["needless_stop"].share == 0
    assert "needless_stop" not in lines_of(played("takeover", did=[Did(12, "stop")]))


def test_every_piece_of_evidence_is_in_the_story():
    for name in NAMES:
        story = played(name, model_answers(plan_named(name)), [Did(12, "stop")])
        there = {*story.injects, *(t.words.name for t in story.said)}
        there |= {reply.name for reply in story.replies} | {act.name for act in story.acts}
        for line in score(story):
            assert {*line.evidence} <= there, line
            assert 0 <= line.share <= 1


def test_at_most_three_things_to_keep_and_three_to_change():
    keep, change = keep_and_change(score(played("unrest", [said(50, COLD)])))

    assert 1 <= len(change) <= 3
    assert len(keep) <= 3
    assert all(one.is_kept for one in keep)
    assert not any(one.is_kept for one in change)


@limits(max_examples=30, deadline=None)
@drawn(some.lists(some.tuples(some.floats(0, 480), some.text(max_size=60)), max_size=4))
def test_whatever_is_said_the_drill_is_played_to_its_end(posts):
    story = played("unrest", [said(minute, text) for minute, text in posts])

    assert len(story.said) == len(posts)
    assert all(-1 <= taken.crowd <= 1 and 0 <= taken.welcome <= 1 for taken in story.said)
    assert all(0 <= reply.minute < story.plan.minutes for reply in story.replies)
    assert score(story)


def test_words_are_found_whatever_their_accents_and_case():
    marks = {"en": [["no", "chase"]], "fr": [["fermé"]]}

    assert says("There was NO police chase!", marks)
    assert says("La rue est FERMEE", marks)
    assert not says("Nothing of a purchase", marks)
    assert folded("C'était à l’hôpital") == " c etait a l hopital "


@pytest.mark.parametrize(
    ("but", "told"),
    [
        ({"onset": 999}, "the onset lies within"),
        ({"colour": "red"}, "unknown field `colour`"),
        ({"model": []}, "a model answer"),
        ({"title": {"fr": "Accident"}}, "nothing is said in en: title"),
        ({"level": "easy"}, "level"),
    ],
)
def test_a_wrong_drill_is_refused_with_its_place(but, told):
    tables = {**copy.deepcopy(table(places()["crash"])), **but}

    with pytest.raises(ScenarioWrong, match=told):
        plan_from(tables)


def test_a_rumour_without_its_truth_is_refused():
    tables = copy.deepcopy(table(places()["crash"]))
    rumour = next(one for one in tables["injects"] if one["kind"] == "rumour")
    del rumour["corrected"]

    with pytest.raises(ScenarioWrong, match="the rumour the chase needs"):
        plan_from(tables)


def test_every_resource_of_a_drill_is_in_the_citys_library():
    library = table(places()["crash"].parents[1] / "agency/resources.toml")["resources"]
    known = {(r["name"], r.get("phone", ""), r.get("url", "")) for r in library}

    for plan in plans():
        assert {(one.name, one.phone, one.url) for one in plan.resources} <= known


def test_a_drill_is_told_in_english_and_french():
    for plan in plans():
        told = [plan.title, plan.about, *(i.says for i in plan.injects)]
        told += [words for one in plan.model for words in (one.says, one.why)]
        told += [fact.says for fact in plan.facts]
        assert all({"en", "fr"} <= set(words) for words in told), plan.name


def test_answers_that_cannot_be_read_are_refused_in_words():
    plan = plan_named("crash")

    with pytest.raises(ScenarioWrong, match="no minute of this drill"):
        answers_from(b'{"said": [{"minute": 999, "text": "x"}]}', plan)
    with pytest.raises(ScenarioWrong, match="the answers"):
        answers_from(b'{"said": [{"minute": 9}]}', plan)


def test_the_command_plays_it_without_a_database(tmp_path):
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"said": [{"minute": 30, "text": WARM, "by": "Ada"}]}))
    printed, again = io.StringIO(), io.StringIO()
    for out in (printed, again):
        call_command("train", "drill", "crash", seed=4, answers=answers, json=True, stdout=out)
    told = json.loads(printed.getvalue())

    assert printed.getvalue() == again.getvalue()
    assert told["seed"] == 4
    assert {row["name"] for row in told["timeline"]} >= {"sirens", "post-1", "post-1/1"}
    assert all(line["words"] and "evidence" in line for line in told["score"])


def test_the_command_tells_the_drills_and_a_score_in_words():
    listed, told = io.StringIO(), io.StringIO()
    call_command("train", "drill", stdout=listed)
    call_command("train", "drill", "silence", stdout=told)

    assert listed.getvalue().startswith(
        "first: A tree on Quay Hill: your first ten minutes, 1 h in 10"
    )
    assert "72 h in 20 min" in listed.getvalue()
    assert "+ 2 of the 5 resources" in told.getvalue() or "+ 3 of the 5" in told.getvalue()
    with pytest.raises(CommandError, match="there is no drill called nowhere"):
        call_command("train", "drill", "nowhere")
