"""Thinking of the ANSWER room: no table, no network, no clock."""
