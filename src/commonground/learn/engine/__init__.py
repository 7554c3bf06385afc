"""Whether the news carried a message, and what a sample says of everybody."""
