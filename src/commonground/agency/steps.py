"""What an agency's own people have to do while its desk is new."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext

from commonground.agency import queries
from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.kit.beginning import Found, State, step

# The one who lost every way in, and two others who agree to give them another.
ENOUGH_ADMINISTRATORS = 3


@step(
    "about", place=10, title=lazy("Say who you are"), to="agency:about",
    why=lazy("The emergency number and your words stand on every public page; languages and"
             " clock decide how the desk itself writes."),
)  # fmt: skip
def about(agency: Agency) -> Found:
    shown = {
        "number": agency.emergency_number, "languages": ", ".join(agency.languages),
        "zone": agency.time_zone,
    }  # fmt: skip
    said = _("Emergency number %(number)s, languages %(languages)s, clock of %(zone)s.") % shown
    if agency.described_at is None:
        return Found(State.TO_DO, said + " " + _("Nobody here has looked it over yet."))
    return Found(State.DONE, said)


@step(
    "people", place=20, title=lazy("Invite those who write and those who approve"),
    to="agency:invite",
    why=lazy("Nobody approves their own words: it takes one person who writes and another who"
             " approves. Each gets a link of their own."),
)  # fmt: skip
def people(agency: Agency) -> Found:
    here = [one for one in queries.active(agency) if one.roles & {Role.AUTHOR, Role.APPROVER}]
    come = [one for one in here if one.last_login]
    if not here:
        return Found(State.TO_DO, _("Nobody writes or approves here yet."))
    said = ngettext(
        "%(n)d person writes or approves; %(come)d of them came in.",
        "%(n)d people write or approve; %(come)d of them came in.", len(here),
    ) % {"n": len(here), "come": len(come)}  # fmt: skip
    return Found(State.DONE if two_of_them(come) else State.UNDER_WAY, said)


def two_of_them(come: list[Member]) -> bool:
    """Whether one of them can approve what another wrote."""
    return any(
        Role.AUTHOR in one.roles and Role.APPROVER in other.roles and not one.is_also(other)
        for one in come for other in come
    )  # fmt: skip


@step(
    "certificates", place=40, title=lazy("Certify whoever was trained"), to="agency:members",
    why=lazy("Without a certificate in force nobody writes, approves or publishes. A trainer"
             " awards it on the member's page, never to themselves."),
)  # fmt: skip
def certificates(agency: Agency) -> Found:
    speak = [one for one in queries.active(agency) if one.roles & {Role.AUTHOR, Role.APPROVER}]
    held = len(queries.certified_now(speak))
    said = _("%(held)d of %(all)d who write or approve hold a certificate.")
    state = State.DONE if speak and held == len(speak) else State.UNDER_WAY
    return Found(state if held else State.TO_DO, said % {"held": held, "all": len(speak)})


@step(
    "administrators", place=100, title=lazy("Have three administrators"), to="agency:members",
    why=lazy("Whoever lost every way in gets another when two administrators agree. With fewer than"
             " three, nobody could help one of them."),
)  # fmt: skip
def administrators(agency: Agency) -> Found:
    persons: list[Member] = []
    for one in queries.active(agency):
        is_new = not any(one.is_also(other) for other in persons)
        if Role.ADMIN in one.roles and one.last_login and is_new:
            persons.append(one)
    said = ngettext(
        "%(n)d administrator has signed in.", "%(n)d administrators have signed in.", len(persons)
    ) % {"n": len(persons)}
    if len(persons) >= ENOUGH_ADMINISTRATORS:
        return Found(State.DONE, said)
    return Found(State.UNDER_WAY if len(persons) > 1 else State.TO_DO, said)
