"""Tables made together are the tables made one by one."""

from importlib import import_module

import pytest
from django.apps import apps as installed
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from commonground.kit.migrating import CreateTogether, together

KEY = ("id", models.BigAutoField(primary_key=True))
PLACES = "commonground_kit.street"


def operations() -> list:
    """Two tables that point at each other, with what a first migration adds to them."""
    return [
        migrations.CreateModel(
            name="Street", fields=[KEY, ("name", models.CharField(max_length=20, db_index=True))]
        ),
        migrations.CreateModel(
            name="House",
            fields=[
                KEY,
                ("street", models.ForeignKey(PLACES, models.CASCADE, related_name="houses")),
                ("crossings", models.ManyToManyField(PLACES, related_name="corners")),
            ],
        ),
        migrations.AddField(
            model_name="street",
            name="first",
            field=models.ForeignKey(
                "commonground_kit.house", models.SET_NULL, null=True, related_name="+"
            ),
        ),
        migrations.AddConstraint(
            model_name="street",
            constraint=models.UniqueConstraint(fields=["name"], name="street_named_once"),
        ),
        migrations.AddIndex(
            model_name="house", index=models.Index(fields=["street"], name="house_by_street")
        ),
    ]


def tables_made_by(todo: list) -> dict:
    """Each table's columns and constraints, as the database itself tells them."""
    state, told = ProjectState(), {}
    with connection.schema_editor() as editor:
        for one in todo:
            before = state.clone()
            one.state_forwards("commonground_kit", state)
            one.database_forwards("commonground_kit", editor, before, state)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("commonground_kit_street", "commonground_kit_house")):
                columns = connection.introspection.get_table_description(cursor, table)
                held = connection.introspection.get_constraints(cursor, table)
                told[table] = (
                    sorted((c.name, c.type_code, c.null_ok) for c in columns),
                    sorted(
                        (tuple(c["columns"]), c["unique"], str(c["foreign_key"]), c["index"])
                        for c in held.values()
                    ),
                )
    with connection.schema_editor() as editor:
        for one in reversed(todo):
            after, state = state, ProjectState()
            for earlier in todo[: todo.index(one)]:
                earlier.state_forwards("commonground_kit", state)
            one.database_backwards("commonground_kit", editor, after, state)
    return told


@pytest.mark.django_db(transaction=True)
def test_tables_made_together_are_those_made_one_by_one():
    one_by_one = tables_made_by(operations())
    assert len(one_by_one) == 3
    assert tables_made_by(together(operations())) == one_by_one


def test_what_comes_after_the_tables_stays_a_step_of_its_own():
    run = migrations.RunPython(migrations.RunPython.noop)
    made, last = together([*operations(), run])
    assert isinstance(made, CreateTogether)
    assert last is run


def test_what_is_about_another_table_does_not_belong():
    """Its table would be left as it was, and nobody would be told."""
    other = migrations.AddField("moment", "more", models.IntegerField(default=0))
    with pytest.raises(ValueError, match="not a table that is created here"):
        together([*operations(), other])


def test_the_tables_of_every_room_are_made_together():
    ours = [app for app in installed.get_app_configs() if app.name.startswith("commonground.")]
    found = {}
    for app in ours:
        try:
            first = import_module(f"{app.name}.migrations.0001_initial")
        except ModuleNotFoundError:
            continue  # a room without tables
        found[app.label] = type(first.Migration.operations[0])
    assert len(found) > 10
    assert set(found.values()) == {CreateTogether}
