import commonground.kit.sealed
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from commonground.kit.migrating import together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commonground_agency", "0001_initial"),
        ("commonground_agency", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("jetstream", "Bluesky (Jetstream)"),
                            ("firehose", "Bluesky (the stream of a server or relay)"),
                            ("mastodon", "Mastodon server"),
                            ("feed", "News feed (RSS, Atom, JSON Feed)"),
                            ("replay", "Recorded stream"),
                        ],
                        max_length=12,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300)),
                ("hashtags", models.JSONField(blank=True, default=list)),
                ("on", models.BooleanField(default=True)),
                ("keep_hours", models.PositiveSmallIntegerField(default=24)),
                ("cursor", models.CharField(blank=True, editable=False, max_length=300)),
                ("tail", models.BinaryField(default=b"")),
                (
                    "secrets",
                    commonground.kit.sealed.SealedJSONField(
                        blank=True, default=dict, editable=False
                    ),
                ),
                ("items", models.PositiveBigIntegerField(default=0, editable=False)),
                ("skipped", models.JSONField(default=dict, editable=False)),
                ("last_item_at", models.DateTimeField(editable=False, null=True)),
                ("usual_gap", models.FloatField(default=0, editable=False)),
                ("looked_at", models.DateTimeField(editable=False, null=True)),
                ("trouble", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "name"), name="source_named_once"),
                    models.CheckConstraint(
                        condition=models.Q(("keep_hours__lte", 72)),
                        name="source_keeps_hours_not_weeks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Overheard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("upstream", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("language", models.CharField(blank=True, max_length=8)),
                ("url", models.CharField(blank=True, max_length=500)),
                ("voice", models.CharField(max_length=16)),
                ("delete_at", models.DateTimeField(db_index=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overheard",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overheard",
                        to="commonground_hear.source",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "-at"], name="overheard_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "upstream"), name="overheard_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("purpose", models.TextField(max_length=400)),
                ("watch", models.JSONField(default=dict)),
                ("exclude", models.JSONField(blank=True, default=dict)),
                ("places", models.JSONField(blank=True, default=dict)),
                ("state", models.CharField(default="proposed", editable=False, max_length=10)),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("expires_on", models.DateTimeField()),
                ("reason", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topics",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "live"])),
                        fields=("agency", "name"),
                        name="topic_named_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "live", "declined", "ended"])
                        ),
                        name="topic_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "live"), _negated=True),
                            models.Q(
                                ("approved_by__isnull", False),
                                models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="topic_live_has_a_second_person",
                    ),
                ],
            },
        ),
    ]
    operations = together(operations)
