"""./run bench NAME: measures one thing. `./run bench NAME --help` tells what can be chosen."""

from __future__ import annotations

import os
import sys
from importlib import import_module

BENCHES = {
    "api": "ten thousand requests made up from the API's own description, from everybody",
    "ask": "common ground, beside red-dwarf and Community Notes",
    "coach": "remarks on drafts, beside a plain model",
    "drill": "three days in twenty minutes with the desk's own worker, and what its score leads to",
    "fuzz": "hostile frames for the decoders of streams, memory flat",
    "hear": "posts a second from socket to moments, beside naive Python, river and BERTopic",
    "inbox": "the pages of the inbox, with 100,000 conversations",
    "kill": "workers killed and frozen before a server that lies",
    "pages": "how soon pages stand on a phone and a desk, and for whom (Lighthouse)",
    "polls": "what one question to a network or a news feed costs",
    "pullthrough": "how often it is right about what an article carried",
    "record": "entries a second on PostgreSQL, an outsider's check, forgeries",
    "replies": "a thousand on three networks until they stand in the inbox, across cut lines",
    "say": "an urgent post to many accounts, beside a plain queue worker",
    "triage": "how often a message is taken for what it is",
    "web": "every page at three sizes of a desk; or 500 open pages and how soon they hear of news",
    "spot": "how well moments are found, on recorded and on written events",
}
# Set up on databases they make themselves.
OWN_DESK = {
    "api", "drill", "inbox", "kill", "pages", "polls", "record", "replies", "say", "web",
}  # fmt: skip


def main(words: list[str]) -> int:
    if not words or words[0] not in BENCHES:
        rows = (f"./run bench {name:11} {about}" for name, about in BENCHES.items())
        sys.stderr.write("\n".join(rows) + "\n")
        return 2
    # Before numpy is read: a time on one thread is one that others can repeat.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if words[0] not in OWN_DESK and "--http" not in words:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")
        import_module("django").setup()
    return int(import_module(f"tools.bench.{words[0]}").main(words[1:]) or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
