import commonground.kit.sealed
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from commonground.kit.migrating import together


# Nothing of a drill reaches a real network, whatever the code above believes: the database asks the
# agency itself, and whether that is a drill is decided for good when it is founded.
ELSEWHERE = "NEW.network <> 'rehearsal' AND EXISTS ({drill})"
DRILL = "SELECT 1 FROM commonground_agency_agency a WHERE a.id = NEW.agency_id AND a.drill"
SQLITE = [
    f"""CREATE TRIGGER channel_of_a_drill_{verb.lower()} BEFORE {verb} ON commonground_channels_channel
        WHEN {ELSEWHERE.format(drill=DRILL)}
        BEGIN SELECT RAISE(ABORT, 'a drill speaks in the rehearsal only'); END"""
    for verb in ("INSERT", "UPDATE")
] + [
    """CREATE TRIGGER agency_stays_a_drill_or_none BEFORE UPDATE ON commonground_agency_agency
       WHEN OLD.drill <> NEW.drill
       BEGIN SELECT RAISE(ABORT, 'whether it is a drill is decided for good'); END""",
]
POSTGRESQL = [
    f"""CREATE FUNCTION commonground_channels_rehearse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF {ELSEWHERE.format(drill=DRILL)} THEN
            RAISE EXCEPTION 'a drill speaks in the rehearsal only';
          END IF;
          RETURN NEW;
        END $$""",
    """CREATE TRIGGER channel_of_a_drill BEFORE INSERT OR UPDATE ON commonground_channels_channel
       FOR EACH ROW EXECUTE FUNCTION commonground_channels_rehearse()""",
    """CREATE FUNCTION commonground_channels_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF OLD.drill <> NEW.drill THEN
           RAISE EXCEPTION 'whether it is a drill is decided for good';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER agency_stays_a_drill_or_none BEFORE UPDATE ON commonground_agency_agency
       FOR EACH ROW EXECUTE FUNCTION commonground_channels_for_good()""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commonground_agency", "0001_initial"),
        ("commonground_agency", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("network", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80)),
                ("purpose", models.CharField(blank=True, max_length=160)),
                ("topics", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(blank=True, default="en", max_length=8)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("handle", models.CharField(blank=True, max_length=120)),
                ("url", models.URLField(blank=True, max_length=300)),
                ("secrets", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("state", models.CharField(default="new", editable=False, max_length=16)),
                ("listed", models.BooleanField(default=True)),
                ("drill", models.BooleanField(default=False, editable=False)),
                ("asked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("proved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("signed_in_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("trouble", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="commonground_agency.unit",
                    ),
                ),
                ("told_of", models.CharField(blank=True, editable=False, max_length=40)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["new", "ready", "sign_in_needed", "paused", "closed"])
                        ),
                        name="channel_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drill", False), ("network", "rehearsal"), _connector="OR"
                        ),
                        name="channel_of_a_drill_is_a_rehearsal",
                    ),
                    models.UniqueConstraint(fields=("agency", "name"), name="channel_named_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Authorisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topics", models.CharField(blank=True, max_length=200)),
                ("alone", models.BooleanField(default=False)),
                ("decision", models.TextField(blank=True)),
                ("starts_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authorisations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authorisations",
                        to="commonground_channels.channel",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("obstacles", models.TextField(blank=True)),
                ("request", models.TextField(blank=True)),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
    operations = together(operations)
