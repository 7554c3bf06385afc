"""SPOT - the moments in what we heard that deserve a person, and what would help in them."""
