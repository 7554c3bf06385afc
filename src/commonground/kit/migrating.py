"""A room's tables in one step, so that a new desk is there in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

ABOUT_NEW_TABLES = (CreateModel, AddField, AddConstraint, AddIndex)


class CreateTogether(Operation):
    """Creates several tables as they are once all of these operations are done.

    Django draws every model that is related to a new one anew, and nearly all of ours are related:
    table by table a desk of 190 takes half a minute of processor, together a few seconds.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)
        self.created = {one.name_lower: one for one in operations if isinstance(one, CreateModel)}
        for one in operations:
            name = getattr(one, "model_name_lower", getattr(one, "name_lower", ""))
            if name not in self.created:
                raise ValueError(f"{one.describe()}: not a table that is created here")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.operations], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn once, when the tables are created, not each time
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState, to_state: ProjectState,
    ) -> None:  # fmt: skip
        for one in self.created.values():
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState, to_state: ProjectState,
    ) -> None:  # fmt: skip
        for one in reversed(self.created.values()):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.created)} models together"


def together(operations: Sequence[Operation]) -> list[Operation]:
    """The same operations, with those at the head that are about new tables made one."""
    head = list(takewhile(lambda one: isinstance(one, ABOUT_NEW_TABLES), operations))
    return [CreateTogether(head), *operations[len(head) :]]
