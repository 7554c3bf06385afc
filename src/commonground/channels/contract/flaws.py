"""What is wrong with a message, wherever it is to be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonground.channels import engine

if TYPE_CHECKING:
    from commonground.channels.contract import Message


def flaws(message: Message) -> list[str]:
    """What no network should ever be asked to show."""
    flaws = [f"Picture {n} is not described." for n, p in enumerate(message.pictures, 1)
             if not p.alt.strip()]  # fmt: skip
    if message.film and not (message.film.alt.strip() and message.film.captions.strip()):
        flaws.append("The video has no captions or is not described.")
    if not message.text.strip() and not message.pictures:
        flaws.append("There is nothing to say.")
    shown = [message.title, message.text, *(p.alt for p in message.pictures)]
    shown += [words for one in message.also for words in one.words]
    if not all(one.text.strip() for one in message.also):
        flaws.append("There is nothing to say in one of its languages.")
    if not all(map(engine.is_sendable, shown)):
        flaws.append("There is a sign in this text that cannot be sent.")
    return flaws
