"""Our own public newsroom: the one place that no company can take from us."""
