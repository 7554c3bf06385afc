"""What we hand to people who have no reason to trust us; each file works alone."""
