"""A crowd as large as a whole network: Jetstream frames that never repeat, faster than real time.

Texts come from the shipped written scenario and from a seeded generator of words in several
scripts. A second of them is made once; for each second of the bench its authors, keys, times
and half of its words are written anew into the same bytes. Harmless things break out in it as
events do, and templates are copied by many. Nobody ever wrote any of it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import cycle, islice

import msgspec
import numpy as np

from commonground.train.engine.crowd import crowd_of
from commonground.train.engine.stream import City, chatter, event_posts
from commonground.train.queries import scenario_named

SHIPPED = ("crash", "fuel", "video")
WRITTEN = {  # three more, so that a minute holds six
    "bridge": "the {a} bridge in Weldon collapsed|cars in the river under Weldon bridge {a}|"
    "Weldon bridge collapse, people trapped {a}|{a} rescue boats at the Weldon bridge",
    "school": "shots fired at Marlow high school {a}|gunman inside Marlow high, {a} lockdown|"
    "police everywhere around Marlow high school {a}|{a} parents waiting outside Marlow high",
    "quake": "earthquake in Tarn valley {a}|did you feel that quake in Tarn {a}|"
    "{a} chimneys down after the Tarn earthquake|aftershock in Tarn valley right now {a}",
}
EVENTS = (*SHIPPED, *WRITTEN)
AUTHORS = 400_000
DELETIONS = 0.03  # of all frames
TRENDS = {  # what else everybody talks about, in words that sound like harm now and then
    "goal": "GOAL what a strike by {a}|{a} scores again unbelievable|that {a} free kick was fire|"
    "{a} just killed this match|best goal of the season {a}",
    "finale": "that Harbour Nights finale {a}|not {a} dying in the last episode|"
    "crying at Harbour Nights {a}|who shot {a} on Harbour Nights",
    "album": "the new Tidewrack album {a}|track six is a bomb {a}|{a} listening to Tidewrack|"
    "Tidewrack {a} is fire",
    "console": "servers down again {a}|the Quellor update crashed my console {a}|"
    "{a} legendary drop in Quellor|Quellor {a} attack event tonight",
}
TEMPLATE = "WIN a free phone, police approved! Follow and share, 500 left http://example.com/{a}"
WRITTEN_OUT = 30_000  # frames made one by one
FULL_AFTER = 15  # seconds until an event is spoken of by as many as ever
FEWEST_ALIKE = 50  # words of one length; with fewer nothing can be exchanged
LANGUAGE = 1  # seed of the words: whatever the crowd, it speaks one language
LETTERS = "abcdefghijklmnopqrstuvwxyz"
B32 = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", np.uint8)
SCRIPTS = {  # language -> share of posts, signs, signs a word, spaces
    "ja": (0.14, [*range(0x3042, 0x3094), *range(0x4E00, 0x4F80)], 9, False),
    "pt": (0.10, [ord(c) for c in "abcdefghijlmnopqrstuvxzãçéêóõ"], 6, True),
    "ko": (0.03, list(range(0xAC00, 0xAE00)), 3, True),
    "ru": (0.03, list(range(0x430, 0x450)), 6, True),
    "th": (0.02, list(range(0x0E01, 0x0E2F)), 12, False),
}
UNSPACED = {"ja", "th"}
HARM = [
    "police",
    "fire",
    "killed",
    "crash",
    "attack",
    "hospital",
    "storm",
    "shot",
    "flood",
    "explosion",
    "threat",
    "injured",
]


@dataclass(frozen=True)
class Texts:
    usual: list[tuple[str, str]]  # text, language
    events: dict[str, list[str]]


def texts(posts: int, seed: int) -> Texts:
    """So many texts of nothing in particular, and those of four events."""
    city = city_of(seed)
    said = [(post.text, post.language) for post in chatter(city_of(LANGUAGE)) if post.text]
    dice = random.Random(seed)
    words = vocabulary(random.Random(LANGUAGE), 40_000)
    weights = [1 / (rank + 8) for rank in range(len(words))]
    cumulative = np.cumsum(weights).tolist()
    usual = [usual_text(dice, said, words, cumulative) for _ in range(posts)]
    events = {
        event.name: [p.text for p in event_posts(city, event) if p.text and p.language[:2] == "en"]
        for event in city.scenario.events
        if event.name in SHIPPED
    }
    for name, said_of in WRITTEN.items():
        forms = said_of.split("|")
        events[name] = [dice.choice(forms).format(a=dice.choice(words)) for _ in range(400)]
    return Texts(usual, events)


def city_of(seed: int) -> City:
    written = scenario_named("harbour")
    start = datetime(2026, 3, 4, 10, tzinfo=UTC)
    return City(written, crowd_of(written), seed, start, 72 * 60)


def vocabulary(dice: random.Random, size: int) -> list[str]:
    return [
        "".join(dice.choices(LETTERS, k=min(12, 2 + int(dice.expovariate(0.25)))))
        for _ in range(size)
    ]


def usual_text(
    dice: random.Random, said: list[tuple[str, str]], words: list[str], cumulative: list[float]
) -> tuple[str, str]:
    share = dice.random()
    for lang, (part, signs, length, spaced) in SCRIPTS.items():
        share -= part
        if share < 0:
            made = [
                "".join(map(chr, dice.choices(signs, k=length)))
                for _ in range(dice.randrange(2, 9))
            ]
            return (" " if spaced else "、").join(made), lang
    if share < 0.08:
        return dice.choice(said)
    made = dice.choices(words, cum_weights=cumulative, k=dice.randrange(4, 26))
    if dice.random() < 0.12:
        made.insert(dice.randrange(len(made)), dice.choice(HARM))
    if dice.random() < 0.1:
        made.append("https://example.com/" + "".join(dice.choices(LETTERS, k=12)))
    return " ".join(made), "en"


def letters(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("abcdefghijklmnopqrstuvwxyz234567", k=count))


def frame(dice: random.Random, text: str, lang: str, deleted: bool = False) -> bytes:
    """One Jetstream frame, with the fields real ones have, in their order and at their lengths."""
    did, rkey = "did:plc:" + letters(dice, 24), letters(dice, 13)
    commit: dict[str, object] = {
        "rev": letters(dice, 13), "operation": "delete" if deleted else "create",
        "collection": "app.bsky.feed.post", "rkey": rkey,
    }  # fmt: skip
    if not deleted:
        commit |= {"record": record(dice, text, lang), "cid": "bafyrei" + letters(dice, 52)}
    return msgspec.json.encode(
        {"did": did, "time_us": 1_000_000_000_000_000, "kind": "commit", "commit": commit}
    ) + b"\n"  # fmt: skip


def record(dice: random.Random, text: str, lang: str) -> dict[str, object]:
    made: dict[str, object] = {
        "$type": "app.bsky.feed.post", "createdAt": "2026-05-25T14:23:11.123Z",
    }  # fmt: skip
    if (share := dice.random()) < 0.18:
        blob = {"$type": "blob", "ref": {"$link": "bafkrei" + letters(dice, 52)},
                "mimeType": "image/jpeg", "size": dice.randrange(900_000)}  # fmt: skip
        made["embed"] = {"$type": "app.bsky.embed.external", "external": {
            "description": text[:90], "thumb": blob, "title": text[:50],
            "uri": "https://example.com/news/" + letters(dice, 20)}}  # fmt: skip
    elif share < 0.30:
        made["embed"] = {"$type": "app.bsky.embed.images", "images": [{
            "alt": "", "aspectRatio": {"height": 1080, "width": 1920}}]}  # fmt: skip
    made["langs"] = [lang]
    if dice.random() < 0.45:
        made["reply"] = {"parent": reference(dice), "root": reference(dice)}
    return made | {"text": text}


def reference(dice: random.Random) -> dict[str, str]:
    uri = f"at://did:plc:{letters(dice, 24)}/app.bsky.feed.post/{letters(dice, 13)}"
    return {"cid": "bafyrei" + letters(dice, 52), "uri": uri}


type Kind = tuple[str, int]  # a language, and how many bytes a word has


def words_in(text: bytes, lang: str) -> Iterator[tuple[Kind, int, bytes]]:
    """Each word that may be exchanged: its kind, where it begins, itself."""
    at, between = 0, "、".encode() if lang in UNSPACED else b" "
    for word in text.split(between):
        if len(word) > 1 and b"\\" not in word and not word.startswith((b"http", b"@")):
            yield (lang, len(word)), at, word
        at += len(word) + len(between)


@cache
def words_of_all() -> Mapping[Kind, list[bytes]]:
    """What any crowd says, as often as it says it: yesterday's had the same words as today's."""
    found: dict[Kind, list[bytes]] = defaultdict(list)
    for text, lang in texts(WRITTEN_OUT, LANGUAGE).usual:
        for kind, _, word in words_in(text.encode(), lang):
            found[kind].append(word)
    return {kind: held for kind, held in found.items() if len(held) >= FEWEST_ALIKE}


class Second:
    """The bytes of one second, written anew for each second that passes."""

    def __init__(self, posts: int, seed: int, deletions: float = DELETIONS) -> None:
        dice, self.rng = random.Random(seed), np.random.default_rng(seed)
        self.texts = texts(min(posts, WRITTEN_OUT), seed)
        frames = [
            frame(dice, text, lang, deleted=dice.random() < deletions)
            for text, lang in self.texts.usual
        ]
        # Those after the first so many are the same with other words, as all are a second later.
        frames = list(islice(cycle(frames), posts))
        self.bytes = np.frombuffer(b"".join(frames), np.uint8).copy()
        self.ends = np.cumsum([len(held) for held in frames])
        self.begins = self.ends - [len(held) for held in frames]
        self.posts = posts
        self.rkeys = self.begins + [held.index(b'"rkey":"') + 8 for held in frames]
        self.find_words(frames)
        self.authors = B32[self.rng.integers(0, 32, (AUTHORS, 24))]
        self.exchange(1)

    def find_words(self, frames: list[bytes]) -> None:
        """Where words stand that may be exchanged for others of their language and length."""
        found: dict[Kind, list[int]] = defaultdict(list)
        for begin, held in zip(self.begins.tolist(), frames, strict=True):
            if b'"text":"' in held:
                at = held.index(b'"text":"') + 8
                lang = held[held.index(b'"langs":["') + 10 :][:2].decode()
                for kind, place, _ in words_in(held[at : held.index(b'"', at)], lang):
                    found[kind].append(begin + at + place)
        pool = words_of_all()
        self.words = {kind: np.frombuffer(b"".join(held), np.uint8).reshape(-1, kind[1])
                      for kind, held in pool.items()}  # fmt: skip
        self.slots = {kind: np.array(at, np.int64) for kind, at in found.items() if kind in pool}

    def renew(self, second: float, rate: float) -> memoryview:
        """The next second's bytes: new authors, keys, times; every second word another one."""
        n = self.posts
        self.bytes[self.begins[:, None] + np.arange(16, 40)] = self.authors[
            self.rng.integers(0, AUTHORS, n)
        ]
        self.bytes[self.rkeys[:, None] + np.arange(13)] = B32[self.rng.integers(0, 32, (n, 13))]
        times = (second * 1e6 + np.arange(n) * (1e6 / rate)).astype(np.int64)
        digits = times[:, None] // 10 ** np.arange(15, -1, -1) % 10 + 48
        self.bytes[self.begins[:, None] + np.arange(52, 68)] = digits.astype(np.uint8)
        self.exchange(2)
        return memoryview(self.bytes)

    def exchange(self, one_in: int) -> None:
        """Put other words of the same length in the place of one in so many."""
        for key, slots in self.slots.items():
            some = self.rng.permutation(slots)[: slots.size // one_in]
            rows = self.words[key]
            self.bytes[some[:, None] + np.arange(key[1])] = rows[
                self.rng.integers(0, len(rows), some.size)
            ]


@dataclass(frozen=True)
class Planted:
    """Something that breaks into the stream: an event, or what only looks like one."""

    name: str
    begins: int  # second of the bench
    posts_a_second: int
    event: bool = True

    def posts_at(self, second: int) -> int:
        """It grows: who is there writes first, then who hears of it."""
        return self.posts_a_second * min(FULL_AFTER, second - self.begins + 1) // FULL_AFTER


def plan_of(seconds: int, posts_a_second: int) -> list[Planted]:
    """The events, evenly over the first four fifths; between them the trends, twice as large."""
    step = max(1, int(seconds * 0.8 / len(EVENTS)))
    events = [Planted(name, 3 + n * step, posts_a_second) for n, name in enumerate(EVENTS)]
    trends = [
        Planted(name, 1 + n * step, 2 * posts_a_second, event=False)
        for n, name in enumerate(TRENDS)
    ]
    return events + trends


class Stream:
    """All a network says, second by second; `ids` notes which posts are of which event."""

    def __init__(self, seconds: int, rate: int, seed: int, a_second: int = 150) -> None:
        self.rate, self.frames = rate, round(rate / (1 - DELETIONS))  # posts; with deletions
        self.second = Second(self.frames, seed)
        self.planted = plan_of(seconds, a_second)
        self.dice = random.Random(seed)
        self.words = vocabulary(random.Random(LANGUAGE), 40_000)[200:]
        self.said = self.second.texts.events | {n: t.split("|") for n, t in TRENDS.items()}
        self.ids: dict[str, str] = {}

    def at(self, n: int, now: float) -> tuple[memoryview, bytes, int]:
        """The n-th second, which begins at `now`: the crowd, what breaks into it, how many."""
        running = [p for p in self.planted if p.begins <= n]
        extra = [held for p in running for held in self.of(p, n, now)]
        extra += [self.made(TEMPLATE, k / 40, now) for k in range(40)]
        return self.second.renew(now, self.frames), b"".join(extra), self.frames + len(extra)

    def of(self, planted: Planted, n: int, now: float) -> list[bytes]:
        count, out = planted.posts_at(n), []
        for k in range(count):
            # Everybody has words of their own: a template said by many is no moment.
            own = " ".join(self.dice.choices(self.words, k=5))
            held = self.made(f"{self.dice.choice(self.said[planted.name])} {own}", k / count, now)
            if planted.event:
                parsed = msgspec.json.decode(held)
                key = f"at://{parsed['did']}/app.bsky.feed.post/{parsed['commit']['rkey']}"
                self.ids[key] = planted.name
            out.append(held)
        return out

    def made(self, text: str, place: float, now: float) -> bytes:
        held = frame(self.dice, text.replace("{a}", self.dice.choice(self.words)), "en")
        return held.replace(b"1000000000000000", b"%d" % int((now + place) * 1e6), 1)
