"""What every test may ask for: the real servers that stand beside the desk."""

pytest_plugins = ["tests.peers.fixtures"]
