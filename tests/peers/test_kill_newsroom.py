"""A worker killed at any instant of a publication in our own newsroom: exactly one page, seen."""

from collections import Counter

from tests.peers.killed import check, kill_everywhere


def test_a_killed_worker_leaves_exactly_one_page_in_the_newsroom(tmp_path):
    """The newsroom is in our own database, so the desk's own proof is the count."""
    outcomes = kill_everywhere(tmp_path, network="site")

    check(outcomes, Counter(o["text"] for o in outcomes))
