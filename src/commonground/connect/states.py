"""What a token may be allowed, and which role its member needs for it at that very moment."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum


class Scope(StrEnum):
    READ_POSTS = "posts:read"
    WRITE_DRAFTS = "posts:write"
    READ_MOMENTS = "moments:read"
    READ_RECORD = "record:read"
    READ_REGISTRY = "registry:read"
    MANAGE_WEBHOOKS = "webhooks:manage"


# Nothing here approves, publishes or stops, and nothing may: that is for people.
NEEDED_ROLE = {Scope.WRITE_DRAFTS: "author", Scope.MANAGE_WEBHOOKS: "admin"}


def reaches(scope: str, roles: AbstractSet[str]) -> bool:
    """Whether somebody with these roles can do it at all; reading is for everybody on the desk."""
    needed = NEEDED_ROLE.get(Scope(scope))
    return needed is None or needed in roles


def within_reach(roles: AbstractSet[str]) -> list[Scope]:
    return [scope for scope in Scope if reaches(scope, roles)]
