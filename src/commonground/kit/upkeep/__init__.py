"""Copies of a desk, whether one is whole, putting one back, and going over to a new version."""
