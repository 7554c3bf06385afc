"""CONNECT - other programs: what they may do here, and what they are told."""
