"""A stage on any fake."""

from django.utils import timezone

from commonground.channels.contract import Login
from commonground.channels.contract.pretend import Place
from commonground.channels.line.stand_in import StandIn
from commonground.channels.tests.contract_suite import Stage, with_secrets


def stage_on(place: Place) -> Stage:
    place.clock.at = timezone.now()
    login = Login("one", place.home, place.handle, dict(place.secrets))
    return Stage(
        network=place.as_network(),
        login=login,
        standing=lambda: len(place.posts),
        alts=lambda receipt: [p.alt for p in place.posts[receipt.network_id].message.pictures],
        handle=place.handle,
        stranger=with_secrets(login, **dict.fromkeys(place.secrets, "wrong"))
        if place.secrets
        else None,
    )


def stage_in_front_of(server: StandIn, **more) -> Stage:
    """A stage before a network's stand-in, which speaks real HTTP."""
    return Stage(
        network=server.as_network(),
        login=server.login,
        standing=lambda: len(server.posts),
        alts=lambda receipt: server.alts(receipt.network_id),
        handle=server.handle,
        stranger=with_secrets(server.login, **{server.network.secrets[-1]: "wrong"}),
        **more,
    )
