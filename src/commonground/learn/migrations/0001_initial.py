import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
import commonground.kit.sealed
import django.core.validators
import secrets
from django.db import migrations, models

from commonground.kit.migrating import together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commonground_agency", "0001_initial"),
        ("commonground_agency", "__first__"),
        ("commonground_say", "0001_initial"),
        ("commonground_spot", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Outlet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("feed", models.URLField(max_length=300)),
                ("corrections_to", models.CharField(blank=True, max_length=200)),
                ("on", models.BooleanField(default=True, editable=False)),
                ("cursor", models.CharField(blank=True, editable=False, max_length=300)),
                ("items", models.PositiveIntegerField(default=0, editable=False)),
                ("looked_at", models.DateTimeField(editable=False, null=True)),
                ("last_item_at", models.DateTimeField(editable=False, null=True)),
                (
                    "next_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("trouble", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
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
                        related_name="outlets",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "name"), name="outlet_named_once"),
                    models.UniqueConstraint(fields=("agency", "feed"), name="outlet_read_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Printed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mark", models.CharField(max_length=32)),
                ("url", models.CharField(max_length=500)),
                ("headline", models.CharField(max_length=300)),
                ("summary", models.TextField(blank=True)),
                ("published_at", models.DateTimeField()),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("read_at", models.DateTimeField(null=True)),
                ("text", models.TextField(blank=True)),
                ("fetched_from", models.CharField(blank=True, max_length=500)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("media_type", models.CharField(blank=True, max_length=80)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("part", models.BooleanField(default=False)),
                ("packed", models.BinaryField(default=b"")),
                ("matched_at", models.DateTimeField(null=True)),
                ("emptied_at", models.DateTimeField(null=True)),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="printed",
                        to="commonground_learn.outlet",
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["next_at"],
                        name="printed_to_read",
                    ),
                    models.Index(fields=["found_at"], name="printed_found"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("outlet", "mark"), name="printed_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("messages", models.JSONField(default=list)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("searched_at", models.DateTimeField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverages",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "campaign",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="commonground_say.campaign",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "moment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("campaign__isnull", False), ("moment", None)),
                            models.Q(("campaign", None), ("moment__isnull", False)),
                            _connector="OR",
                        ),
                        name="coverage_is_of_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("outlet", models.CharField(max_length=80)),
                ("headline", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("url", models.URLField(blank=True, max_length=500)),
                ("published_on", models.DateField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("because", models.JSONField(default=dict)),
                ("set_aside_at", models.DateTimeField(editable=False, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_aside_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coverage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="articles",
                        to="commonground_learn.coverage",
                    ),
                ),
                (
                    "printed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="commonground_learn.printed",
                    ),
                ),
            ],
            options={
                "ordering": ["-published_on", "outlet", "headline"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("coverage", "outlet", "sha256"), name="article_once_for_an_outlet"
                    ),
                    models.UniqueConstraint(
                        fields=("coverage", "printed"), name="article_once_a_page"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("added_by__isnull", False), ("printed__isnull", False), _connector="OR"
                        ),
                        name="article_from_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("message", models.CharField(max_length=300)),
                (
                    "carried",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "absent"), (1, "touched"), (2, "carried")]
                    ),
                ),
                ("sure", models.BooleanField()),
                (
                    "where",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("headline", "in the headline"),
                            ("lead", "in the first paragraph"),
                            ("body", "in the body"),
                        ],
                        max_length=8,
                    ),
                ),
                ("quote", models.TextField(blank=True)),
                ("start", models.PositiveIntegerField(null=True)),
                ("end", models.PositiveIntegerField(null=True)),
                ("otherwise", models.JSONField(default=list)),
                (
                    "judged",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "absent"), (1, "touched"), (2, "carried")],
                        editable=False,
                        null=True,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="commonground_learn.article",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="Mistake",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="suspected", editable=False, max_length=10)),
                ("wrong", models.CharField(max_length=600)),
                ("right", models.CharField(max_length=600)),
                (
                    "found_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("asked_of", models.CharField(blank=True, editable=False, max_length=200)),
                ("asked_at", models.DateTimeField(editable=False, null=True)),
                ("due_on", models.DateField(editable=False, null=True)),
                ("answer", models.TextField(blank=True, editable=False, max_length=600)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("corrected_at", models.DateTimeField(editable=False, null=True)),
                ("where", models.URLField(blank=True, editable=False, max_length=500)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mistakes",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mistakes",
                        to="commonground_learn.article",
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-found_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "wrong", "right"), name="mistake_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "suspected",
                                    "confirmed",
                                    "cleared",
                                    "asked",
                                    "corrected",
                                    "refused",
                                ],
                            )
                        ),
                        name="mistake_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "asked"), _negated=True),
                            models.Q(
                                ("asked_at__isnull", False),
                                ("due_on__isnull", False),
                                models.Q(("asked_of", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="mistake_asked_says_whom_when_and_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "corrected"), _negated=True),
                            ("corrected_at__isnull", False),
                            _connector="OR",
                        ),
                        name="mistake_corrected_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("went_well", models.TextField(blank=True, max_length=4000)),
                ("what_next", models.TextField(blank=True, max_length=4000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="look_backs",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "moment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="look_back",
                        to="commonground_spot.moment",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FrozenReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("told", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("frozen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="frozen_reports",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="frozen_reports",
                        to="commonground_spot.moment",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("moment", "number"), name="frozen_report_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PulseDayKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("key", commonground.kit.sealed.SealedJSONField(default=secrets.token_hex)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Census",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=120)),
                ("traits", models.JSONField(default=list)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                (
                    "brought_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="censuses",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-brought_at"],
            },
        ),
        migrations.CreateModel(
            name="Experiment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("hypothesis", models.TextField(max_length=600)),
                ("outcome", models.CharField(max_length=200)),
                ("one", models.CharField(max_length=300)),
                ("other", models.CharField(max_length=300)),
                (
                    "design",
                    models.CharField(
                        choices=[
                            ("apart", "areas: one half gets the one way, the other half the other"),
                            ("pairs", "weeks: of two neighbours each way gets one"),
                        ],
                        max_length=5,
                    ),
                ),
                ("units", models.JSONField(default=list)),
                ("usual", models.JSONField(default=list)),
                ("matters", models.FloatField()),
                ("begins_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("state", models.CharField(default="draft", editable=False, max_length=10)),
                (
                    "planned_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("registered_at", models.DateTimeField(editable=False, null=True)),
                ("plan_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("seed", commonground.kit.sealed.SealedJSONField(default="", editable=False)),
                ("commitment", models.CharField(blank=True, editable=False, max_length=64)),
                ("ways", models.JSONField(default=list, editable=False)),
                ("outcomes", models.JSONField(default=list, editable=False)),
                ("found", models.JSONField(default=dict, editable=False)),
                ("reason", models.CharField(blank=True, editable=False, max_length=300)),
                ("over_at", models.DateTimeField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="experiments",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="experiments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-planned_at"],
            },
        ),
        migrations.CreateModel(
            name="Pulse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "word",
                    models.CharField(
                        max_length=24,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("\\A[a-z0-9-]+\\Z")],
                    ),
                ),
                ("languages", models.JSONField(default=list)),
                ("words", models.JSONField(blank=True, default=dict)),
                ("kinds", models.JSONField(default=list)),
                ("state", models.CharField(default="draft", editable=False, max_length=8)),
                ("closes_at", models.DateTimeField()),
                ("invited", models.PositiveIntegerField(default=0, editable=False)),
                ("opened_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("counted_at", models.DateTimeField(editable=False, null=True)),
                ("figures", models.JSONField(default=dict, editable=False)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "asked_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "key",
                    commonground.kit.sealed.SealedJSONField(
                        default=secrets.token_hex, editable=False
                    ),
                ),
                ("forgotten_at", models.DateTimeField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pulses",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "census",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulses",
                        to="commonground_learn.census",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="PulseArrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("tag", models.CharField(max_length=64)),
                ("hour", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "pulse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="arrivals",
                        to="commonground_learn.pulse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PulseCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=64)),
                (
                    "pulse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="commonground_learn.pulse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reached",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shown", models.PositiveBigIntegerField(null=True)),
                ("handed", models.PositiveBigIntegerField(null=True)),
                ("liked", models.PositiveBigIntegerField(null=True)),
                ("passed_on", models.PositiveBigIntegerField(null=True)),
                ("answered", models.PositiveBigIntegerField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(db_index=True, null=True)),
                ("trouble", models.CharField(blank=True, max_length=200)),
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reached",
                        to="commonground_say.delivery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("code", "with a code from us"), ("open", "open to anyone")],
                        max_length=4,
                    ),
                ),
                ("said", commonground.kit.sealed.SealedJSONField()),
                (
                    "pulse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="commonground_learn.pulse",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="experiment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "dropped", "running", "concluded", "called_off"])
                ),
                name="experiment_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="experiment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "dropped"]),
                    models.Q(
                        models.Q(("plan_sha256", ""), _negated=True),
                        models.Q(("commitment", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="experiment_runs_only_with_a_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="experiment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "called_off"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="experiment_called_off_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="pulse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "dropped", "open", "closed", "counted"])
                ),
                name="pulse_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pulse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "counted"), _negated=True),
                    models.Q(
                        ("counted_at__isnull", False), models.Q(("sha256", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="pulse_counted_is_sealed",
            ),
        ),
        migrations.AddConstraint(
            model_name="pulsearrival",
            constraint=models.UniqueConstraint(
                fields=("pulse", "kind", "tag", "hour"), name="pulse_arrival_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="pulsecode",
            constraint=models.UniqueConstraint(fields=("pulse", "mark"), name="pulse_code_once"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(fields=("article", "place"), name="reading_once"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged", None), ("judged_by", None)),
                    models.Q(("judged__isnull", False), ("judged_by__isnull", False)),
                    _connector="OR",
                ),
                name="reading_judged_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["code", "open"])), name="reply_kind_is_known"
            ),
        ),
    ]
    operations = together(operations)
