"""What changes when somebody learns, and when an agency to practise in is founded."""

from commonground.train.actions.founding import found_agency
from commonground.train.actions.learning import begin, certify, hand_in, read

__all__ = ["begin", "certify", "found_agency", "hand_in", "read"]
