"""X, formerly Twitter, through its paid API."""
