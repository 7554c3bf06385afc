"""Counts a text as Threads counts it.

From Meta's page "Threads Posts": 500 characters, an emoji as many as its UTF-8 bytes.
"""

from __future__ import annotations

from commonground.channels import engine


def length(text: str) -> int:
    """What Threads thinks of the length; where it is silent, rather too much than too little."""
    return sum(
        len(g.encode(errors="surrogatepass")) if engine.is_emoji(g) else len(g)
        for g in engine.GRAPHEME.findall(text)
    )
