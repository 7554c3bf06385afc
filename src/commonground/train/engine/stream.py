"""The stream: everything the city says, in the order it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import count

from commonground.hear.engine.dice import Dice, Weighted
from commonground.hear.engine.grammar import Gap, Phrase, say, tidy
from commonground.train.engine.crowd import Crowd, crowd_of, in_their_way, other_language
from commonground.train.engine.scenario import (
    Event,
    Facet,
    Language,
    Scenario,
    Topic,
    words_of,
)

LONGEST = 480  # the tightest of the networks we listen to allow 300 to 500 characters
OPENS, CLOSES = 0.10, 0.16  # shares of posts with an opener, with a closer
RECENT = 150  # people answer and pass on what they saw lately
# Most people who take a post back do so soon; after half a day hardly anyone does.
TAKEN_BACK_AFTER = 90.0


@dataclass(frozen=True, slots=True)
class Post:
    """One post, or, without a text, word that one was deleted. `minute` is stream time."""

    minute: float
    id: str
    text: str = ""
    language: str = ""
    author: str = ""
    reply_to: str = ""

    def line(self, start: datetime, address: str) -> dict[str, object]:
        """What a reader of the stream gets."""
        at = start + timedelta(milliseconds=int(self.minute * 60_000))
        stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if not self.text:
            return {"id": self.id, "ts": stamp, "deleted": True}
        line: dict[str, object] = {
            "id": self.id, "ts": stamp, "text": self.text, "lang": self.language,
            "author": self.author, "url": address.format(id=self.id),
        }  # fmt: skip
        return line | ({"reply_to": self.reply_to} if self.reply_to else {})


@dataclass(frozen=True, slots=True)
class City:
    """A scenario set to play: on which seed, from when, for how long."""

    scenario: Scenario
    crowd: Crowd
    seed: int
    start: datetime
    minutes: int

    def dice(self, *labels: object) -> Dice:
        return Dice(self.scenario.name, self.seed, *labels)

    def awake(self, minute: float) -> float:
        return self.scenario.wakefulness(self.scenario.local_hour(minute, self.start))


def posts(scenario: Scenario, *, seed: int, start: datetime, hours: int) -> list[Post]:
    """Every post and deletion of the first `hours`, oldest first.

    A shorter stream is the beginning of a longer one. `start` moves the city's clock too:
    what it has for breakfast comes at breakfast, events come so many hours after the start.
    """
    city = City(scenario, crowd_of(scenario), seed, start, hours * 60)
    said = list(chatter(city))
    for event in scenario.events:
        said += event_posts(city, event)
    return sorted(said, key=lambda post: (post.minute, post.id))


def arrivals(rate: Callable[[int], float], minutes: range, dice: Dice) -> Iterator[float]:
    """When things happen that come `rate(minute)` times an hour, by chance."""
    for minute in minutes:
        if (hourly := rate(minute)) <= 0:
            continue
        at = dice.gap(hourly / 60)
        while at < 1:
            yield minute + at
            at += dice.gap(hourly / 60)


def identity(*labels: object) -> str:
    return blake2b("/".join(map(str, labels)).encode(), digest_size=8).hexdigest()


def chatter(city: City) -> Iterator[Post]:
    """What people talk about when nothing happens."""
    scenario = city.scenario
    by_hour = [topics_at(scenario, hour) for hour in range(24)]
    minutes = arrivals(
        lambda m: scenario.posts_an_hour * city.awake(m), range(city.minutes), city.dice("pace")
    )
    for number, minute in enumerate(minutes):
        dice = city.dice("chatter", number)
        hour = int(scenario.local_hour(minute, city.start))
        post = small_talk(city, by_hour[hour].draw(dice), minute, number, dice)
        yield post
        yield from taken_back(post, scenario.taken_back, city, dice)


def topics_at(scenario: Scenario, hour: int) -> Weighted[Topic]:
    curves = scenario.all_curves
    return Weighted([(t, t.weight * curves[t.curve][hour]) for t in scenario.topics])


def small_talk(city: City, topic: Topic, minute: float, number: int, dice: Dice) -> Post:
    who = city.crowd.about_topic(topic.name, dice)
    code = other_language(who.language, list(city.scenario.spoken), dice)
    language = city.scenario.spoken[code]
    text = tidy(remark(language, dice.pick(language.phrases[topic.name]), dice), language.joins)
    text = in_their_way(text, who, topic.emoji, topic.tags, dice)[:LONGEST]
    return Post(minute, identity(city.seed, "chatter", number), text, code, who.author)


def remark(language: Language, spoken: Phrase, dice: Dice) -> str:
    """One phrase of small talk, now and then with a word before it or after."""
    text = say(spoken, language.spoken, dice)
    if language.opening and dice.chance(OPENS):
        opening = say(dice.pick(language.opening), language.spoken, dice)
        text = f"{opening} {mid_sentence(text, spoken)}"
    if language.closing and dice.chance(CLOSES):
        text = f"{text} {say(dice.pick(language.closing), language.spoken, dice)}"
    return text


def mid_sentence(text: str, spoken: Phrase) -> str:
    """Without its capital, unless that belongs to a name from a word list, or to "I"."""
    if isinstance(spoken[0], Gap) or text.startswith("I "):
        return text
    return text[0].lower() + text[1:]


def taken_back(post: Post, share: float, city: City, dice: Dice) -> Iterator[Post]:
    """Word that a post was deleted, if its writer thought better of it in time."""
    if dice.chance(share):
        minute = post.minute + dice.gap(1 / TAKEN_BACK_AFTER)
        if minute < city.minutes:
            yield Post(minute, post.id)


def event_posts(city: City, event: Event) -> Iterator[Post]:
    """What people say about one event, each time it happens."""
    for again in count():
        began = (event.start + again * event.every) * 60
        if began >= city.minutes or (again and not event.every):
            return
        yield from once(city, event, began, again)


def once(city: City, event: Event, began: float, again: int) -> Iterator[Post]:
    talk = Talk(city, event, began, again)
    ends = min(city.minutes, int(began + event.every * 60)) if event.every else city.minutes
    minutes = range(int(began), ends)
    for number, minute in enumerate(arrivals(talk.rate, minutes, talk.dice("pace"))):
        dice = talk.dice(number)
        facet, post = talk.post(minute, number, dice)
        yield post
        yield from taken_back(post, facet.taken_back or city.scenario.taken_back, city, dice)


class Talk:
    """The talk about one event: what was said so far shapes what is said next."""

    def __init__(self, city: City, event: Event, began: float, again: int) -> None:
        self.city, self.event, self.began, self.again = city, event, began, again
        self.languages = Weighted(list(event.languages.items()))
        self.words = {code: words_of(city.scenario, event, code) for code in event.languages}
        self.said: list[Post] = []

    def dice(self, *labels: object) -> Dice:
        return self.city.dice("event", self.event.name, self.again, *labels)

    def rate(self, minute: int) -> float:
        awake = self.city.awake(minute)
        return sum(
            wave.rate(minute - self.began) * (awake if wave.sleeps else 1.0)
            for wave in self.event.waves
        )

    def post(self, minute: float, number: int, dice: Dice) -> tuple[Facet, Post]:
        """The next post: a reply, something passed on, or somebody's own words."""
        turn = dice.fraction()
        recent = self.said[-RECENT:]
        if recent and turn < self.event.replies:
            made = self.reply(minute, number, dice.pick(recent), dice)
        elif recent and turn < self.event.replies + self.event.repeats + self.event.near_repeats:
            near = turn >= self.event.replies + self.event.repeats
            made = self.passed_on(minute, number, dice.pick(recent), near, dice)
        else:
            made = None
        facet, post = made or self.own_words(minute, number, dice)
        self.said.append(post)
        return facet, post

    def own_words(
        self, minute: float, number: int, dice: Dice, code: str = "", to: Post | None = None
    ) -> tuple[Facet, Post]:
        code = code or self.languages.draw(dice)
        facet = self.facets(minute, code, reply=to is not None).draw(dice)
        who = self.city.crowd.in_language(code, dice)
        text = say(dice.pick(facet.phrases[code]), self.words[code], dice)
        text = tidy(text, self.city.scenario.spoken[code].joins)
        text = in_their_way(text, who, self.event.emoji, self.event.tags, dice)[:LONGEST]
        return facet, Post(
            minute, self.identity(number), text, code, who.author, to.id if to else ""
        )

    def reply(self, minute: float, number: int, to: Post, dice: Dice) -> tuple[Facet, Post] | None:
        if not self.facets(minute, to.language, reply=True):
            return None
        return self.own_words(minute, number, dice, to.language, to)

    def passed_on(
        self, minute: float, number: int, first: Post, near: bool, dice: Dice
    ) -> tuple[Facet, Post]:
        """The same words from another mouth, or nearly the same."""
        who = self.city.crowd.in_language(first.language, dice)
        text = first.text
        if near:
            text = passed_on_words(
                self.city.scenario.spoken[first.language].near_repeats, text, dice
            )
        post = Post(minute, self.identity(number), text[:LONGEST], first.language, who.author)
        return self.event.facets[0], post

    def facets(self, minute: float, code: str, *, reply: bool) -> Weighted[Facet]:
        age = minute - self.began
        return Weighted(
            [
                (f, f.weight)
                for f in self.event.facets
                if f.reply == reply and f.says.get(code) and f.after <= age < f.until
            ]
        )

    def identity(self, number: int) -> str:
        return identity(self.city.seed, self.event.name, self.again, number)


def passed_on_words(ways: Iterable[str], text: str, dice: Dice) -> str:
    return dice.pick(list(ways)).replace("{it}", text)
