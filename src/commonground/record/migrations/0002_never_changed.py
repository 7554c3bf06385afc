"""The database itself refuses to change or remove an entry, whoever asks."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER entry_never_changes BEFORE UPDATE ON commonground_record_entry
       BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END""",
    """CREATE TRIGGER entry_never_goes BEFORE DELETE ON commonground_record_entry
       BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION commonground_record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the record is never changed'; END $$""",
    """CREATE TRIGGER entry_never_changes BEFORE UPDATE OR DELETE
       ON commonground_record_entry FOR EACH ROW EXECUTE FUNCTION commonground_record_refuse()""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("commonground_record", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
