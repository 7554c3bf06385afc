import commonground.kit.sealed
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from commonground.kit.migrating import together


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("agency", models.CharField(blank=True, max_length=40)),
                ("verb", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=80)),
                ("type", models.CharField(default="inner", max_length=60)),
                ("leaf", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "-number"], name="entry_by_agency"),
                    models.Index(fields=["subject", "-number"], name="entry_by_subject"),
                    models.Index(
                        condition=models.Q(("type", "inner"), _negated=True),
                        fields=["-number"],
                        name="entry_in_clear",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("digest",), name="entry_is_one")],
            },
        ),
        migrations.CreateModel(
            name="Erased",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("tombstone", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("count", models.PositiveBigIntegerField(default=0)),
                ("asked", models.BooleanField(default=False)),
                ("epoch", models.PositiveIntegerField(default=1)),
                ("stopped", models.CharField(blank=True, max_length=600)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="record_has_one_head"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=300)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("agreed_by", models.CharField(blank=True, max_length=40)),
                ("let_go_asked_by", models.CharField(blank=True, max_length=40)),
                ("let_go_agreed_by", models.CharField(blank=True, max_length=40)),
                ("let_go_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", ""),
                            models.Q(("agreed_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="legal_hold_is_set_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("let_go_at", None),
                            models.Q(
                                models.Q(("let_go_agreed_by", ""), _negated=True),
                                models.Q(
                                    ("let_go_agreed_by", models.F("let_go_asked_by")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="legal_hold_is_lifted_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Restored",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("epoch", models.PositiveIntegerField(unique=True)),
                ("lost", models.TextField()),
                ("kept", models.PositiveBigIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="RetentionClass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("verbs", models.JSONField(blank=True, default=list)),
                ("days", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "place"), name="one_class_in_a_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.PositiveBigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("level", "index"), name="tile_has_one_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tree",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("indexed", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="record_has_one_tree"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("epoch", models.PositiveIntegerField(default=1)),
                ("size", models.PositiveBigIntegerField()),
                ("note", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("witnesses", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("epoch", "size"), name="checkpoint_of_a_size_is_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="data_key",
                        serialize=False,
                        to="commonground_record.entry",
                    ),
                ),
                ("wrapped", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Kept",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="kept",
                        serialize=False,
                        to="commonground_record.entry",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Capture",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("state", models.CharField(default="open", editable=False, max_length=10)),
                ("law", models.CharField(max_length=20)),
                ("received_on", models.DateField()),
                ("due_on", models.DateField()),
                ("more_days", models.PositiveSmallIntegerField(default=0)),
                ("asker", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("scope", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("owner", models.CharField(max_length=40)),
                ("prepared_by", models.CharField(blank=True, max_length=40)),
                ("read_by", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("upto", models.PositiveBigIntegerField(default=0)),
                ("down_to", models.PositiveBigIntegerField(default=0)),
                ("looked", models.PositiveIntegerField(default=0)),
                ("to_look_at", models.PositiveIntegerField(default=0)),
                ("looked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("found", models.JSONField(default=list)),
                ("everywhere", models.JSONField(default=dict)),
                ("kept_back", models.JSONField(default=dict)),
                ("packed", models.PositiveIntegerField(default=0)),
                ("to_pack", models.PositiveIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                ("told_on", models.DateField(null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["due_on", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "name"), name="inquiry_has_its_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("read_by", ""),
                            models.Q(("read_by", models.F("prepared_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="inquiry_is_read_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "given"), _negated=True),
                            models.Q(("read_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="inquiry_given_was_read",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lookup",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("hashes", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_name", models.CharField(max_length=80)),
                ("agency", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=300)),
                ("lost", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("agreed_by", models.CharField(blank=True, max_length=40)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", ""),
                            models.Q(("agreed_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="reconciliation_takes_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None),
                            models.Q(("agreed_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reconciliation_done_was_agreed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Showing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=80, unique=True)),
                ("channel", models.CharField(max_length=120)),
                ("url", models.CharField(blank=True, max_length=400)),
                ("since", models.DateTimeField()),
                ("captured", models.PositiveBigIntegerField(null=True)),
                ("captured_at", models.DateTimeField(null=True)),
                ("as_of", models.CharField(blank=True, max_length=64)),
                ("gone_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "-since"], name="showing_by_agency"),
                    models.Index(
                        condition=models.Q(("captured", None)),
                        fields=["next_at"],
                        name="showing_to_try",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("authority", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("answer", models.BinaryField()),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stamps",
                        to="commonground_record.checkpoint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("checkpoint", "authority"), name="stamp_once_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stamping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tried_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                ("since", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="stamping_is_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Blind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=120)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("agency", "channel"),
                        name="blind_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CapturedMedium",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "digest"), name="captured_medium_is_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShownWith",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wrapped", models.BinaryField()),
                (
                    "capture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="media",
                        to="commonground_record.capture",
                    ),
                ),
                (
                    "medium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shown",
                        to="commonground_record.capturedmedium",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("capture", "medium"), name="medium_once_a_capture"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                (
                    "inquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="parcel",
                        serialize=False,
                        to="commonground_record.inquiry",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("wrapped", models.BinaryField()),
                ("size", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
    operations = together(operations)
