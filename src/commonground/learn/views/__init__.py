"""The pages of LEARN."""
