"""What every test may rely on."""

import os

os.environ.setdefault("COMMONGROUND_SECRET_KEY", "for tools and tests only")
os.environ.setdefault("COMMONGROUND_ALLOW_PRIVATE_ADDRESSES", "yes")

pytest_plugins = ["tests.peers.fixtures"]
