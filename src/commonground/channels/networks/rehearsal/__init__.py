"""A closed place that looks like the public one: where a drill speaks."""
