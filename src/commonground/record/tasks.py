"""What the clock does for RECORD: shows the public where the log stands, has it stamped, and sees
to requests for records."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commonground.kit.clock import Lane, every
from commonground.kit.mail import send
from commonground.record.actions import ask_witnesses, publish
from commonground.record.actions.indexing import index
from commonground.record.actions.inquiries import look_on, note_told
from commonground.record.actions.keeping import MAY_KEEP
from commonground.record.actions.packing import pack
from commonground.record.actions.stamping import stamp_when_due
from commonground.record.engine.acts import STEP
from commonground.record.models import Head, Inquiry

ROUNDS = 10  # of a search, before the next request has its turn


@every(seconds=STEP.total_seconds(), lane=Lane.NETWORKS)
def show_where_it_stands() -> None:
    if shown := publish():
        ask_witnesses(shown)


@every(seconds=1, lane=Lane.ALONE)
def show_at_once() -> None:
    """What the public just saw must be in a checkpoint before anybody can wish it were not."""
    if Head.objects.filter(asked=True, stopped="").exists():
        show_where_it_stands()


# Asking takes seconds, and shows nothing to the public: it has a turn of its own.
every(seconds=60, lane=Lane.NETWORKS)(stamp_when_due)


@every(seconds=2)
def index_words() -> None:
    """Entries can be found by their words soon after they were written; before, by opening them."""
    for _round in range(ROUNDS):
        if not index():
            return


@every(seconds=1)
def search() -> None:
    """Go on with the searches that people asked for."""
    for pk in list(Inquiry.objects.to_look().values_list("pk", flat=True)[:20]):
        for _round in range(ROUNDS):
            if not look_on(pk):
                break


@every(seconds=5, lane=Lane.MAIL)
def pack_answers() -> None:
    """Pack what a second person let out, and tell whoever has it."""
    for inquiry in Inquiry.objects.to_pack():
        owner = people_of(inquiry, [inquiry.owner])
        with translation.override(language_of(owner)):
            pack(inquiry)
        inquiry.refresh_from_db()
        if inquiry.state == "given":
            subject = _("The answer to request %(name)s is packed")
            words = _("The file lies on the page of the request. Hand it over by %(due)s.")
            write_to(owner, inquiry, subject, words)


@every(seconds=600, lane=Lane.MAIL)
def tell_of_last_days() -> None:
    """Whoever has a request hears that its time is near; once it is over, every records officer
    and administrator does."""
    today = timezone.localdate()
    for inquiry in Inquiry.objects.to_tell(today):
        owner = people_of(inquiry, [inquiry.owner])
        over = inquiry.days_left < 0
        people = people_of(inquiry) if over or not owner else owner
        subject = _("Request %(name)s is overdue") if over else _("Request %(name)s: time is near")
        reached = write_to(people, inquiry, subject, _("An answer was due by %(due)s.") if over
            else _("An answer is due by %(due)s."))  # fmt: skip
        names = [str(person) for person in people]
        note_told(inquiry, names, by_mail=reached, today=today)


def people_of(inquiry: Inquiry, keys: list[str] | None = None) -> list[Model]:
    """Who may see to it; this room lies below the agency's and knows its people by their roles."""
    rows = get_user_model()._default_manager.filter(agency_id=inquiry.agency, is_active=True)
    if keys is not None:
        rows = rows.filter(pk__in=keys)
    return [person for person in rows if MAY_KEEP & getattr(person, "roles", frozenset())]


def language_of(people: list[Model]) -> str:
    spoken = [str(getattr(person, "language", "")) for person in people]
    return next((code for code in spoken if code), settings.LANGUAGE_CODE)


def write_to(people: list[Model], inquiry: Inquiry, subject: object, words: object) -> bool:
    """Whether a letter left for anybody."""
    link = settings.ENV.site_url.rstrip("/") + reverse("record:inquiry", args=[inquiry.pk])
    reached = False
    for person in people:
        with translation.override(language_of([person])):
            named = {"name": inquiry.name, "due": date_format(inquiry.due_on, "j F Y")}
            body = f"{str(words) % named}\n\n{link}"
            reached |= send(getattr(person, "email", ""), str(subject) % named, body)
    return reached
