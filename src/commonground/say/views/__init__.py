"""The pages of SAY."""
