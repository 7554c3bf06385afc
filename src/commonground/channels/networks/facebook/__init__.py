"""Facebook, as a Page."""
