"""Proofs as sentences."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from commonground.protect.engine.ties import Kind, Why, record_for
from commonground.protect.models import Proof

register = template.Library()

WORDS = {
    Kind.LINK: _("The account’s own page links to our register"),
    Kind.HANDLE: _("The account bears a name of our domain, which leads back to it"),
    Kind.PAGE: _("Our register links to the account"),
    Kind.FILE: _("Our list for machines names the account"),
    Kind.NAME: _("The DNS of our domain names the account"),
}
WHYS = {
    Why.NO_LINK: _("Its page does not link to our register."),
    Why.GONE: _("There is no such account any more."),
    Why.ELSEWHERE: _("Its page sends visitors on to another host."),
    Why.NOT_NAMED: _("The account is not named there."),
    Why.NO_RECORD: _("There is no such record."),
    Why.ANOTHER: _("It leads to another account."),
    Why.FOREIGN: _("Its name is not one of our domain."),
    Why.OTHER_KEY: _("Our domain names another key than the one our register is signed with."),
    Why.UNSIGNED: _("What others get does not bear our signature."),
    Why.SILENT: _("It could not be looked at."),
}
HOW = {
    Kind.LINK: _("On the account: write the address of our register into a link of its profile:"),
    Kind.HANDLE: _("Give the account a name of our domain, in its settings. The network says how."),
    Kind.PAGE: _("This is done by the desk. It must be reachable at its public address:"),
    Kind.FILE: _("This is done by the desk. It must be reachable at its public address:"),
    Kind.NAME: _("Whoever runs our domain adds this TXT record:"),
}


@register.filter
def proof_words(proof: Proof) -> str:
    return str(WORDS[Kind(proof.kind)])


@register.filter
def proof_why(proof: Proof) -> str:
    """Why it is not there, or could not be looked at, with what was there instead."""
    said = str(WHYS.get(Why(proof.why), ""))
    return f"{said} ({proof.detail})" if said and proof.detail else said


@register.filter
def proof_how(proof: Proof) -> str:
    return str(HOW[Kind(proof.kind)])


@register.filter
def record_text(proof: Proof) -> str:
    """What stands in the record of our domain."""
    return record_for(proof.channel.url)
