"""The second person of a first drill, whom the desk plays: what they would send back.

No more than a colleague in a hurry sees: whether a reader of these words could do anything with
them. What must not go out does not get this far, the coach stopped it before.
"""

from __future__ import annotations

from commonground.train.engine.moods import corrected_in, facts_in, helps_in
from commonground.train.engine.plan import Plan


def helps_nobody(text: str, plan: Plan) -> bool:
    """No resource that fits, nothing that is so, nothing said to be unknown, no rumour put
    right."""
    return not (helps_in(text, plan) or facts_in(text, plan) or corrected_in(text, plan))
