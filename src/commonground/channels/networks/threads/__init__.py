"""Threads, through Meta's Threads API."""
