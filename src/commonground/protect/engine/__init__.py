"""Thinking for PROTECT: numbers and words in, verdicts out."""
