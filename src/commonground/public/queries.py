"""What the public pages read, from the rooms that own it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Max, Min, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.http import public_agency
from commonground.agency.models import Agency
from commonground.answer.models import ChatHour
from commonground.channels.contract.alert import LONGEST_HOURS
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.channels.networks.fediverse.models import Actor, Note
from commonground.channels.networks.site.models import Page, PagePicture
from commonground.channels.states import State as ChannelState
from commonground.hear import queries as hear
from commonground.hear.models import Source, Topic
from commonground.kit.media import is_for_media
from commonground.kit.sites import name_at
from commonground.protect import queries as protect
from commonground.protect.models import Hold, Impostor
from commonground.record.models import Entry, Showing, name_of
from commonground.say.models import Attachment, Delivery
from commonground.say.states import DeliveryState, State
from commonground.spot.models import Resource

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Since(TypedDict):
    since: datetime | None


def the_agency(request: HttpRequest) -> Agency:
    """Whose public face this is: the agency's whose address it is."""
    agency = public_agency(request)
    if agency is None:
        raise Http404(_("No agency speaks here yet."))
    timezone.activate(agency.time_zone)
    return agency


def whose_pictures(request: HttpRequest) -> list[Agency]:
    """At the address that is for pictures alone those of all agencies stand, under names that
    nobody has twice; else only those of the agency whose address it is."""
    if is_for_media(request):
        return list(Agency.objects.in_public())
    return [the_agency(request)]


def whose_posts_pictures(request: HttpRequest) -> list[Agency]:
    """Networks fetch the pictures of all agencies from the installation's own address."""
    if name_at(request):
        return [the_agency(request)]
    return list(Agency.objects.in_public())


def still_shown(request: HttpRequest, key: str) -> QuerySet[Page]:
    """The page of which something is shown that stands beside its words."""
    standing = Page.objects.filter(withdrawn_at=None, key=key, channel__drill=False)
    return standing.filter(channel__agency__in=whose_pictures(request))


def pages_of(agency: Agency) -> QuerySet[Page]:
    """Every page the agency ever published, the withdrawn ones too, without picture bytes."""
    pictures = Prefetch("pictures", PagePicture.objects.defer("content"))
    ours = Page.objects.filter(channel__agency=agency, channel__drill=False)
    return ours.select_related("channel__unit", "corrects", "answers").prefetch_related(
        pictures, "corrections"
    )


def said_by(agency: Agency) -> QuerySet[Page]:
    """What we said of ourselves: an answer stands beneath what it answers."""
    return pages_of(agency).filter(answers=None)


def chats_ahead(agency: Agency) -> list[ChatHour]:
    """Hours in which people may ask us, on now or still to come."""
    coming = ChatHour.objects.coming().filter(agency=agency, ends_at__gt=timezone.now())
    return list(coming.order_by("starts_at")[:3])


def chats_told(agency: Agency) -> list[ChatHour]:
    """For feeds: the latest, whatever became of them."""
    known = ChatHour.objects.ever_public().filter(agency=agency)
    return list(known.order_by("-starts_at")[:20])


def alerts_of(agency: Agency) -> QuerySet[Page]:
    """Pages that are public alerts, of as long ago as one can be in force or just taken back."""
    since = timezone.now() - timedelta(hours=2 * LONGEST_HOURS)
    recent = Q(published_at__gte=since) | Q(withdrawn_at__gte=since)
    return pages_of(agency).filter(recent, alert__isnull=False).order_by("-published_at", "-key")


def what_is_going_on(agency: Agency) -> Hold | None:
    """Whether we stopped speaking, or speak again since not long ago, and said so."""
    return protect.spoken_for(agency, timezone.now())


RECENT = timedelta(days=7)  # longer than a desk stands still, and less to look through than all


def pages_to_capture(now: datetime) -> list[Page]:
    """Pages whose newest state the record does not hold yet."""
    since = now - RECENT
    moved = Q(published_at__gte=since) | Q(withdrawn_at__gte=since)
    moved |= Q(corrections__published_at__gte=since) | Q(corrections__withdrawn_at__gte=since)
    ours = Page.objects.filter(channel__drill=False).filter(moved)
    ours = ours.filter(answers=None)  # the record has them as posts, with what they answer
    pages = ours.select_related("channel").prefetch_related("corrections").distinct()
    held = Showing.objects.filter(subject__in=[name_of(page) for page in pages])
    known = dict(held.values_list("subject", "as_of"))
    waits = set(held.filter(next_at__gt=now).exclude(tries=0).values_list("subject", flat=True))
    return [
        page for page in pages
        if known.get(name_of(page)) != as_of(page) and name_of(page) not in waits
    ]  # fmt: skip


def as_of(page: Page) -> str:
    """What changes a page that was published: that it was taken back, and what corrects it."""
    corrected = sorted(c.key for c in page.corrections.all() if c.withdrawn_at is None)
    told = "\n".join(["withdrawn" if page.withdrawn_at else "stands", *corrected])
    return hashlib.sha256(told.encode()).hexdigest()


def page_of(agency: Agency, key: str) -> Page:
    return get_object_or_404(pages_of(agency), key=key)


def picture_of_a_post(agencies: Sequence[Agency], digest: str) -> Attachment:
    going_out = Attachment.objects.filter(
        post__agency__in=agencies, sha256=digest,
        post__state__in=[State.PUBLISHING, State.PUBLISHED],
    )  # fmt: skip
    if found := going_out.first():
        return found
    raise Http404


def shapes_that_are_cut() -> set[float]:
    """The narrowest and the widest picture of each network that is particular about shapes."""
    return {shape for n in networks().values() if n.limits.shapes for shape in n.limits.shapes}


def last_change(agency: Agency) -> datetime | None:
    """When the newsroom last said, or took back, something."""
    found = pages_of(agency).aggregate(at=Max(Coalesce("withdrawn_at", "published_at")))
    hours = ChatHour.objects.ever_public().filter(agency=agency)
    chat = hours.aggregate(at=Max(Coalesce("until", "since")))
    told = (found["at"], protect.last_told(agency), chat["at"])
    return max((at for at in told if at), default=None)


def accounts_of(agency: Agency) -> list[WithAnnotations[Channel, Since]]:
    """The register: every account that speaks for us, and since when someone may."""
    ours = Channel.objects.listed().filter(agency=agency).select_related("unit")
    dated = ours.annotate(since=Min("authorisations__starts_at")).order_by("network", "name")
    dated = dated.prefetch_related("proofs")
    return cast("list[WithAnnotations[Channel, Since]]", list(dated))


def closed_accounts_of(agency: Agency) -> list[Channel]:
    """Accounts that spoke for us and do not any more: somebody else may take their names."""
    known = Channel.objects.filter(agency=agency, drill=False, listed=True).exclude(handle="")
    return list(known.filter(state=ChannelState.CLOSED).order_by("network", "name"))


def not_ours(agency: Agency) -> list[Impostor]:
    """Accounts of which a person on the desk has said that they pretend to be us."""
    return protect.not_ours(agency, timezone.now())


def closed_when(accounts: Iterable[Channel]) -> dict[str, datetime]:
    """When each account was closed, as the record says."""
    subjects = [name_of(account) for account in accounts]
    rows = Entry.objects.filter(verb="close", subject__in=subjects).values_list("subject", "at")
    return {subject.partition(":")[2]: at for subject, at in rows}


def lists_of(agency: Agency, network: str = "mail") -> list[Channel]:
    """The lists one may ask for, of letters or of notices: those that can leave."""
    ours = Channel.objects.listed().filter(agency=agency, network=network)
    if network == "push":  # each button holds the key by which browsers know it
        ours = ours.select_related("voice")
    return list(ours.filter(state__in=[ChannelState.READY, ChannelState.PAUSED]).order_by("name"))


def resources_for(agency: Agency, language: str = "") -> list[Resource]:
    """The help we stand behind, by kind; only what is given in one language if asked."""
    offered = Resource.objects.offered().filter(agency=agency).order_by("kind", "name")
    return [r for r in offered if not language or language in r.languages]


def languages_of_help(agency: Agency) -> list[str]:
    return sorted({code for resource in resources_for(agency) for code in resource.languages})


def topics_of(agency: Agency) -> QuerySet[Topic]:
    return Topic.objects.live().filter(agency=agency).select_related("approved_by")


LOOKED_BACK_DAYS = 30


def topics_with_looks(agency: Agency) -> list[tuple[Topic, int]]:
    """Each live topic, and how often a member looked into what is heard for it."""
    looks = hear.looks_by_topic(agency, days=LOOKED_BACK_DAYS)
    return [(topic, looks[str(topic.pk)]) for topic in topics_of(agency)]


def words_tried(agency: Agency) -> int:
    """How often words were tried that are no topic."""
    return hear.looks_by_topic(agency, days=LOOKED_BACK_DAYS)[""]


def sources_of(agency: Agency) -> QuerySet[Source]:
    return Source.objects.filter(agency=agency, on=True)


def actors_of(agency: Agency) -> QuerySet[Actor]:
    return Actor.objects.filter(channel__agency=agency).select_related("channel__agency")


def actors(agency: Agency) -> QuerySet[Actor]:
    """Our accounts in the fediverse that may still speak."""
    return actors_of(agency).exclude(channel__state="closed")


def open_actor(agency: Agency, name: str) -> Actor:
    return get_object_or_404(actors(agency), name=name)


def actor_named(agency: Agency, name: str) -> Actor:
    """Also one that is closed: it is gone, which is not the same as never there."""
    return get_object_or_404(actors_of(agency), name=name)


def actor_called(agency: Agency, resource: str) -> Actor:
    """The account somebody meant by acct:name@host, or by its address on the web."""
    kind, _colon, address = resource.strip().partition(":")
    name, _at, host = address.removeprefix("@").rpartition("@")
    if kind.lower() != "acct":
        name, host = resource.rpartition("/")[2], ""
    found = open_actor(agency, name.lower())
    if host.lower() != found.host and resource != found.id_url:
        raise Http404(_("This account is on another server."))
    return found


def note_of(agency: Agency, name: str, key: str) -> Note:
    known = Note.objects.select_related("actor__channel__agency").prefetch_related("pictures")
    return get_object_or_404(known, actor__channel__agency=agency, actor__name=name, key=key)


def newsroom_page_of(note: Note) -> str:
    """Where the newsroom shows the same post; "" where it does not."""
    seen = Delivery.objects.filter(state=DeliveryState.SENT)
    here = seen.filter(variant__channel=note.actor.channel_id, network_id=note.key)
    there = seen.filter(
        variant__channel__network="site", variant__post__in=here.values("variant__post")
    )
    page = Page.objects.filter(key__in=there.values("network_id")).first()
    return page.get_absolute_url() if page else ""
