"""A public alert as a CAP 1.2 document: what apps, sirens, signs and broadcasters read.

Source: OASIS Common Alerting Protocol Version 1.2 (1 July 2010), its schema and section 3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from commonground.channels.contract.alert import Alert
from commonground.channels.contract.rendering import Rendering
from commonground.channels.engine import writable

SPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"


@dataclass(frozen=True, slots=True)
class Resource:
    """A picture that goes with an alert."""

    about: str
    media_type: str
    size: int  # bytes
    url: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One alert as it was published, and what became of it."""

    host: str  # ours: makes the identifier unique in the world
    key: str  # the name of its page
    sender_name: str
    language: str
    headline: str
    description: str
    terms: Alert
    web: str  # the page for people
    sent: datetime
    cancelled: datetime | None = None
    why: str = ""
    updates: Issue | None = None  # the alert this one corrects
    resources: Sequence[Resource] = ()
    also: Sequence[Rendering] = ()  # the same in other languages

    def in_another(self, said: Rendering) -> Issue:
        """The same alert in one of its other languages; what is not translated stays."""
        terms = replace(
            self.terms, event=said.event or self.terms.event, area=said.area or self.terms.area,
            instruction=said.instruction or self.terms.instruction,
        )  # fmt: skip
        alts = dict(enumerate(said.alts))
        resources = [
            replace(one, about=alts.get(n) or one.about) for n, one in enumerate(self.resources)
        ]
        return replace(
            self, language=said.language, headline=said.title, description=said.text,
            terms=terms, resources=resources, also=(),
        )  # fmt: skip

    @property
    def identifier(self) -> str:
        return f"{self.host}.{self.key}"

    @property
    def sender(self) -> str:
        return f"alerts@{self.host}"

    @property
    def expires(self) -> datetime:
        return self.sent + timedelta(hours=self.terms.hours)

    @property
    def earlier(self) -> list[Issue]:
        """All that it puts right, the newest first: who missed one must still find the others."""
        return [self.updates, *self.updates.earlier] if self.updates else []

    @property
    def reference(self) -> str:
        """How a later document points at this one."""
        return f"{self.sender},{self.identifier},{stamp(self.sent)}"


def document(issue: Issue) -> bytes:
    """The alert itself; an update where it corrects an earlier one."""
    told = [("references", " ".join(one.reference for one in issue.earlier))]
    kind = "Update" if issue.earlier else "Alert"
    return whole(issue, issue.identifier, issue.sent, kind, told)


def cancellation(issue: Issue) -> bytes:
    """Takes it back, and all that it had put right, for every machine that acted on them.

    What it said is not said again. The issue must be cancelled.
    """
    if issue.cancelled is None:
        raise ValueError("This alert was not taken back.")
    every = " ".join(one.reference for one in [issue, *issue.earlier])
    over = replace(issue.terms, response="AllClear", urgency="Past", instruction="")
    bare = replace(
        issue, terms=over, headline=issue.why, description=issue.why, resources=(), also=()
    )
    told = [("note", issue.why), ("references", every)]
    return whole(bare, f"{issue.identifier}.cancel", issue.cancelled, "Cancel", told)


def whole(
    issue: Issue, identifier: str, sent: datetime, kind: str, told: Sequence[tuple[str, str]]
) -> bytes:
    alert = Element("alert", xmlns=SPACE)
    fill(alert, [
        ("identifier", identifier), ("sender", issue.sender), ("sent", stamp(sent)),
        ("status", "Actual"), ("msgType", kind), ("scope", "Public"), *told,
    ])  # fmt: skip
    for one in [issue, *map(issue.in_another, issue.also)]:
        inform(SubElement(alert, "info"), one)
    document: bytes = tostring(alert, encoding="utf-8", xml_declaration=True)
    return document


def inform(info: Element, issue: Issue) -> None:
    """All of it in one language (3.2.2 of the standard: a block for each)."""
    terms = issue.terms
    fill(info, [
        ("language", issue.language), ("category", terms.category), ("event", terms.event),
        ("responseType", terms.response), ("urgency", terms.urgency),
        ("severity", terms.severity), ("certainty", terms.certainty),
        ("expires", stamp(issue.expires)), ("senderName", issue.sender_name),
        ("headline", issue.headline), ("description", issue.description),
        ("instruction", terms.instruction), ("web", issue.web),
    ])  # fmt: skip
    for resource in issue.resources:
        fill(SubElement(info, "resource"), [
            ("resourceDesc", resource.about), ("mimeType", resource.media_type),
            ("size", str(resource.size)), ("uri", resource.url),
        ])  # fmt: skip
    fill(SubElement(info, "area"), [("areaDesc", terms.area), ("circle", circle(terms.circle))])


def fill(parent: Element, parts: Sequence[tuple[str, str]]) -> None:
    """Add what is not empty, in the schema's order."""
    for name, text in parts:
        if text:
            SubElement(parent, name).text = writable(text)


def stamp(at: datetime) -> str:
    """The standard wants the offset in digits, and that of UTC as -00:00."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def circle(typed: str) -> str:
    return typed.strip().replace(", ", ",")
