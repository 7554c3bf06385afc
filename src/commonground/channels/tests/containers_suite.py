"""What holds where a post is made in two steps, tried on the stand-in of such a network."""

from __future__ import annotations

import pytest

from commonground.channels.contract import Busy, Declined, Message, Unsure
from commonground.channels.line.stand_in import Fault, Reply
from commonground.channels.tests.contract_suite import a_picture
from commonground.channels.tests.platform_suite import Platform, since


class Containers(Platform):
    """A container proves nothing, and none is put out twice."""

    def put_out(self, server):
        return [a.says["creation_id"] for a in server.asked if self.act.endswith(a.path)]

    def test_after_a_lost_answer_no_container_is_put_out_a_second_time(self, server, adapter):
        for after in (True, False, True):
            server.faults.append(Fault(self.act, after=after))
            with pytest.raises(Unsure):
                adapter.publish(self.message, key="k")

        names = self.put_out(server)
        assert len(names) == len(set(names)) == 3

    def test_the_network_would_refuse_a_container_that_is_out_already(self, server, adapter):
        adapter.publish(self.message, key="k")
        (name,) = self.put_out(server)
        server.asked.clear()
        line = adapter.line()
        with pytest.raises(Declined), line.asking(acting=True):
            line.act(self.act.removeprefix(f"POST /{line.version}"), {"creation_id": name})

        assert len(server.posts) == 1

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, None])
    def test_whatever_is_said_once_it_is_out_does_not_mean_that_it_is_not(
        self, server, adapter, status
    ):
        """The worst of all mistakes: "not now" would send the same words once more."""
        server.faults.append(
            Fault("/180", status and Reply({"error": {"message": "No.", "code": 0}}, status))
        )
        with pytest.raises(Unsure):
            adapter.publish(self.message, key="k")

        assert len(server.posts) == 1
        assert adapter.find(self.message, key="k", since=since())

    def test_a_picture_is_waited_for(self, server, adapter):
        server.slow = 1
        adapter.publish(self.message, key="k")

        assert len(server.posts) == 1

    def test_a_picture_that_is_never_ready_leaves_nothing_behind(self, server):
        server.slow = 1_000
        adapter = server.open(server.login)
        adapter.patience = 1.5
        with pytest.raises(Busy, match="working"):
            adapter.publish(self.message, key="k")

        assert not self.put_out(server)

    def test_a_picture_that_meta_cannot_use_is_declined_in_its_words(self, server, adapter):
        server.bad_picture = "FAILED_DOWNLOADING_IMAGE"
        with pytest.raises(Declined, match="FAILED_DOWNLOADING"):
            adapter.publish(self.message, key="k")

        assert not self.put_out(server)

    def test_several_pictures_are_one_post(self, server, adapter):
        alts = ["One", "Two", "Three"]
        message = Message("See:", pictures=tuple(map(a_picture, alts)))
        receipt = adapter.publish(message, key="k")

        assert server.alts(receipt.network_id) == alts
        assert len(self.put_out(server)) == len(server.posts) == 1

    def test_what_is_taken_for_spam_is_not_asked_again(self, server, adapter):
        error = {"message": "We restrict certain activity.", "code": 4, "error_subcode": 2207051}
        server.faults.append(Fault(self.act, Reply({"error": error}, 400)))
        with pytest.raises(Declined, match="restrict"):
            adapter.publish(self.message, key="k")

    def looks(self, server):
        return [a for a in server.asked if "timestamp" in a.query.get("fields", "")]

    def fill(self, server, adapter):
        for n in range(230):
            name = str(18_500_000 + n)
            server.posts[name] = server.shown(name, f"Post {n}", [])
        return 3
