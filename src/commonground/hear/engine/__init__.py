"""From bytes of any stream to posts, topics and voices. Pure: no network, no clock, no chance."""
