"""Nextdoor, as a public agency."""
