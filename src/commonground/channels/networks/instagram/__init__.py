"""Instagram, as the professional account of a Facebook Page."""
