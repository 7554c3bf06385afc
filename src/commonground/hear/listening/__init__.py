"""Listening: streams and recordings to slices of posts, for whoever listens."""
