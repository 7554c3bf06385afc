"""No server, however wrong, gets more out of an adapter than one of three exceptions."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from datetime import timedelta
from time import monotonic
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from commonground.channels.contract import (
    Adapter,
    Busy,
    Declined,
    Message,
    Receipt,
    SignInNeeded,
    Unsure,
)
from commonground.channels.tests.hostile import (
    NEVER,
    NO_ANSWER,
    NOT_NOW,
    SLOW,
    STRANGER,
    Behaviour,
    Hostile,
    answer,
)

PATIENCE = 1.0  # seconds of an errand that will run out of time; on a real desk thirty
ENOUGH = 20.0  # seconds, however busy this machine is


class Hostilities:
    """A subclass gives `adapter_at(url)`, what must go well first, and a receipt of its own."""

    polite: ClassVar[Mapping[str, Any]] = {}
    receipt: ClassVar[Receipt]
    message: ClassVar[Message] = Message("Road closed.")
    in_doubt: ClassVar[type[Exception]] = Unsure  # what acting and hearing nonsense is

    def adapter_at(self, url: str, patience: float = ENOUGH) -> Adapter:
        raise NotImplementedError

    def calls(self, adapter: Adapter) -> dict[str, Callable[[], object]]:
        message, key = self.message, adapter.new_key(timezone.now())
        return {
            "publish": lambda: adapter.publish(message, key=key),
            "withdraw": lambda: adapter.withdraw(self.receipt),
            "find": lambda: adapter.find(message, key=key, since=timezone.now()),
            "standing": lambda: adapter.standing(since=timezone.now()),
            "prove": adapter.prove,
        }

    def meets(
        self, behaviour: Behaviour, call: str, fate: type[Exception], patience: float = ENOUGH
    ) -> Exception:
        with Hostile(behaviour, self.polite) as server:
            adapter = self.adapter_at(server.url, patience)
            with pytest.raises((Declined, Busy, Unsure)) as told:
                self.calls(adapter)[call]()
        assert type(told.value) is fate, (server.asked, told.value)
        assert str(told.value).isprintable()
        assert 0 < len(str(told.value)) <= 300
        return told.value

    @pytest.mark.parametrize("call", ["publish", "withdraw"])
    @pytest.mark.parametrize("behaviour", NO_ANSWER)
    def test_whoever_acts_and_hears_nonsense_is_unsure(self, behaviour, call):
        self.meets(NO_ANSWER[behaviour], call, self.in_doubt)

    @pytest.mark.parametrize(("call", "fate"), [("publish", Unsure), ("find", Busy)])
    @pytest.mark.parametrize("behaviour", SLOW)
    def test_nobody_waits_longer_than_an_errand(self, behaviour, call, fate):
        started = monotonic()

        self.meets(SLOW[behaviour], call, fate, PATIENCE)

        assert monotonic() - started < 2 * PATIENCE

    @pytest.mark.parametrize("call", ["find", "standing", "prove"])
    @pytest.mark.parametrize("behaviour", NO_ANSWER)
    def test_whoever_looks_and_hears_nonsense_looks_again(self, behaviour, call):
        self.meets(NO_ANSWER[behaviour], call, Busy)

    @pytest.mark.parametrize("call", ["publish", "withdraw", "find", "standing", "prove"])
    @pytest.mark.parametrize("behaviour", NOT_NOW)
    def test_a_busy_server_is_asked_again_in_time(self, behaviour, call):
        busy = self.meets(NOT_NOW[behaviour], call, Busy)

        if busy.again_at:
            assert timedelta(0) < busy.again_at - timezone.now() <= timedelta(hours=1)

    @pytest.mark.parametrize("call", ["publish", "withdraw", "find", "standing", "prove"])
    @pytest.mark.parametrize("behaviour", NEVER)
    def test_a_refusal_is_final(self, behaviour, call):
        self.meets(NEVER[behaviour], call, Declined)

    @pytest.mark.parametrize("call", ["publish", "withdraw", "find", "standing", "prove"])
    @pytest.mark.parametrize("behaviour", STRANGER)
    def test_a_lost_sign_in_is_told(self, behaviour, call):
        self.meets(STRANGER[behaviour], call, SignInNeeded)

    @pytest.mark.parametrize("call", ["publish", "withdraw", "find", "standing", "prove"])
    def test_a_closed_door_did_nothing(self, call):
        with socket.create_server(("127.0.0.1", 0)) as door:
            url = f"http://127.0.0.1:{door.getsockname()[1]}"
        with pytest.raises(Busy):
            self.calls(self.adapter_at(url))[call]()

    @pytest.mark.parametrize("call", ["publish", "withdraw", "find", "standing", "prove"])
    def test_a_name_that_leads_nowhere_did_nothing(self, call):
        with pytest.raises(Busy):
            self.calls(self.adapter_at("https://nowhere.invalid"))[call]()

    @pytest.mark.parametrize("call", ["publish", "withdraw", "find", "standing", "prove"])
    def test_our_own_network_is_not_for_channels(self, call, settings):
        settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
        with Hostile(answer({})) as server:
            inside = server.url.replace("http://", "https://")
            with pytest.raises(Declined, match="inside our own network"):
                self.calls(self.adapter_at(inside))[call]()
        assert server.asked == []

    @pytest.mark.parametrize("odd", ["", "not an address", "file:///etc/passwd", "http://", "//"])
    @pytest.mark.parametrize("call", ["publish", "prove"])
    def test_an_odd_address_is_no_traceback(self, odd, call):
        with pytest.raises((Declined, Busy)):
            self.calls(self.adapter_at(odd))[call]()

    def test_a_secret_never_travels_in_the_open(self, settings):
        settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
        with pytest.raises(Declined, match="https"):
            self.adapter_at("http://social.example").prove()
