"""Who plays what a journey may wish for. Whoever plays a wish is found by its name: each is in one
of them."""

from tests.journeys import (
    afterwards,
    beginning,
    chatting,
    doubles,
    hidden,
    learning,
    newspapers,
    papers,
    people_write,
    pictured,
    plans,
    scene,
    sharing,
    trusting,
    versions,
    warnings_and_corrections,
)

PLAYERS = (
    afterwards, beginning, chatting, doubles, hidden, learning, newspapers, papers, people_write,
    pictured, plans, scene, sharing, trusting, versions, warnings_and_corrections,
)  # fmt: skip
