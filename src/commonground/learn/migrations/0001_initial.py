import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


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
                (
                    "added_by",
                    models.ForeignKey(
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
            ],
            options={
                "ordering": ["-published_on", "outlet", "headline"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("coverage", "outlet", "sha256"), name="article_once_for_an_outlet"
                    )
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
                "constraints": [
                    models.UniqueConstraint(fields=("article", "place"), name="reading_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged", None), ("judged_by", None)),
                            models.Q(("judged__isnull", False), ("judged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="reading_judged_by_somebody",
                    ),
                ],
            },
        ),
    ]
