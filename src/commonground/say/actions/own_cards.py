"""What a card is made of, and the cards of our own pages: those need no network, for we know what
they say."""

from __future__ import annotations

from urllib.parse import urlsplit

from commonground.agency.models import Agency
from commonground.channels.engine import cut, one_line, writable
from commonground.channels.networks.site.models import Page
from commonground.say.engine.fit import links
from commonground.say.engine.heads import LONGEST_ABOUT, LONGEST_TITLE
from commonground.say.engine.pictures import CleanPicture
from commonground.say.line.pages import PageSaid
from commonground.say.models import Card, Post, host_of

MOST_CARDS = 20  # of one post; nobody links to more pages than that
NEWSROOM = "/newsroom/"


def card_own_pages(post: Post) -> None:
    """The cards of links to our own newsroom stand by themselves, as soon as they are written."""
    ours = [link for link in links_of(post) if is_ours(link, post.agency)][:MOST_CARDS]
    known = set(post.cards.filter(url__in=ours).values_list("url", flat=True)) if ours else set()
    for link in ours:
        said = own_page(link, post.agency) if link not in known else None
        if said:
            card = Card(post=post, url=link)
            take_over(card, said)
            card.save()


def is_ours(url: str, agency: Agency) -> bool:
    return url.startswith(agency.site + "/")


def own_page(url: str, agency: Agency) -> PageSaid | None:
    """A page of our newsroom, as its own public head says it."""
    key = urlsplit(url).path.rstrip("/").removeprefix(NEWSROOM)
    ours = Page.objects.standing().filter(channel__agency=agency, key=key)
    found = ours.first() if is_ours(url, agency) else None
    if found is None:
        return None
    seen = found.pictures.first()
    picture = seen and CleanPicture(bytes(seen.content), seen.type, seen.width, seen.height)
    title = said_plainly(str(found), LONGEST_TITLE)
    return PageSaid(title, said_plainly(found.text, LONGEST_ABOUT), host_of(url), picture or None)


def links_of(post: Post) -> list[str]:
    """Every link of its words on any channel, once."""
    rows = post.variants.filter(boosts=None).select_related("post")
    texts = [post.text, *(said.text for variant in rows for said in variant.said)]
    return list(dict.fromkeys(link for text in texts for link in links(text)))


def take_over(card: Card, said: PageSaid) -> None:
    card.title = card.page_title = said.title
    card.about = card.page_about = said.about
    card.left_out, card.pictured = False, True
    card.led_to = "" if same_site(said.host, card.host) else said.host[:255]
    hang(card, said.picture)


def same_site(one: str, other: str) -> bool:
    """A name and the same with www before it are one place to everybody."""
    return one.removeprefix("www.") == other.removeprefix("www.")


def hang(card: Card, picture: CleanPicture | None) -> None:
    card.content = picture.content if picture else b""
    card.sha256 = picture.sha256 if picture else ""
    card.type = picture.type if picture else ""
    card.width, card.height = (picture.width, picture.height) if picture else (0, 0)


def said_plainly(words: str, longest: int) -> str:
    return cut(one_line(writable(words)), longest)
