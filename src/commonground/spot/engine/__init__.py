"""From posts to moments: what is suddenly talked about, and what would help. Pure."""
