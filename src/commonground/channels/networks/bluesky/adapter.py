"""Publishes to a Bluesky account, under a name of our own choosing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from commonground.channels import engine
from commonground.channels.contract import (
    Account,
    Declined,
    Limits,
    Login,
    Message,
    Network,
    Receipt,
    Settles,
    Sighting,
)
from commonground.channels.contract.incoming import Batch
from commonground.channels.contract.moderating import Act, Aim, Moderates
from commonground.channels.contract.reach import Reach
from commonground.channels.networks.bluesky.searching import EVERYBODY, search

if TYPE_CHECKING:
    from commonground.channels.networks.bluesky.repo import Repo

ENDING = 5.0  # seconds to end a sign-in in: many may have to be ended within a minute
LIMITS = Limits(
    characters=300, bytes=3_000, pictures=4, picture_bytes=1_000_000,
    film_bytes=50_000_000, film_seconds=180,
)  # fmt: skip


class Posts:
    """One account on a server of the AT Protocol."""

    def __init__(self, login: Login, patience: float = 30.0) -> None:
        self.login, self.patience = login, patience

    def repo(self) -> Repo:
        # The library needs seconds to load; whoever only counts characters need not wait.
        from commonground.channels.networks.bluesky.repo import Repo

        return Repo(self.login, self.patience)

    def new_key(self, at: datetime) -> str:
        return engine.name_for(at, secrets.randbelow(1 << 30))

    def publish(self, message: Message, *, key: str) -> Receipt:
        if not engine.is_name(key):
            raise Declined("This is not a name that Bluesky would show.")
        if message.boosts:
            receipt: Receipt = boosting().boost(self.repo(), message.boosts, key)
            return receipt
        LIMITS.admit(message)
        return self.repo().create(message, key)

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """Read what stands under our name, as anyone may who knows it."""
        repo = self.repo()
        if message.boosts:
            seen: Sighting | None = boosting().seen(repo, message, key)
            return seen
        there = repo.value_under(key)
        if there is None:
            return None
        if not repo.says(there, message):
            raise Declined("Something else was published under this name.")
        return Sighting(repo.receipt(key), there.text)

    def standing(self, *, since: datetime) -> list[Sighting]:
        return self.repo().newest()

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        self.repo().delete(receipt.network_id)

    def prove(self) -> Account:
        return self.repo().who()


def boosting() -> ModuleType:
    """Slow to load, like the library it needs."""
    from commonground.channels.networks.bluesky import boosting

    return boosting


def revoke(login: Login) -> bool:
    from commonground.channels.networks.bluesky.repo import Repo

    return Repo(login, ENDING).end()


def hears(login: Login, cursor: str) -> Batch:
    from commonground.channels.networks.bluesky import hearing

    return hearing.hears(login, cursor)


def deleted(login: Login, names: Sequence[str]) -> Sequence[str]:
    from commonground.channels.networks.bluesky import hearing

    return hearing.deleted(login, names)


def reach(login: Login, names: Sequence[str]) -> Mapping[str, Reach]:
    from commonground.channels.networks.bluesky import reaching

    return reaching.reach(login, names)


def impose(login: Login, act: Act, aim: Aim) -> None:
    from commonground.channels.networks.bluesky import moderating

    moderating.impose(login, act, aim)


def undo(login: Login, act: Act, aim: Aim) -> None:
    from commonground.channels.networks.bluesky import moderating

    moderating.undo(login, act, aim)


MODERATES = Moderates(
    means={
        Act.HIDE: gettext_noop(
            "Beneath a thread of ours it is folded away for everybody, who can still unfold it."
            " That we hid it, anybody can read there."
        ),
        Act.BLOCK: gettext_noop(
            "They can neither read this account while signed in, nor write to it: all of it, also"
            " what helps them. That we block them, anybody can read there."
        ),
    },
    impose=impose, undo=undo,
)  # fmt: skip


NETWORK = Network(
    name="bluesky",
    label="Bluesky",
    settles=Settles.BY_OWN_ID,
    limits=LIMITS,
    open=Posts,
    loads="commonground.channels.networks.bluesky.repo",
    secrets=("app_password",),
    needs_address=True,
    lasting=True,
    revoke=revoke,
    ended_at=gettext_noop(
        "In the app: Settings, Privacy and security, App passwords: delete the one this desk used."
    ),
    needs_handle=True,
    proves=("handle",),
    search=search,
    searched_at=EVERYBODY,
    cards=True,
    card_pictures=True,
    boosts=True,
    threads=True,
    answers=True,
    moderates=MODERATES,
    hears=hears,
    deleted=deleted,
    reach=reach,
)
