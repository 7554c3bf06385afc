"""An account of ours, and notes of it, for tests."""

from datetime import datetime

from django.utils import timezone
from tests import given

from commonground.channels.contract import Login, Message, Receipt
from commonground.channels.networks.fediverse.adapter import OwnAccount
from commonground.channels.networks.fediverse.models import Actor, Note


def an_account(name: str = "riverside", **but: object) -> OwnAccount:
    """An account that has its name and keys."""
    channel = given.a_channel(network="fediverse", **but)
    account = OwnAccount(Login(str(channel.pk), handle=name))
    proved = account.prove()
    type(channel).objects.filter(pk=channel.pk).update(
        handle=proved.handle, url=proved.url, proved_at=timezone.now()
    )
    return account


def actor_of(account: OwnAccount) -> Actor:
    return Actor.objects.select_related("channel__agency").get(channel_id=account.channel_id)


def a_note(account: OwnAccount, text: str = "The bridge is closed.", *, at: datetime | None = None,
           **but: object) -> Note:  # fmt: skip
    key = account.new_key(at or timezone.now())
    receipt: Receipt = account.publish(Message(text, **but), key=key)  # type: ignore[arg-type]
    if at:
        Note.objects.filter(key=key).update(published_at=at)
    return Note.objects.select_related("actor").get(key=receipt.network_id)


def change_channel(account: OwnAccount, **fields: object) -> None:
    channel = actor_of(account).channel
    type(channel).objects.filter(pk=channel.pk).update(**fields)
