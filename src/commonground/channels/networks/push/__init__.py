"""Notices on people's own devices, through the push services of their browsers (RFC 8030)."""
