"""PROTECT - who may stop everything, and how it starts again."""
