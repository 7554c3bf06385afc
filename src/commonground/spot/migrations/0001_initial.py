import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
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
            name="Resource",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("about", models.TextField(max_length=600)),
                ("words", models.JSONField(blank=True, default=dict)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("languages", models.JSONField(blank=True, default=list)),
                ("area", models.CharField(blank=True, max_length=80)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("hours", models.CharField(blank=True, max_length=80)),
                ("capacity", models.CharField(blank=True, max_length=120)),
                ("overloaded_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("url", models.URLField(blank=True, max_length=300)),
                ("owner", models.CharField(blank=True, max_length=80)),
                ("checked_on", models.DateField(blank=True, null=True)),
                ("review_by", models.DateField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resources",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "name"), name="resource_named_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Backtest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("version", models.CharField(max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("progress", models.CharField(blank=True, max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
                ("report", models.JSONField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backtests",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "run_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("report__isnull", True), ("ended_at__isnull", False), _connector="OR"
                        ),
                        name="backtest_reported_has_ended",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Background",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("detector", models.CharField(max_length=20)),
                ("listened", models.FloatField(default=0)),
                ("until", models.FloatField(default=0)),
                ("stirred", models.JSONField(default=list)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="backgrounds",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "detector"), name="background_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Moment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="open", editable=False, max_length=8)),
                ("label", models.CharField(max_length=120)),
                ("why", models.CharField(blank=True, max_length=120)),
                ("terms", models.JSONField(default=list)),
                ("hot", models.JSONField(default=list, editable=False)),
                ("topic", models.CharField(blank=True, max_length=80)),
                ("scale_minutes", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("usual", models.FloatField()),
                ("surprise", models.FloatField()),
                ("authors", models.PositiveIntegerField()),
                ("languages", models.JSONField(default=dict)),
                ("volume", models.PositiveIntegerField(default=0)),
                ("first_post_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("last_post_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("first_word_at", models.DateTimeField(editable=False, null=True)),
                ("grave", models.BooleanField(default=False, editable=False)),
                ("deleted", models.PositiveIntegerField(default=0, editable=False)),
                ("did", models.TextField(blank=True, editable=False, max_length=600)),
                (
                    "in_time",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("partly", "Partly"),
                            ("no", "No"),
                            ("unknown", "We do not know"),
                        ],
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moments",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.FloatField()),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="commonground_spot.moment",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="commonground_spot.resource"
                    ),
                ),
            ],
            options={
                "ordering": ["-score"],
                "constraints": [
                    models.UniqueConstraint(fields=("moment", "resource"), name="match_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="Moment",
            name="resources",
            field=models.ManyToManyField(
                related_name="moments",
                through="commonground_spot.Match",
                to="commonground_spot.resource",
            ),
        ),
        migrations.AddConstraint(
            model_name="Moment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["open", "acted", "joined", "passed", "merged", "missed"])
                ),
                name="moment_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="Moment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "passed"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="moment_passed_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="Moment",
            constraint=models.UniqueConstraint(
                fields=("agency", "why", "opened_at"), name="moment_opened_once"
            ),
        ),
        migrations.CreateModel(
            name="Rumour",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("claim", models.CharField(max_length=300)),
                ("state", models.CharField(default="heard", editable=False, max_length=8)),
                ("known", models.TextField(blank=True, editable=False, max_length=600)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("answer", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "logged_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rumours",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rumours",
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["logged_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["heard", "checking", "true", "false", "unknown"])
                        ),
                        name="rumour_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["heard", "checking"]),
                            models.Q(("known", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="rumour_settled_says_what_we_know",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "heard"), ("checked_by__isnull", False), _connector="OR"
                        ),
                        name="rumour_checked_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("usual", models.FloatField(default=0)),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tallies",
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.UniqueConstraint(fields=("moment", "at"), name="tally_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Exemplar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("upstream", models.CharField(db_index=True, max_length=32)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("language", models.CharField(blank=True, max_length=8)),
                ("url", models.CharField(blank=True, max_length=500)),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exemplars",
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.UniqueConstraint(fields=("moment", "upstream"), name="exemplar_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("known_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("taken_back_at", models.DateTimeField(editable=False, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facts",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facts",
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["-known_at", "-added_at"],
            },
        ),
        migrations.CreateModel(
            name="Spokesperson",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.CharField(max_length=80)),
                ("who", models.CharField(max_length=80)),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spokespeople",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spokespeople",
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["subject"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("subject"),
                        models.F("moment"),
                        name="spokesperson_one_for_a_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="invited", editable=False, max_length=10)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "host_shows",
                    models.CharField(
                        choices=[
                            ("in_review", "As soon as it is in review"),
                            ("approved", "Once it is approved"),
                            ("published", "Once it is public"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "shows",
                    models.CharField(
                        choices=[
                            ("in_review", "As soon as it is in review"),
                            ("approved", "Once it is approved"),
                            ("published", "Once it is public"),
                        ],
                        default="published",
                        max_length=10,
                    ),
                ),
                (
                    "invited_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("since", models.DateTimeField(editable=False, null=True)),
                ("until", models.DateTimeField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joint_desks",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="partners",
                        to="commonground_spot.moment",
                    ),
                ),
                (
                    "own_moment",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shared_as",
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["invited_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["invited", "standing", "declined", "called_off", "ended"],
                            )
                        ),
                        name="partner_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "standing"), _negated=True),
                            models.Q(("own_moment__isnull", False), ("since__isnull", False)),
                            _connector="OR",
                        ),
                        name="partner_at_the_desk_has_its_own_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("own_moment", models.F("moment")), _negated=True),
                        name="partner_moments_are_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["invited", "standing"])),
                        fields=("moment", "agency"),
                        name="partner_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "standing")),
                        fields=("own_moment",),
                        name="partner_own_moment_at_one_desk",
                    ),
                ],
            },
        ),
    ]
    operations = together(operations)
