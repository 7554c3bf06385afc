"""One agency's ear: authors become voices here, and go no further."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from importlib import import_module
from typing import cast
from uuid import UUID

from django.conf import settings

from commonground.agency.models import Agency
from commonground.hear import actions
from commonground.hear.actions import Catch
from commonground.hear.contract import Finding, Listener, Slice
from commonground.hear.engine.heard import Heard, Skipped, Told, upstream_of
from commonground.hear.engine.matching import Matcher, Watch
from commonground.hear.engine.reducing import voice
from commonground.hear.models import Source, Topic

DAY = 86_400
AGAIN = Skipped("")  # heard before: it counts for nothing, and says only how far we are
DAYS_OF_SALT = 3  # a stream may be late by hours around midnight; older salts are gone


class Salts:
    """A new secret each day, in memory only. Thrown away, it takes all voices with it."""

    def __init__(self, *, secret: bool) -> None:
        self.secret = secret
        self.by_day: dict[int, bytes] = {}

    def on(self, at: float) -> bytes:
        day = int(at // DAY)
        if day not in self.by_day:
            self.by_day[day] = self.new(day)
            for old in sorted(self.by_day)[:-DAYS_OF_SALT]:
                del self.by_day[old]
        return self.by_day.get(day) or self.new(day)

    def new(self, day: int) -> bytes:
        # An analysis stores nothing, and the same file must give the same moments twice.
        return secrets.token_bytes(32) if self.secret else blake2b(b"%d" % day).digest()


class Ear:
    """Takes what sources give, passes it on in slices, and writes it down if there is a desk."""

    def __init__(self, agency: Agency | None = None, *, salts: Salts | None = None) -> None:
        """`salts`: those of the ear before, so that one voice does not become two in a day."""
        self.agency = agency
        self.salts = salts or Salts(secret=agency is not None)
        self.matcher = Matcher(watches(agency))
        names = [topic.name for topic in self.matcher.topics]
        self.listeners = listeners(agency.pk if agency else None, names)
        self.waiting: list[Told] = []
        self.beside = 0
        self.catches: dict[UUID, Catch] = {}
        self.sources: dict[UUID, Source] = {}
        self.read = 0
        self.skipped: Counter[str] = Counter()

    def take(
        self, item: Heard | Skipped, source: Source | None = None, cursor: str = "",
        mark: bytes = b"",
    ) -> None:  # fmt: skip
        catch = self.catch_of(source)
        catch.cursor = cursor or catch.cursor
        catch.marks.append(mark)
        if item is AGAIN:
            return
        if isinstance(item, Skipped):
            catch.skipped[item.why] += 1
            self.skipped[item.why] += 1
        elif item.deleted:
            self.take_back(item, source)
        else:
            self.hear(item, source, catch)

    def hear(self, post: Heard, source: Source | None, catch: Catch) -> None:
        catch.items += 1
        self.read += 1
        near = not (source and source.whole_network)
        topics = self.matcher.topics_of(post.text, post.lang, near=near)
        if not near and not topics:
            self.beside += 1
            return
        told = self.reduced(post, topics)
        self.waiting.append(told)
        if source:
            catch.posts.append(told)

    def reduced(self, post: Heard, topics: tuple[str, ...]) -> Told:
        said_by = voice(post.author, post.id, self.salts.on(post.at))
        return Told(upstream_of(post.id), post.at, post.text, post.lang, post.url, said_by, topics)

    def catch_of(self, source: Source | None) -> Catch:
        if source is None:
            return Catch()
        self.sources[source.pk] = source
        return self.catches.setdefault(source.pk, Catch())

    def take_back(self, post: Heard, source: Source | None) -> None:
        """Obey a deletion: first write down what waits, so that nothing slips through between."""
        self.write_down()
        gone = {upstream_of(post.id)} if post.id else set()
        page = "" if post.id else page_of(post.author)
        if source:
            # Only voices of days whose salt we still hold can be recognised. Where the links of
            # posts begin with the account's own address, all its posts can.
            theirs = [] if post.id else [voice(post.author, "", s) for s in self.known_salts()]
            gone = actions.take_back(source, gone, theirs, page)
        self.waiting = [told for told in self.waiting if told.upstream not in gone]
        for listener in self.listeners:
            listener.forget(gone, page)

    def known_salts(self) -> Sequence[bytes]:
        return list(self.salts.by_day.values())

    def pass_on(self, until: float) -> list[Finding]:
        """Give the listeners what waits as the slice that ends here."""
        posts = sorted(self.waiting, key=lambda p: (p.at, p.upstream))
        heard = Slice(posts, until, self.beside)
        self.waiting, self.beside = [], 0
        return [finding for one in self.listeners for finding in one.listen(heard)]

    def write_down(self) -> None:
        for key in list(self.catches):
            actions.keep(self.sources[key], self.catches[key])
            del self.catches[key]  # only now: what could not be written is tried again

    def rest(self) -> None:
        self.write_down()
        for listener in self.listeners:
            listener.rest()

    def finish(self) -> list[Finding]:
        self.write_down()
        return [finding for one in self.listeners for finding in one.finish()]


def page_of(author: str) -> str:
    """What the links of all posts of an account begin with; nothing where that is not known."""
    if author.startswith("did:"):
        return f"https://bsky.app/profile/{author}/"
    return f"{author.rstrip('/')}/" if author.startswith("https://") else ""


def watches(agency: Agency | None) -> list[Watch]:
    if agency is None:
        return []
    live = Topic.objects.filter(agency=agency).live()
    return [Watch(t.name, t.watch, t.exclude, t.called) for t in live]


def listeners(agency: UUID | None, topics: Iterable[str]) -> list[Listener]:
    """Those the settings name: HEAR need not know who they are."""
    found = []
    for path in settings.LISTENERS:
        module, _, name = path.rpartition(".")
        listener = getattr(import_module(module), name)
        found.append(cast("Listener", listener(agency, list(topics))))
    return found
