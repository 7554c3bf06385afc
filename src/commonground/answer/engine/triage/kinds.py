"""What a message can be. The order is that in which a person should look."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    EMERGENCY = "emergency"  # somebody needs help now
    SUICIDE = "suicide"  # a risk of suicide or self-harm, of the writer's or another's
    THREAT = "threat"  # of violence, made or told of
    TIP = "tip"  # knows or saw something; belongs out of a public thread
    FOI = "foi"  # asks for records or for their own data: a legal clock runs
    COMPLAINT = "complaint"  # about what one of us did: oversight's, with a receipt
    EXCHANGE = "exchange"  # about how we answered, or did not
    QUESTION = "question"
    PRAISE = "praise"
    ABUSE = "abuse"  # insults and nothing else; proposed, never acted upon


KINDS = tuple(Kind)
# Of these hardly one may be overlooked; what is wrongly proposed costs a look.
URGENT = frozenset({Kind.EMERGENCY, Kind.SUICIDE, Kind.THREAT})
