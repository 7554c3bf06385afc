"""Whether words mean a person: a first line against listening for people. Pure."""

from commonground.hear.engine.people.finding import Found, Sign, person_in, split_person

__all__ = ["Found", "Sign", "person_in", "split_person"]
