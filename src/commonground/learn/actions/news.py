"""News that arrives by itself: whose feeds we read, what came, and what it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.hear.engine.feeds import NewsItem
from commonground.hear.engine.reading import clean
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn
from commonground.learn import queries, rules
from commonground.learn.actions.coverage import held, read_again
from commonground.learn.engine.extracting import tidy, without_headline
from commonground.learn.engine.matching import Match, match
from commonground.learn.line import NotNow, NotRead, PageSaid
from commonground.learn.models import Article, Coverage, Outlet, Printed
from commonground.learn.models.news import packed
from commonground.record.actions import THE_DESK, capture, witness
from commonground.record.engine.capturing import Answer

OLDEST = timedelta(days=7)  # what is older when we first see it is no news
LATEST = timedelta(hours=1)  # ahead of us: a wrong clock, not a prophet
LOOKS_EVERY = timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=6)
PAGE_PAUSE, MOST_TRIES = timedelta(minutes=5), 5
# What addresses carry for counting readers: without it two of them are one.
COUNTING = {"fbclid", "gclid", "mc_cid", "mc_eid", "ref", "cmp", "at_medium", "at_campaign"}


@transaction.atomic
def add_outlet(*, name: str, feed: str, corrections_to: str, by: Member) -> Outlet:
    """From now on its news arrives by itself."""
    rules.may_change_outlets(by)
    outlet = Outlet.objects.create(
        agency=by.agency, name=name, feed=feed, corrections_to=corrections_to, added_by=by
    )
    witness("add_outlet", outlet, by=by, feed=feed, corrections_to=corrections_to)
    return outlet


@transaction.atomic
def change_outlet(outlet: Outlet, *, name: str, feed: str, corrections_to: str, by: Member) -> None:
    """Another name or feed. What has arrived keeps the name it came under."""
    rules.may_change_outlets(by)
    rules.must_be_ours(outlet.agency_id, by)
    if feed != outlet.feed:
        outlet.cursor, outlet.trouble, outlet.tries = "", "", 0
        outlet.next_at = timezone.now()
    outlet.name, outlet.feed, outlet.corrections_to = name, feed, corrections_to
    outlet.save()
    witness("change_outlet", outlet, by=by, feed=feed, corrections_to=corrections_to)


@transaction.atomic
def switch_outlet(outlet: Outlet, *, on: bool, by: Member) -> None:
    """Read its feed, or leave it alone. What has arrived stays."""
    rules.may_change_outlets(by)
    rules.must_be_ours(outlet.agency_id, by)
    outlet.on, outlet.next_at = on, timezone.now()
    outlet.save(update_fields=["on", "next_at"])
    witness("switch_outlet", outlet, by=by, on=on)


# What the desk does by itself


@transaction.atomic
def take_in(outlet: Outlet, items: Iterable[NewsItem], cursor: str) -> int:
    """Note what a feed named, each once. How many of them were new."""
    now = timezone.now()
    told = [row for item in items if (row := printed_of(outlet, item, now))]
    known = set(outlet.printed.filter(mark__in=[row.mark for row in told]).values_list("mark"))
    new = list({row.mark: row for row in told if (row.mark,) not in known}.values())
    Printed.objects.bulk_create(new, ignore_conflicts=True)
    as_it_was = Outlet.objects.filter(pk=outlet.pk, feed=outlet.feed)
    changes: dict[str, object] = {"looked_at": now, "trouble": "", "tries": 0}
    changes["next_at"] = database_now() + LOOKS_EVERY
    if cursor:
        changes["cursor"] = cursor
    if new:
        changes |= {"last_item_at": now, "items": outlet.items + len(new)}
    as_it_was.update(**changes)
    return len(new)


def printed_of(outlet: Outlet, item: NewsItem, now: datetime) -> Printed | None:
    """An item as a page to be read; None where it leads nowhere, or is no news."""
    url, at = clean(item.url).strip(), time_of(item.when, now)
    if not url.startswith(("https://", "http://")) or len(url) > 500 or not item.title.strip():
        return None
    if not now - OLDEST <= at <= now + LATEST:
        return None
    return Printed(
        outlet=outlet, mark=mark_of(url), url=url, headline=one_line(item.title)[:300],
        summary=tidy(item.body)[:5_000], published_at=min(at, now),
    )  # fmt: skip


def one_line(text: str) -> str:
    return " ".join(tidy(text).split())


def time_of(when: str | int, now: datetime) -> datetime:
    """What the feed says; now where it says nothing that can be read."""
    try:
        if isinstance(when, int):
            return datetime.fromtimestamp(when, UTC) if when else now
        at = datetime.fromisoformat(when.strip())
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return now


def mark_of(url: str) -> str:
    """One for all the ways to write an address of one page."""
    place = urlsplit(url)
    asked = [(k, v) for k, v in parse_qsl(place.query) if not counts_readers(k.lower())]
    host = (place.hostname or "").removeprefix("www.")
    plain = urlunsplit(("", host, place.path.rstrip("/"), urlencode(sorted(asked)), ""))
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=16).hexdigest()


def counts_readers(name: str) -> bool:
    return name in COUNTING or name.startswith("utm_")


def note_silence(outlet: Outlet, why: str, again_after: float) -> None:
    """The feed was not read. It is asked again, less and less often, for it may come back."""
    pause = min(FIRST_PAUSE * 2 ** min(outlet.tries, 10), LONGEST_PAUSE)
    pause = max(pause, timedelta(seconds=again_after))
    Outlet.objects.filter(pk=outlet.pk).update(
        looked_at=timezone.now(), trouble=why[:300], tries=min(outlet.tries + 1, 1000),
        next_at=database_now() + pause,
    )  # fmt: skip


def keep_page(printed: Printed, said: PageSaid) -> None:
    """The page as it was fetched, and its words. Kept twice is kept once."""
    rows = Printed.objects.filter(pk=printed.pk, read_at=None)
    text = without_headline(said.text, printed.headline)
    rows.update(
        read_at=timezone.now(), next_at=None, why="", text=text, packed=packed(said.body),
        sha256=said.sha256, size=len(said.body), part=said.part, status=said.status,
        media_type=said.type, fetched_from=said.url[:500],
        headline=printed.headline or said.headline[:300],
    )  # fmt: skip


def miss_page(printed: Printed, trouble: NotRead) -> None:
    """The page was not had. In the end what its feed told of it has to do."""
    tries, why = printed.tries + 1, str(trouble)[:300]
    rows = Printed.objects.filter(pk=printed.pk, read_at=None)
    if isinstance(trouble, NotNow) and tries < MOST_TRIES:
        rows.update(tries=tries, why=why, next_at=database_now() + PAGE_PAUSE * 2**printed.tries)
    else:
        rows.update(tries=tries, why=why, next_at=None, read_at=timezone.now())


def hold_against_all(printed: Printed) -> list[Article]:
    """Hold one page against everything its agency follows."""
    agency = printed.outlet.agency
    common = queries.common_in(agency)
    followed = queries.followed(agency, printed.published_at)
    found = [hold_against(printed, one, common) for one in followed]
    Printed.objects.filter(pk=printed.pk).update(matched_at=timezone.now())
    return [article for article in found if article]


def search_back(coverage: Coverage) -> list[Article]:
    """Hold what had arrived before against what is followed from now on."""
    begun = timezone.now()
    common = queries.common_in(coverage.agency)
    found = [hold_against(one, coverage, common) for one in queries.kept_since(coverage)]
    Coverage.objects.filter(pk=coverage.pk, messages=coverage.messages).update(searched_at=begun)
    return [article for article in found if article]


def hold_against(printed: Printed, coverage: Coverage, common: frozenset[str]) -> Article | None:
    whole = f"{printed.headline}\n{printed.words}"
    why = match(queries.subject_of(coverage), whole, printed.published_at, common)
    return list_article(printed, coverage, why) if why.fits else None


@transaction.atomic
def list_article(printed: Printed, coverage: Coverage, why: Match) -> Article | None:
    """Keep it as evidence, with its page in the record, and read it against the messages.

    Listed once, however often it arrives: by its page, by its words, or typed by hand before.
    """
    coverage = held(coverage)
    sha256 = hashlib.sha256(f"{printed.headline}\n{printed.words}".encode()).hexdigest()
    if is_listed(printed, coverage, sha256):
        return None
    article = Article.objects.create(
        coverage=coverage, outlet=printed.outlet.name, headline=printed.headline,
        text=printed.words, url=printed.url, sha256=sha256, printed=printed,
        published_on=timezone.localdate(printed.published_at), because=why.as_dict(),
    )  # fmt: skip
    found = read_again(article, coverage.messages)
    witness(
        "add_article", article, by=THE_DESK, agency=coverage.agency_id, url=printed.url,
        sha256=sha256, page=printed.sha256, because=why.as_dict(),
        carried=[int(one.carried) for one in found],
    )  # fmt: skip
    put_by(article, printed)
    return article


def is_listed(printed: Printed, coverage: Coverage, sha256: str) -> bool:
    there = coverage.articles.filter(outlet=printed.outlet.name, sha256=sha256)
    same = mark_of(printed.url)
    typed = coverage.articles.exclude(url="").values_list("url", flat=True)
    return there.exists() or any(mark_of(url) == same for url in typed)


def put_by(article: Article, printed: Printed) -> None:
    """The bytes of the page into the record, sealed. Where it has words that would open an account
    (some pages carry such for their own scripts), its text alone."""
    words = Answer(article.text.encode(), "text/plain; charset=utf-8", printed.url, part=True)
    page = Answer(
        printed.body, printed.media_type, printed.fetched_from, printed.status, printed.part
    )
    answer = page if printed.is_whole else words
    outlet, agency = article.outlet, article.coverage.agency_id
    try:
        capture(article, "published", answer, channel=outlet, agency=agency)
    except ValueError:
        capture(article, "published", words, channel=outlet, agency=agency)


@transaction.atomic
def set_aside(article: Article, *, by: Member) -> None:
    """Not this one: it is about something else. It counts no more, and can be put back."""
    change_aside(article, by, before=None, after=timezone.now(), verb="set_aside")


@transaction.atomic
def put_back(article: Article, *, by: Member) -> None:
    """It is about this after all."""
    change_aside(article, by, before=article.set_aside_at, after=None, verb="put_article_back")


def change_aside(
    article: Article, by: Member, *, before: datetime | None, after: datetime | None, verb: str
) -> None:
    rules.may_add_to(article.coverage, by)
    as_we_saw = Article.objects.filter(pk=article.pk, set_aside_at=before)
    if bool(before) == bool(after) or not as_we_saw.update(
        set_aside_at=after, set_aside_by=by if after else None
    ):
        raise MovedOn(_("Somebody else did this a moment ago. Look at the article again."))
    article.set_aside_at, article.set_aside_by = after, by if after else None
    witness(verb, article, by=by, agency=article.coverage.agency_id, because=article.because)


def forget_printed(now: datetime) -> None:
    """What is about nothing we follow loses its words; later it is forgotten that it was there."""
    empty: dict[str, object] = {"text": "", "summary": "", "packed": b"", "emptied_at": now}
    Printed.objects.to_empty(now).update(**empty)
    Printed.objects.to_forget(now).delete()
