"""A worker loads what its networks need before it is needed, and nothing for any other."""

import sys
from importlib.util import find_spec

import pytest
from tests import given

from commonground.channels import tasks
from commonground.channels.networks import networks

REPO = "commonground.channels.networks.bluesky.repo"


@pytest.mark.django_db
def test_only_what_networks_in_use_need_is_loaded(monkeypatch):
    monkeypatch.delitem(sys.modules, REPO, raising=False)
    given.a_channel(network="site")
    tasks.load()
    assert REPO not in sys.modules

    given.a_channel(network="bluesky")
    tasks.load()
    assert REPO in sys.modules


def test_every_module_that_is_named_exists():
    named = [network.loads for network in networks().values() if network.loads]
    assert REPO in named
    assert all(find_spec(name) for name in named)
