"""Stop everything, and start it again. Watch our accounts, and say what was found."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.channels import actions as channels
from commonground.channels.contract import Busy, Declined, Receipt, Unsure
from commonground.channels.models import Channel
from commonground.kit.arrivals import Door, this_hour
from commonground.kit.marks import network_of
from commonground.kit.refusals import MovedOn, Refused
from commonground.kit.turns import be_alone
from commonground.protect import rules
from commonground.protect.actions.devices import (
    confirm_device,
    device_in_hand,
    note_told_of_device,
)
from commonground.protect.actions.impostors import (
    NamesHeard,
    add_impostor,
    find_harmless,
    forget_harmless,
    look_at_reported,
    look_into,
    note_gone,
    note_refusal,
    note_told_of_impostor,
    report,
    take_up_again,
)
from commonground.protect.actions.proving import know_proofs, look_again, look_at_next_proof
from commonground.protect.engine.lookout import Before, Odd
from commonground.protect.models import (
    AccountCheck,
    Alarm,
    Arrival,
    DayKey,
    Hold,
    Lookout,
    Revocation,
    Said,
)
from commonground.record.actions import THE_DESK, Machine, advance, capturing, witness

__all__ = [
    "NamesHeard",
    "add_impostor",
    "confirm_device",
    "device_in_hand",
    "find_harmless",
    "forget_harmless",
    "know_proofs",
    "look_again",
    "look_at_next_proof",
    "look_at_reported",
    "look_into",
    "note_gone",
    "note_refusal",
    "note_told_of_device",
    "note_told_of_impostor",
    "report",
    "take_up_again",
]

log = logging.getLogger(__name__)
THE_OPERATOR = Machine("Whoever runs the server")


@transaction.atomic
def stop(
    agency: Agency, *, reason: str, by: Member | None, keep: bool = False, said: str = Said.NOTHING
) -> Hold:
    """From this second nothing is sent. Posts, approvals and times stay as they are.

    Within a minute every sign-in of ours ends too, unless `keep`: whoever copied one holds
    nothing. `by` nobody: whoever runs the server.
    """
    if by:
        rules.may_stop(by)
    # Every send passes here while it asks whether it may: none is between question and answer.
    be_alone(Agency, agency.pk)
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                agency=agency, reason=reason, by=by, said=said,
                said_at=timezone.now() if said else None,
            )  # fmt: skip
    except IntegrityError as error:
        raise MovedOn(_("Everything was stopped already, by somebody else.")) from error
    ending = [] if keep else signed_in(agency)
    Revocation.objects.bulk_create(Revocation(hold=hold, channel=c) for c in ending)
    told = {"reason": reason, "sign_ins": [c.name for c in ending], "said": str(said)}
    witness("stop", hold, by=by or THE_OPERATOR, **told)
    return hold


def signed_in(agency: Agency) -> list[Channel]:
    """The channels that a secret of ours opens."""
    return [c for c in Channel.objects.open().filter(agency=agency) if c.kind.secrets]


@transaction.atomic
def speak(hold: Hold, *, said: str, by: Member) -> Hold:
    """Say the truth in our newsroom while everything is stopped, in words that are fixed."""
    rules.may_stop(by)
    standing = Hold.objects.standing().filter(pk=hold.pk)
    if not standing.update(said=said, said_at=timezone.now()):
        raise MovedOn(_("Everything runs again already."))
    hold.said = said
    witness("speak", hold, by=by, said=said)
    return hold


def revoke(row: Revocation, at: datetime, *, ask: bool = True) -> None:
    """End one sign-in: at the network, where a program may, and here in any case."""
    as_we_saw_it = Revocation.objects.pending().filter(pk=row.pk, begun_at=row.begun_at)
    if not as_we_saw_it.update(begun_at=at):
        return  # another worker is at it
    ended, trouble = ended_there(row.channel) if ask else (False, _("There was no time left."))
    with transaction.atomic():
        channels.give_up(row.channel, str(_("Everything was stopped, so its sign-in was ended.")))
        Revocation.objects.filter(pk=row.pk).update(
            done_at=timezone.now(), at_network=ended, trouble=trouble[:300]
        )
        witness("revoke", row, by=THE_DESK, at_network=ended, trouble=trouble[:300])


def ended_there(channel: Channel) -> tuple[bool, str]:
    """Whether the network ended it for everybody; and why not, if it did not."""
    if channel.kind.revoke is None:
        return False, ""
    try:
        return channel.kind.revoke(channel.login()), ""
    except (Declined, Busy, Unsure) as trouble:
        return False, str(trouble)
    except Exception:  # whatever it is, the secret must go
        log.exception("%s could not be ended at its network", channel.pk)
        return False, ""


@transaction.atomic
def agree_to_restart(hold: Hold, *, by: Member) -> Hold:
    """One of the two yeses it takes. The second lifts the hold, and what is due goes out."""
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    rules.may_agree_to_restart(hold, by)
    if hold.first_yes is None:
        hold.first_yes = by
    else:
        hold.second_yes, hold.lifted_at = by, timezone.now()
    hold.save(update_fields=["first_yes", "second_yes", "lifted_at"])
    witness("lift" if hold.lifted_at else "agree_to_restart", hold, by=by, reason=hold.reason)
    return hold


@transaction.atomic
def check_account(
    channel: Channel, *, factor: str, recovery_is_ours: bool, owners: Iterable[Member],
    note: str = "", by: Member,
) -> AccountCheck:  # fmt: skip
    """Write down how an account is kept on its network. Only a person who looked there can say."""
    rules.may_check(channel, by)
    found = AccountCheck.objects.create(
        channel=channel, by=by, factor=factor, recovery_is_ours=recovery_is_ours, note=note[:300]
    )
    found.owners.set(owners)
    who = sorted(member.name for member in found.owners.all())
    told = {"factor": factor, "recovery_is_ours": recovery_is_ours, "owners": who, "note": note}
    witness("check_account", found, by=by, **told)
    return found


DOOR = Door(Arrival, DayKey)
# A reader checks a few posts; a newsroom behind one address, many. A program that tries texts until
# one passes for ours needs thousands.
FROM_ONE_NETWORK, IN_ALL = 60, 5_000  # questions an hour


def count_question(come_from: str) -> None:
    """One more who asks whether words are ours: Crowded, if there are too many."""
    DOOR.count("network", network_of(come_from), FROM_ONE_NETWORK, this_hour())
    DOOR.count("all", "", IN_ALL, this_hour())


TELL_AGAIN = timedelta(minutes=15)


def watch(channel: Channel) -> Lookout:
    """The lookout over this account, from now on."""
    return Lookout.objects.get_or_create(channel=channel)[0]


def begin_watch(lookout: Lookout, before: Before, *, at: datetime) -> None:
    """From here on whatever comes up is this desk's, or somebody else's.

    What stood on another account, which the channel was signed in to before, says nothing of this.
    """
    as_we_saw_it = Lookout.objects.filter(pk=lookout.pk, account=lookout.account)
    as_we_saw_it.filter(began_at=lookout.began_at).update(
        began_at=at, account=lookout.channel.url, before=list(before.ids), back_to=before.back_to
    )


def look(lookout: Lookout, at: datetime) -> bool:
    """Take the next look. False: another worker is at it."""
    as_we_saw_it = Lookout.objects.filter(pk=lookout.pk, looked_at=lookout.looked_at)
    return bool(as_we_saw_it.update(looked_at=at))


def note_look(lookout: Lookout, trouble: str) -> None:
    """Whether we could see anything."""
    Lookout.objects.filter(pk=lookout.pk).update(trouble=trouble[:300])
    channel = lookout.channel
    if not channel.drill:
        capturing.note_sight(channel.agency_id, channel.name, trouble, timezone.now())


@transaction.atomic
def raise_alarm(channel: Channel, odd: Odd, *, ours: str = "") -> Alarm | None:
    """Tell people of it, on the desk and by e-mail, until one says what it was.

    None where it was told before.
    """
    seen = odd.sighting
    alarm, new = Alarm.objects.get_or_create(
        channel=channel, what=odd.what.value, network_id=odd.network_id[:300],
        defaults={
            "agency": channel.agency, "ours": ours, "text": seen.text if seen else "",
            "url": seen.receipt.url if seen else "", "posted_at": seen.at if seen else None,
        },
    )  # fmt: skip
    if not new:
        return None
    told = {"channel": channel.name, "what": odd.what.value, "text": alarm.text, "ours": ours}
    witness("raise_alarm", alarm, by=THE_DESK, **told)
    return alarm


@transaction.atomic
def explain(alarm: Alarm, *, reason: str, by: Member) -> Alarm:
    """It was one of us: say who, and why not from this desk."""
    rules.may(alarm, "explain", by)
    if not reason.strip():
        raise Refused(_("Say who did it and why, in a few words: the record needs it."))
    said = reason.strip()[:300]
    return advance(alarm, "explain", by=by, told={"reason": said}, reason=said, decided_by_id=by.pk)


@transaction.atomic
def disown(alarm: Alarm, *, by: Member) -> Alarm:
    """It was not us: somebody else speaks from our account."""
    rules.may(alarm, "disown", by)
    return advance(alarm, "disown", by=by, decided_by_id=by.pk)


@transaction.atomic
def reopen(alarm: Alarm, *, by: Member) -> Alarm:
    """We were wrong about it. People are told again."""
    rules.may(alarm, "reopen", by)
    return advance(alarm, "reopen", by=by, decided_by_id=None, reason="", tell_at=timezone.now())


def remove(alarm: Alarm, *, by: Member) -> Alarm:
    """Take what is not ours off our account. What it said stays in the record."""
    rules.may_remove(alarm, by)
    try:
        alarm.channel.adapter().withdraw(Receipt(alarm.network_id, alarm.url))
    except (Declined, Busy, Unsure) as trouble:
        raise Refused(
            _("%(channel)s did not remove it: %(why)s Remove it there by hand.")
            % {"channel": alarm.channel.name, "why": str(trouble)}
        ) from trouble
    with transaction.atomic():
        if Alarm.objects.filter(pk=alarm.pk, removed_at=None).update(removed_at=timezone.now()):
            witness("remove", alarm, by=by, channel=alarm.channel.name, text=alarm.text)
    alarm.refresh_from_db()
    return alarm


def tell(alarm: Alarm, names: Sequence[str]) -> None:
    """People were told by e-mail, and will be again."""
    now = timezone.now()
    with transaction.atomic():
        if (
            Alarm.objects.open()
            .filter(pk=alarm.pk, told_at=alarm.told_at)
            .update(told_at=now, tell_at=now + TELL_AGAIN)
        ):
            witness("tell", alarm, by=THE_DESK, names=list(names), route="screen and e-mail")
