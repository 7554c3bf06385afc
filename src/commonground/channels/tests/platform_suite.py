"""What holds on every platform that only looking can settle, tried on its stand-in.

A subclass gives a fixture `server`, and the first line of the request that publishes.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import ClassVar

import pytest
from django.utils import timezone

from commonground.channels.contract import Busy, Message, SignInNeeded, TooFarBack, Unsure
from commonground.channels.line.stand_in import Fault, Reply, StandIn
from commonground.channels.tests.contract_suite import a_picture

NUMBER = re.compile(r"[0-9]+$")  # of a container: every attempt makes its own


def since():
    return timezone.now() - timedelta(minutes=10)


class Platform:
    """Lost answers, limits, and what is told to whom."""

    act: ClassVar[str]  # "POST /2/tweets"
    delete: ClassVar[str] = ""  # of the request that withdraws; empty: the post's id
    message = Message("Road closed: see the map.", pictures=(a_picture(),))

    @pytest.fixture
    def adapter(self, server: StandIn):
        return server.open(server.login)

    @pytest.mark.parametrize("out", [True, False])
    def test_a_lost_answer_is_settled_by_looking(self, server, adapter, out):
        server.faults.append(Fault(self.act, after=out))
        with pytest.raises(Unsure):
            adapter.publish(self.message, key="k")

        found = adapter.find(self.message, key="k", since=since())

        assert bool(found) is out is bool(server.posts)

    def test_whatever_is_lost_before_the_post_itself_leaves_no_doubt(self, server, adapter):
        adapter.publish(self.message, key="k")
        steps = [f"{a.method} {a.path}" for a in server.asked]
        before = steps[: next(n for n, step in enumerate(steps) if self.act in step)]
        for step in before:
            server.posts.clear()
            server.faults.append(Fault(NUMBER.sub("", step), after=True))
            with pytest.raises(Busy):
                adapter.publish(self.message, key="k")
            assert not server.posts

    def test_a_limit_is_waited_for(self, server, adapter):
        server.faults.append(Fault(self.act, Reply({}, 429, {"Retry-After": "120"})))
        with pytest.raises(Busy) as told:
            adapter.publish(self.message, key="k")

        wait = (told.value.again_at - timezone.now()).total_seconds()
        assert 60 < wait <= 120

    def test_a_lost_answer_to_a_withdrawal_is_mended_by_asking_again(self, server, adapter):
        receipt = adapter.publish(self.message, key="k")
        server.faults.append(Fault(self.delete or receipt.network_id, after=True))
        with pytest.raises(Unsure):
            adapter.withdraw(receipt)

        adapter.withdraw(receipt)

        assert not server.posts

    def test_no_secret_stands_in_what_is_told(self, server, adapter):
        words = "Malformed access token " + ", ".join(server.login.secrets.values())
        said = {"error": {"message": words, "code": 190}, "detail": words, "message": words}
        server.faults.append(Fault(self.act, Reply(said | {"error_description": words}, 401)))
        with pytest.raises(SignInNeeded, match="Malformed") as told:
            adapter.publish(self.message, key="k")

        seen = repr(told.value) + repr(told.value.__cause__)
        assert not any(secret in seen for secret in server.login.secrets.values())

    def test_our_own_posts_are_read_page_by_page_and_no_further_than_asked(self, server, adapter):
        pages = self.fill(server, adapter)
        first, server.asked[:] = Message("Post 0"), []
        assert adapter.find(first, key="k", since=since())
        assert len(self.looks(server)) == pages
        server.asked.clear()
        assert not adapter.find(first, key="k", since=timezone.now() + timedelta(hours=1))
        assert len(self.looks(server)) == 1

    def test_what_lies_further_back_than_we_look_is_not_called_absent(
        self, server, adapter, monkeypatch
    ):
        """Whoever takes it for absent says it a second time."""
        if self.fill(server, adapter) == 1:
            pytest.skip("This platform shows all of them at once.")
        monkeypatch.setattr("commonground.channels.line.PAGES", 1)
        with pytest.raises(TooFarBack):
            adapter.find(Message("Post 0"), key="k", since=since())
        assert adapter.standing(since=since())

    def looks(self, server):
        """The pages of our own posts that were asked for."""
        raise NotImplementedError

    def fill(self, server, adapter):
        """Put a few pages of posts there, "Post 0" the oldest, and say how many pages."""
        raise NotImplementedError
