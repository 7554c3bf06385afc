"""Turns a written scenario into a stream of posts; the same seed always gives the same stream."""
