"""The roles a member may hold: what they may do, not how high they rank."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    AUTHOR = "author"  # writes
    APPROVER = "approver"  # lets words go out, or sends them back
    TRAINER = "trainer"  # runs drills, awards certificates
    RECORDS = "records"  # searches and exports the record
    ADMIN = "admin"  # members, channels, sources, topics
    AUDITOR = "auditor"  # sees all, changes nothing


class FirstDrill(StrEnum):
    """Where somebody new stands with the drill that comes before their first real words."""

    NOT_ASKED = ""  # was here before, or the desk is a drill itself
    OWED = "owed"
    DONE = "done"
    LIFTED = "lifted"  # by an administrator, with a reason
