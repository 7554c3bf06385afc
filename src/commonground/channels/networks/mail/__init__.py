"""Letters to whoever asked for them: the agency's own list, which no company can take from us."""
