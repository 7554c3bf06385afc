"""HEAR - what the public talks about, reduced to what we may keep."""
