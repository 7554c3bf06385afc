"""One agency's ear: authors become voices here, and go no further."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib import import_module
from typing import cast
from uuid import UUID

from django.conf import settings

from commonground.agency.models import Agency
from commonground.hear import actions
from commonground.hear.actions import Catch
from commonground.hear.contract import Finding, Listener, Slice
from commonground.hear.engine.blocks import Asked, Block
from commonground.hear.engine.heard import Heard, Skipped, Told, upstream_of
from commonground.hear.engine.matching import Matcher, Watch
from commonground.hear.engine.phrasebook import phrasebook
from commonground.hear.engine.reducing import voice
from commonground.hear.listening.got import Known
from commonground.hear.listening.readers import Readers
from commonground.hear.models import Source, Topic
from commonground.protect.actions import NamesHeard

DAY = 86_400
AGAIN = Skipped("")  # heard before: it counts for nothing, and says only how far we are
MOST_LINES = 4_000  # of a block; more at once no longer fit the processor's cache
LATEST_AHEAD = 3600.0  # seconds; other people's clocks
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


@dataclass(slots=True)
class Unread:
    """What a source that carries a whole network said since it was last looked at."""

    source: Source
    known: Known
    lines: list[bytes] = field(default_factory=list)
    cursor: str = ""


class Ear:
    """Takes what sources give, passes it on in slices, and writes it down if there is a desk."""

    def __init__(
        self, agency: Agency | None = None, *, salts: Salts | None = None,
        readers: Readers | None = None,
    ) -> None:  # fmt: skip
        """`salts`: those of the ear before, so that one voice does not become two in a day."""
        self.agency = agency
        self.salts = salts or Salts(secret=agency is not None)
        watched = watches(agency)
        self.matcher, self.book = Matcher(watched), phrasebook(watched)
        self.readers = readers or Readers()
        # A name is looked at only where it resembles one of ours; all others are let go.
        self.names = NamesHeard(agency) if agency else None
        self.unread: dict[UUID, Unread] = {}
        self.being_read: list[tuple[Unread, Callable[[], Asked]]] = []
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

    def take_line(self, line: bytes, source: Source, cursor: str, known: Known) -> None:
        """A line of a whole network: read with many others at once."""
        unread = self.unread.setdefault(source.pk, Unread(source, known))
        # A line's end within a line is a blank: JSON has none within its strings.
        unread.lines.append(line.replace(b"\n", b" "))
        unread.cursor = cursor or unread.cursor
        if len(unread.lines) >= MOST_LINES:
            self.begin_to_read(source)

    def begin_to_read(self, source: Source) -> None:
        unread = self.unread.pop(source.pk)
        block = Block(unread.lines, latest=time.time() + LATEST_AHEAD)
        self.being_read.append((unread, self.readers.read(block, self.book)))

    def read_all(self) -> None:
        """Take what the blocks gave, in the order they came."""
        for unread in list(self.unread.values()):
            self.begin_to_read(unread.source)
        while self.being_read:
            unread, answer = self.being_read.pop(0)
            self.take_block(unread, answer())

    def take_block(self, unread: Unread, asked: Asked) -> None:
        source, catch = unread.source, self.catch_of(unread.source)
        fresh = [not unread.known.again(mark) for mark in asked.marks]
        catch.marks += [mark for mark, new in zip(asked.marks, fresh, strict=True) if new]
        told = [self.reduced(post, topics) for n, post, topics in asked.posts if fresh[n]]
        self.waiting += told
        catch.posts += told
        catch.items += sum(fresh)
        self.read += sum(fresh)
        self.beside += sum(fresh) - len(told)
        catch.skipped += asked.skipped
        self.skipped += asked.skipped
        self.obey_all(asked.deletions, source)
        # Last, so that nothing of the block is passed over should we be killed before.
        self.catch_of(source).cursor = unread.cursor

    def obey_all(self, deletions: Sequence[Heard], source: Source) -> None:
        if not deletions:
            return
        self.keep_all()
        self.obey({upstream_of(post.id) for post in deletions if post.id}, "", source)
        for post in deletions:
            if not post.id:
                self.obey(set(), post.author, source)

    def hear(self, post: Heard, source: Source | None, catch: Catch) -> None:
        catch.items += 1
        self.read += 1
        if self.names:
            self.names.hear(post.author)
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
        if post.id:
            self.obey({upstream_of(post.id)}, "", source)
        else:
            self.obey(set(), post.author, source)

    def obey(self, gone: set[str], author: str, source: Source | None) -> None:
        """Take back these posts, and all of this author if there is one."""
        page = page_of(author)
        if source:
            # Only voices of days whose salt we still hold can be recognised. Where the links of
            # posts begin with the account's own address, all its posts can.
            theirs = [voice(author, "", s) for s in self.known_salts()] if author else []
            gone = actions.take_back(source, gone, theirs, page)
        self.waiting = [told for told in self.waiting if told.upstream not in gone]
        for listener in self.listeners:
            listener.forget(gone, page)

    def known_salts(self) -> Sequence[bytes]:
        return list(self.salts.by_day.values())

    def pass_on(self, until: float) -> list[Finding]:
        """Give the listeners what waits as the slice that ends here."""
        self.read_all()
        posts = sorted(self.waiting, key=lambda p: (p.at, p.upstream))
        heard = Slice(posts, until, self.beside)
        self.waiting, self.beside = [], 0
        return [finding for one in self.listeners for finding in one.listen(heard)]

    def learn(self, until: float) -> None:
        """The same, of what nobody is to be told about: it only says what is usual."""
        posts = sorted(self.waiting, key=lambda p: (p.at, p.upstream))
        heard = Slice(posts, until, self.beside)
        self.waiting, self.beside = [], 0
        for one in self.listeners:
            one.learn(heard)

    def write_down(self) -> None:
        self.read_all()
        self.keep_all()

    def keep_all(self) -> None:
        for key in list(self.catches):
            actions.keep(self.sources[key], self.catches[key])
            del self.catches[key]  # only now: what could not be written is tried again

    def rest(self) -> None:
        self.write_down()
        if self.names:
            self.names.rest()
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
