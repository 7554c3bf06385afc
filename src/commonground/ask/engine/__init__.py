"""Groups and the ground they share, from votes alone."""
