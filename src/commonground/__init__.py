"""Commonground: the open, self-hosted social desk for public safety."""

__version__ = "0.1.0"
