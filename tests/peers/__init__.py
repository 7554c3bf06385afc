"""Real servers on this machine for tests and the demo to talk to. Nothing here knows pytest."""
