"""What a token may be allowed, and which role its member needs for it at that very moment."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum


class Scope(StrEnum):
    READ_POSTS = "posts:read"
    WRITE_DRAFTS = "posts:write"
    READ_MOMENTS = "moments:read"
    READ_INBOX = "inbox:read"
    WRITE_INBOX = "inbox:write"
    READ_RECORD = "record:read"
    READ_REGISTRY = "registry:read"
    MANAGE_WEBHOOKS = "webhooks:manage"


# Nothing here approves, publishes or stops, and nothing may: that is for people.
NEEDED_ROLE = {
    Scope.WRITE_DRAFTS: {"author"}, Scope.MANAGE_WEBHOOKS: {"admin"},
    Scope.WRITE_INBOX: {"author"},
    # What people write to us is for those who answer, and those who look on them.
    Scope.READ_INBOX: {"author", "approver", "auditor", "records"},
}  # fmt: skip


def reaches(scope: str, roles: AbstractSet[str]) -> bool:
    """Whether somebody with these roles can do it at all. Reading is for everybody on the
    desk, but for what residents wrote to us."""
    needed = NEEDED_ROLE.get(Scope(scope))
    return needed is None or bool(needed & roles)


def within_reach(roles: AbstractSet[str]) -> list[Scope]:
    return [scope for scope in Scope if reaches(scope, roles)]
