"""The database itself refuses to change or remove an entry, whoever asks; and PostgreSQL adds one
by a function of its own, so that nobody waits for a journey to it while others wait for the head."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER entry_never_changes BEFORE UPDATE ON commonground_record_entry
       BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END""",
    """CREATE TRIGGER entry_never_goes BEFORE DELETE ON commonground_record_entry
       BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END""",
    # INSERT OR REPLACE removes the old row without asking the trigger above.
    """CREATE TRIGGER entry_never_replaced BEFORE INSERT ON commonground_record_entry
       WHEN EXISTS (SELECT 1 FROM commonground_record_entry
                    WHERE number = NEW.number OR digest = NEW.digest)
       BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION commonground_record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the record is never changed'; END $$""",
    """CREATE TRIGGER entry_never_changes BEFORE UPDATE OR DELETE
       ON commonground_record_entry FOR EACH ROW EXECUTE FUNCTION commonground_record_refuse()""",
    # TRUNCATE touches no row, so the trigger above never hears of it. An empty table may be
    # emptied again: that is how a test database is made clean.
    """CREATE FUNCTION commonground_record_keep() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF EXISTS (SELECT 1 FROM commonground_record_entry) THEN
           RAISE EXCEPTION 'the record is never changed';
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER entry_never_emptied BEFORE TRUNCATE
       ON commonground_record_entry FOR EACH STATEMENT
       EXECUTE FUNCTION commonground_record_keep()""",
    # The number of the new entry; nothing if the record was stopped, or has no head yet.
    """CREATE FUNCTION commonground_record_append(
         at_once boolean, sealed bytea, wrapped bytea, at timestamptz, agency text, verb text,
         subject text, type text, leaf bytea, digest text
       ) RETURNS bigint LANGUAGE plpgsql AS $$
       DECLARE place bigint;
       BEGIN
         UPDATE commonground_record_head SET count = count + 1, asked = asked OR at_once
           WHERE id = 1 AND stopped = '' RETURNING count INTO place;
         IF place IS NOT NULL THEN
           INSERT INTO commonground_record_entry
             (number, at, agency, verb, subject, type, leaf, digest)
             VALUES (place, at, agency, verb, subject, type, leaf, digest);
           INSERT INTO commonground_record_kept (entry_id, sealed) VALUES (place, sealed);
           INSERT INTO commonground_record_datakey (entry_id, wrapped) VALUES (place, wrapped);
         END IF;
         RETURN place;
       END $$""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("commonground_record", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
