"""Plain and reachable: can everybody read it, hear it, and see what to do?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import pyphen
import regex

from commonground.say.engine.coach.lists import any_of, lists, plainer
from commonground.say.engine.coach.reading import LINK, WORD, Reading, found_out
from commonground.say.engine.coach.remarks import Found

LONGEST_SENTENCE = 25  # words; GOV.UK's own limit
HARDEST = 11.0  # school years; above it most of a town's readers struggle
FEWEST_WORDS = 20  # a grade of less text is noise
SURE_OF_LANGUAGE = 12  # words, below which a text's language is not judged
MOST_EMOJI = 3
MOST_ACTS = 3
HASHTAG = regex.compile(r"(?<![\w/#])#(\p{L}[\p{L}\d_]{9,})")
EMOJI = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}--[\d#*©®™ℹ]]", regex.V1)
SHOUT = regex.compile(r"(?:\b\p{Lu}{2,}\b[ ,'-]*){4,}")
NAMES = {"en": {"en": "English", "fr": "French"}, "fr": {"en": "anglais", "fr": "français"}}
# Verbs that ask the reader to do something, at the start of a clause.
ENGLISH_ACTS = """
call report visit follow avoid stay check lock slow watch keep email share remember sign register
download bring wear leave turn drive walk look tell contact join text read
"""
FRENCH_ACTS = """
appelez signalez visitez suivez evitez restez verifiez verrouillez ralentissez surveillez gardez
ecrivez partagez rappelez inscrivez telechargez apportez portez quittez eteignez conduisez regardez
dites contactez joignez consultez lisez composez
"""
ACTS = {"en": ENGLISH_ACTS, "fr": FRENCH_ACTS}


def hard_to_take_in(
    reading: Reading, pictures: Sequence[str] = (), marked: str | None = None
) -> Iterator[Found]:
    """`pictures`: the words of each picture. `marked`: the language the writer chose."""
    yield from about_language(reading, marked)
    yield from about_sentences(reading)
    yield from about_words(reading)
    yield from about_signs(reading)
    yield from about_links(reading)
    yield from about_pictures(reading, pictures)
    yield from about_acts(reading)


def about_language(reading: Reading, marked: str | None) -> Iterator[Found]:
    if marked is None or len(reading.spoken_words) < SURE_OF_LANGUAGE:
        return
    read = found_out(reading.plain.text)
    if marked in NAMES and read != marked:
        named = (("marked", marked), ("read", read))
        yield Found("other_language", 0, len(reading.text), 0, named)


def about_sentences(reading: Reading) -> Iterator[Found]:
    for sentence in reading.sentences:
        said = LINK.sub(" ", reading.words.text[sentence.start : sentence.end])
        count = len(WORD.findall(said))
        if count > LONGEST_SENTENCE:
            span = reading.place(sentence)
            yield Found("long_sentence", *span, count, (("count", str(count)),))
    level = grade(reading)
    if level > HARDEST:
        yield Found("hard_to_read", 0, len(reading.text), level, (("grade", f"{level:.0f}"),))


def about_words(reading: Reading) -> Iterator[Found]:
    known = plainer(reading.language)
    for match in hard_words(reading.language).finditer(reading.plain.text):
        better = known[" ".join(match.group().lower().split())]
        span = reading.plain.span(*match.span())
        mark = reading.text[span[0] : span[1]]
        yield Found("hard_words", *span, 0, (("mark", mark), ("better", better)))


@cache
def hard_words(language: str) -> regex.Pattern[str]:
    return any_of(plainer(language))


def about_signs(reading: Reading) -> Iterator[Found]:
    for tag in HASHTAG.finditer(reading.text):
        if tag.group(1).islower() or tag.group(1)[1:].islower():
            yield Found("hashtag", tag.start(), tag.end(), 0, (("mark", tag.group()),))
    emoji = [m.span() for m in EMOJI.finditer(reading.text)]
    if len(emoji) > MOST_EMOJI:
        named = (("count", str(len(emoji))),)
        yield Found("emoji", emoji[0][0], emoji[-1][1], 0, named)
    for match in SHOUT.finditer(reading.text):
        yield Found("shouting", match.start(), match.start() + len(match.group().rstrip(" ,'-")))


def about_links(reading: Reading) -> Iterator[Found]:
    for link in LINK.finditer(reading.plain.text):
        before = regex.split(r"[.!?\n]", reading.plain.text[: link.start()].rstrip(" :.\n"))[-1]
        last = before.strip(" :-→👉")
        vague = lists(reading.language)["link_says"].fullmatch(last) is not None
        if not regex.search(r"\p{L}", last) or vague:
            yield Found("link_text", *reading.plain.span(*link.span()))


def about_pictures(reading: Reading, pictures: Sequence[str]) -> Iterator[Found]:
    empty = lists(reading.language)["empty_alt"]
    for words in pictures:
        bare = words.strip(" .").lower()
        if (
            not bare
            or empty.fullmatch(bare)
            or regex.fullmatch(r"[\w-]+\.(?:jpe?g|png|webp)", bare)
        ):
            yield Found("alt_text", *reading.last, 0, (("mark", words),))


def about_acts(reading: Reading) -> Iterator[Found]:
    asked = [m.span("act") for m in acts(reading.language).finditer(reading.words.text)]
    if len(asked) > MOST_ACTS:
        span = reading.words.span(*asked[MOST_ACTS])
        yield Found("many_acts", *span, 0, (("count", str(len(asked))),))


@cache
def acts(language: str) -> regex.Pattern[str]:
    verbs = "|".join(ACTS[language].split())
    lead = r"(?:^|[.!?\n:;•*-]\s*|\b(?:please|and|or|then|merci de|et|ou|puis)\s+)"
    return regex.compile(lead + rf"(?P<act>(?:{verbs}))\b", regex.IGNORECASE | regex.MULTILINE)


def grade(reading: Reading) -> float:
    """Years of school needed to read it easily; 0 for a text too short to say.

    English: Flesch-Kincaid grade (Kincaid et al. 1975). French: the reading ease of Kandel and
    Moles (1958), read off on the same scale of years as English ease is.
    """
    words = reading.spoken_words
    if len(words) < FEWEST_WORDS:
        return 0.0
    a_sentence = len(words) / max(len(reading.sentences), 1)
    a_word = sum(syllables(w, reading.language) for w in words) / len(words)
    if reading.language == "en":
        level = 0.39 * a_sentence + 11.8 * a_word - 15.59
    else:
        # Ease 100 is four years of school, and each 10 below it about 1.3 years more.
        level = 4 + (100 - (207 - 1.015 * a_sentence - 73.6 * a_word)) * 0.13
    return round(min(max(level, 0.0), 20.0), 1)


@cache
def hyphens(language: str) -> pyphen.Pyphen:
    # One letter on either side, or short words would all count as one syllable.
    return pyphen.Pyphen(lang={"en": "en_US", "fr": "fr_FR"}[language], left=1, right=1)


def syllables(word: str, language: str) -> int:
    """By the places where a printer may divide the word, which follow syllables closely."""
    return len(hyphens(language).positions(word)) + 1
