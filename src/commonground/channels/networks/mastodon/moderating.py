"""What an account on a Mastodon server can do about others: not hear one, or shut one out.

A server knows no hiding of one reply: what stands beneath a post of ours stands there for all.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from commonground.channels import engine
from commonground.channels.contract import Busy, Declined, Login, Receipt, Unsure
from commonground.channels.contract.moderating import Act, Aim, Moderates
from commonground.channels.networks.mastodon.line import ID, Line, id_of, url_of
from commonground.channels.networks.mastodon.words import words_of

PATIENCE = 20.0  # seconds


def impose(login: Login, act: Act, aim: Aim) -> None:
    """A server keeps one answer for an account, however often it is asked."""
    settle(login, act, aim, wanted=True)


def undo(login: Login, act: Act, aim: Aim) -> None:
    settle(login, act, aim, wanted=False)


def settle(login: Login, act: Act, aim: Aim, *, wanted: bool) -> None:
    who, line = account_of(aim), Line(login, PATIENCE)
    with line.asking(acting=True) as server:
        match act, wanted:
            case Act.MUTE, True:
                server.account_mute(who, notifications=True)
            case Act.MUTE, False:
                server.account_unmute(who)
            case Act.BLOCK, True:
                server.account_block(who)
            case Act.BLOCK, False:
                server.account_unblock(who)
            case _:
                raise Declined("Mastodon has no such act.")
    try:
        there = stands(line, act, who)
    except Busy as trouble:
        raise Unsure(str(trouble)) from trouble
    if there != wanted:
        raise Unsure("The server said yes, and shows it otherwise.")


def stands(line: Line, act: Act, who: str) -> bool:
    with line.asking() as server:
        (found,) = server.account_relationships([who])
        if str(found.id) != who:
            raise ValueError("an answer about somebody else")
        return bool(found.muting if act == Act.MUTE else found.blocking)


def account_of(aim: Aim) -> str:
    if not ID.fullmatch(aim.author):
        raise Declined("This was never the id of a Mastodon account.")
    return aim.author


def tell(login: Login, aim: Aim, words: str, key: str) -> Receipt:
    """A post that nobody but they can read, beneath what they wrote. The same key says it once."""
    if not words.startswith("@"):
        raise Declined("Nobody is named in these words, so nobody would be shown them.")
    line = Line(login, PATIENCE)
    beneath = aim.message if ID.fullmatch(aim.message) else None
    with line.asking(acting=True) as server:
        said = server.status_post(
            words, visibility="direct", in_reply_to_id=beneath, idempotency_key=key
        )
        name, url = id_of(said), url_of(said)
    try:
        with line.asking() as server:
            seen = server.status(name)
            same = engine.same_words(words_of(seen.content), words)
            if not same or seen.visibility != "direct":
                raise ValueError("an answer about something else")
    except Busy as trouble:
        raise Unsure(str(trouble)) from trouble
    return Receipt(name, url)


MODERATES = Moderates(
    means={
        Act.MUTE: gettext_noop(
            "This account is told nothing more that they write. Everybody else reads it as before."
        ),
        Act.BLOCK: gettext_noop(
            "They can neither read this account while signed in, nor follow it, nor write to it:"
            " all of it, also what helps them."
        ),
    },
    impose=impose, undo=undo, tell=tell,
)  # fmt: skip
