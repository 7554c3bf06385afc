"""The coach: every hard rule stops what it must, and leaves ordinary posts alone."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings, strategies as st

from commonground.say.engine.coach import Help, Known, coach, coach_all, hard_stops
from commonground.say.engine.coach.features import standard
from commonground.say.engine.coach.reading import Reading
from commonground.say.engine.coach.receptiveness import model, see
from commonground.say.engine.coach.remarks import rules

POSTS = Path(__file__).parent / "posts"
HARD = [name for name, rule in rules().items() if rule.hard]


def lines(name, language):
    return (POSTS / f"{name}_{language}.txt").read_text(encoding="utf-8").splitlines()


ORDINARY = [(lang, text) for lang in ("en", "fr") for text in lines("ordinary", lang)]
CASES = [
    (lang, *line.split("|", 1)) for lang in ("en", "fr") for line in lines("hard", lang)
]  # fmt: skip


LATER = ("later1", "later2")  # each was written, and looked at, before the rules were mended
LATER_ORDINARY = [
    (lang, text)
    for time in LATER
    for lang in ("en", "fr")
    for text in lines(f"{time}_ordinary", lang)
]
LATER_CASES = [
    (lang, *line.split("|", 1))
    for time in LATER
    for lang in ("en", "fr")
    for line in lines(f"{time}_hard", lang)
]

NOTHING = Known()


def stopped(text, language=None, known=NOTHING):
    return {f.rule for f in coach_all(text, language, known) if rules()[f.rule].hard}


@pytest.mark.parametrize(("language", "rule", "text"), CASES)
def test_what_must_not_go_out_is_stopped(language, rule, text):
    assert rule in stopped(text, language)


def test_every_hard_rule_has_cases_in_both_languages():
    for language in ("en", "fr"):
        assert {rule for lang, rule, _ in CASES if lang == language} == set(HARD)


def test_ordinary_posts_are_many_and_no_rule_cries_wolf_at_more_than_two_in_a_hundred():
    for posts in (ORDINARY, LATER_ORDINARY):
        alarms = [rule for lang, text in posts for rule in stopped(text, lang)]

        assert len(set(posts)) >= 300
        for rule in HARD:
            assert alarms.count(rule) <= 0.02 * len(posts), rule


def test_nine_in_ten_of_the_hard_posts_written_later_are_stopped():
    caught = [case for case in LATER_CASES if case[1] in stopped(case[2], case[0])]

    assert len(LATER_CASES) >= 280
    assert len(caught) >= 0.9 * len(LATER_CASES)


def test_a_wrong_mark_of_language_does_not_switch_the_stops_off():
    other = {"en": "fr", "fr": "en"}
    missed = [c for c in CASES if c[1] not in stopped(c[2], other[c[0]])]

    # Texts of a few words have too little of their language to be told by.
    assert len(missed) <= 0.2 * len(CASES)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("guilt", "Officers arrested the кіllеr this morning."),
        ("guilt", "Officers arrested the k\u200bi\u200bl\u200bl\u200be\u200br this morning."),
        ("guilt", "Ｏｆｆｉｃｅｒｓ ａｒｒｅｓｔｅｄ ｔｈｅ ｋｉｌｌｅｒ"),
        ("guilt", "Officers arrested the k.i.l.l.e.r this morning"),
        ("guilt", "OFFICERS ARRESTED THE KILLER"),
        ("victim", "The v1ct1m is Sarah Whitcombe"),
        ("promise", "We wíll cätch whoever did this"),
        ("plate", "the plate is ＡＢＣＤ １２３"),
    ],
)
def test_hostile_spellings_are_seen_through(rule, text):
    assert rule in stopped(text, "en")


def in_words(spelling):
    return lambda text: regex.sub(r"\p{L}{4,}", lambda word: spelling(word.group()), text)


@pytest.mark.parametrize(
    ("spelling", "least"),
    [
        (lambda t: t.translate(str.maketrans("aeocpxyiABEHKMOPCT", "аеосрхуіАВЕНКМОРСТ")), 1),
        (lambda t: t.replace("i", "ı").replace("l", "ӏ"), 1),
        (in_words("\u200b".join), 1),
        (in_words("\u0336".join), 1),
        (lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t), 1),
        (lambda t: "\u202e" + t.replace(" ", "\u00a0"), 1),
        (in_words(".".join), 0.9),
        (in_words(lambda w: w.translate(str.maketrans("aeios", "43105"))), 0.9),
        (str.upper, 0.9),
    ],
    ids=["cyrillic", "dotless", "no width", "struck", "wide", "bidi", "dots", "leet", "capitals"],
)
def test_every_case_is_seen_through_every_hostile_spelling(spelling, least):
    found = [c for c in CASES if c[1] in stopped(c[2], c[0])]
    still = [c for c in found if c[1] in stopped(spelling(c[2]), c[0])]

    assert len(still) >= least * len(found)


@pytest.mark.parametrize("text", ["Jo Ann " * 3_000, "he told us the man who " * 900])
def test_a_text_without_full_stops_is_no_way_to_keep_the_coach_busy(text):
    begun = time.process_time()
    coach(text, "en")

    assert time.process_time() - begun < 5


def test_a_published_number_is_no_private_one():
    text = "His sister says: 613-555-0147 is where people should talk."

    assert "phone" in stopped(text, "en")
    assert "phone" not in stopped(text, "en", Known(numbers=frozenset({"(613) 555 0147"})))
    assert "phone" not in stopped(text, "en", Known(numbers=frozenset({"+1 613 555 0147"})))


def test_a_stop_is_shown_before_advice_and_three_remarks_are_the_most():
    text = (
        "MOTOR VEHICLE COLLISION AT THE CORNER TODAY. We arrested the killer. 😂😂😂😂😂 "
        "You people should utilize #roadsafetyweek prior to driving. click here https://x.example"
    )

    remarks = coach(text, "en").remarks

    assert len(remarks) == 3
    assert [r.hard for r in remarks] == sorted((r.hard for r in remarks), reverse=True)
    assert remarks[0].hard


def test_all_stops_are_known_even_when_more_than_three():
    text = (
        "The victim is Sarah Whitcombe of 42 Birchwood Avenue. Darren Cole was arrested. "
        "He is guilty. We will catch whoever helped. The plate is ABCD 123."
    )

    assert len(hard_stops(text, "en", Known(), "en")) >= 5


def test_places_count_code_points_of_the_text_as_typed():
    text = "🚓🚓 é — The ｖictim is Sarah Whitcombe."

    for remark in coach(text, "en").remarks:
        assert text[remark.start : remark.end] == remark.quote
    assert "Sarah Whitcombe" in coach(text, "en").remarks[0].quote


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, "en", "fr", "es", "xx"]))
def test_any_text_gets_remarks_whose_quotes_are_in_it_and_always_the_same(text, language):
    once = coach(text, language)

    assert once == coach(text, language)
    assert len(once.remarks) <= 3
    for remark in once.remarks:
        assert text[remark.start : remark.end] == remark.quote
        assert remark.why
        assert remark.instead
        assert "{" not in remark.why + remark.instead


@pytest.mark.parametrize("speak", ["en", "fr"])
def test_remarks_speak_the_readers_language(speak):
    remark = coach("We arrested the killer.", "en", speak=speak).remarks[0]

    assert remark.why == rules()["guilt"].words[speak]["why"]


def test_every_rule_has_words_in_both_languages_and_what_it_rests_on():
    for rule in rules().values():
        assert rule.rests_on
        assert set(rule.words) == {"en", "fr"}
        assert all(w["why"] and w["instead"] for w in rule.words.values())


@pytest.mark.parametrize(
    ("rule", "text", "known"),
    [
        ("no_resource", "If your partner hurts you, you are not alone.",
         Known(help=Help(of_a_moment=True, resources=(("Line", "1-800-555-0100", ""),)))),
        ("no_emergency_number", "He is armed and dangerous. Stay back.", Known()),
        ("other_language", "La rue est fermée ce soir et nous ne savons pas quand elle rouvrira.",
         Known()),
        ("unreceptive", "You are wrong. This is clearly ridiculous nonsense and you never listen.",
         Known()),
        ("disrespect", "These idiots parked on the tracks again.", Known()),
        ("no_reason", "You must stay away from the park on Sunday, everybody, all day.", Known()),
        ("no_next", "There was a homicide on Pine Street last night. The road is closed.", Known()),
        ("no_apology", "We were wrong about the road. The closure is on Mill Street.", Known()),
        ("no_thanks", "With your help the missing bike of the school is back today.", Known()),
        ("long_sentence", "Officers " + "went along the road and " * 8 + "came back.", Known()),
        ("hard_words", "Please check your door prior to leaving.", Known()),
        ("hard_to_read", "Municipal administrations continuously necessitate organisational "
         "considerations regarding infrastructural responsibilities, notwithstanding legislative "
         "uncertainties surrounding constitutional jurisdictional accountability determinations "
         "concerning intergovernmental negotiations and administrative simplification.", Known()),
        ("hashtag", "Slow down. #roadsafetyweek", Known()),
        ("emoji", "Well done 🎉🎉🎉🎉", Known()),
        ("shouting", "STAY OFF THE ROADS TONIGHT please", Known()),
        ("link_text", "Read more: https://portsable.example/x", Known()),
        ("alt_text", "Look at our dog.", Known(pictures=("IMG_2034.jpg",))),
        ("many_acts", "Call us. Visit the site. Follow us. Share this. Stay safe.", Known()),
        ("hidden_sign", "The road is \u202eopen\u202c now.", Known()),
        ("hidden_sign", "Do not\u200b drive tonight.", Known()),
        ("hidden_sign", "\ufeffDo not drive tonight.", Known()),
        ("two_alphabets", "Write to the p\u043elice desk.", Known()),
        ("two_alphabets", "See portsablep\u043elice.example today", Known()),
        ("false_address", "Details: https://police.example@evil.example/x", Known()),
        ("false_address", "Details: https://xn--plice-9gg.example/x", Known()),
        ("false_address", "Details: https://аррӏе.com/x", Known()),
        ("hidden_sign", "Do not \u2066drive\u2069 tonight.", Known()),
    ],
)  # fmt: skip
def test_softer_rules_find_what_they_are_for(rule, text, known):
    assert rule in {f.rule for f in coach_all(text, "en", known)}


@pytest.mark.parametrize(
    ("rule", "text", "known"),
    [
        ("no_resource", "You are not alone: 1 800 555 0100.",
         Known(help=Help(of_a_moment=True, resources=(("Line", "1-800-555-0100", ""),)))),
        ("no_emergency_number", "He is armed and dangerous. Call 911.", Known()),
        ("no_reason", "You must stay away from the park because of a gas leak near the gate.",
         Known()),
        ("no_apology", "We were wrong about the road. We are sorry for that.", Known()),
        ("hashtag", "Slow down. #RoadSafetyWeek", Known()),
        ("emoji", "Well done 🎉", Known()),
        ("link_text", "Road closures: https://portsable.example/x", Known()),
        ("alt_text", "Look at our dog.", Known(pictures=("A brown dog with a police collar.",))),
        ("many_acts", "Call us if you saw it.", Known()),
        ("hidden_sign", "Found safe 🎉 thank you 👮🏽\u200d♀️👩\u200d👩\u200d👧 🇨🇦", Known()),
        ("hidden_sign", "\u200fالطريق مغلق حتى الظهر, نی\u200cخواهم", Known()),
        ("two_alphabets", "A 5 µm filter, 10 kΩ, and Δv of x", Known()),
        ("two_alphabets", "0.1 μSv, 10μg, 12μm, 5kΩ, 2πr, TNFα", Known()),
        ("hidden_sign", "خانهٔ\u200cما, \u2068555-0100\u2069 اتصل", Known()),
        ("hidden_sign", "ක්\u200dරමය, ప్\u200cర, ന്\u200d", Known()),
        ("hidden_sign", "ตำรวจ\u200bปิดถนน", Known()),
        ("false_address", "Détails : https://québec.example/x", Known()),
        ("two_alphabets", "Москва and Athens (Αθήνα)", Known()),
        ("false_address", "Details: https://police.example/@desk and desk@police.example", Known()),
    ],
)  # fmt: skip
def test_softer_rules_are_silent_where_all_is_well(rule, text, known):
    assert rule not in {f.rule for f in coach_all(text, "en", known)}


def test_acknowledging_and_hedging_score_higher_than_hammering():
    kind = (
        "I understand your point and I agree with some of it. Perhaps we could also look at cost?"
    )
    blunt = (
        "You are wrong. That is not true and it never was. People just always say this nonsense."
    )

    assert coach(kind, "en").receptiveness > coach(blunt, "en").receptiveness + 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [("black", "white"), ("Muslim", "Hindus"), ("woman", "girls"), ("migrant", "lesbian")],
)
def test_no_name_of_a_group_of_people_makes_a_text_more_or_less_receptive(one, other):
    said = "I understand why the {} people next door are worried about their street."
    scores = {coach(said.format(group), "en").receptiveness for group in (one, other)}

    assert len(scores) == 1


def test_every_reason_that_quotes_a_word_quotes_one_of_the_text_and_says_what_it_adds():
    text = "I understand your view, and the study shows that perhaps nobody is wrong here."
    reasons = coach(text, "en").reasons

    assert len(reasons) == 5
    assert all(r["quote"].lower() in text.lower() and r["adds"] for r in reasons)
    assert [abs(r["adds"]) for r in reasons] == sorted(abs(r["adds"]) for r in reasons)[::-1]


def test_french_has_its_own_words_for_the_features():
    kind = (
        "Je comprends votre point de vue et je suis d'accord. Peut-être pourrions-nous en parler ?"
    )
    blunt = "Vous avez tort. C'est faux et absurde, vous ne comprenez jamais rien."

    assert coach(kind, "fr").receptiveness > coach(blunt, "fr").receptiveness


def test_long_words_and_sentences_are_a_higher_grade():
    plain = "The road is shut. Use the bridge. It will open at six. Thank you. " * 3
    hard = "Notwithstanding infrastructural considerations, municipal authorities necessitate " * 5

    assert coach(hard, "en").grade > coach(plain, "en").grade + 5


@pytest.mark.parametrize("text", ["A" * 20_000, "a. " * 7_000, "((((" * 4_000, "Jo Ann " * 3_000,
                                  "the the " * 2_500, "1 2 3 " * 3_000, "\u202eа" * 9_000,
                                  "https://a@" * 1_900])  # fmt: skip
def test_no_text_takes_the_coach_long(text):
    begun = time.process_time()
    coach(text, "en")

    assert time.process_time() - begun < 5


def test_the_coach_needs_no_django():
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from commonground.say.engine.coach import coach\n"
        "assert coach('We arrested the killer.').stops"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_two_marks_weigh_together_is_told_half_with_each():
    whole = model("en")
    seen = see(Reading("I understand your point, but I think the police are right. Perhaps?", "en"))
    z = {n: standard(seen.counted[n], f.mean, f.deviation) for n, f in whole.features.items()}

    shared = whole.shared(z)

    products = sum(w * z[a] * z[b] for (a, b), w in whole.together.items())
    assert sum(shared.values()) == pytest.approx(products)
    (one, other), weight = next((p, w) for p, w in whole.together.items() if p[0] != p[1] and w)
    alone = dict.fromkeys(z, 0.0) | {one: 1.0, other: 2.0}
    only = replace(whole, together={(one, other): weight})
    assert only.shared(alone) == {one: pytest.approx(weight), other: pytest.approx(weight)}
    assert whole.shared(dict.fromkeys(z, 0.0)) == dict.fromkeys(shared, 0.0)


def test_a_reason_is_told_for_every_weight_of_the_score():
    whole = model("en")
    reading = Reading("Thank you. I disagree, because you must obey the law, always.", "en")
    seen = see(reading)

    told = [whole.parts(seen.counted), whole.phrases.parts(seen.phrases),
            whole.opening.parts(seen.opening), whole.said(seen.words)]  # fmt: skip

    assert whole.score(seen) == pytest.approx(
        whole.intercept + sum(sum(parts.values()) for parts in told)
    )
    assert whole.together


def test_french_borrows_no_pairs():
    assert model("fr").together == {}
