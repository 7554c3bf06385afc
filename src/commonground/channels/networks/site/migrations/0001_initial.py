import commonground.kit.sealed
import django.db.models.deletion
import django.utils.timezone
import secrets
from django.db import migrations, models

from commonground.kit.migrating import together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commonground_channels", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayKey",
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
            name="Arrival",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "tag", "hour"), name="site_arrival_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=13, unique=True)),
                ("beneath", models.CharField(max_length=48)),
                ("said", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("link", models.CharField(editable=False, max_length=64, unique=True)),
                ("shown_at", models.DateTimeField(null=True)),
                ("hidden_at", models.DateTimeField(null=True)),
                ("notice", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("gone_at", models.DateTimeField(null=True)),
                ("told", models.BooleanField(default=False)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["beneath", "id"], name="site_beneath"),
                    models.Index(
                        condition=models.Q(("told", False)),
                        fields=["channel"],
                        name="site_to_tell",
                    ),
                    models.Index(
                        condition=models.Q(("gone_at", None)),
                        fields=["at"],
                        name="site_to_forget",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Talk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("off", "Nobody can comment"),
                            ("at_once", "Shown at once"),
                            ("after_a_look", "Shown after somebody has looked"),
                        ],
                        default="off",
                        max_length=12,
                    ),
                ),
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="talk",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=13, unique=True)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField()),
                ("language", models.CharField(default="en", max_length=8)),
                ("card", models.JSONField(blank=True, null=True)),
                ("fingerprint", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pages",
                        to="commonground_channels.channel",
                    ),
                ),
                ("alert", models.JSONField(blank=True, null=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="commonground_site.page",
                    ),
                ),
                ("also", models.JSONField(blank=True, default=list)),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_by",
                        to="commonground_site.comment",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-published_at"],
                "indexes": [
                    models.Index(fields=["channel", "-published_at"], name="page_by_channel")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("why", ""), ("withdrawn_at__isnull", False), _connector="OR"
                        ),
                        name="page_in_place_has_nothing_to_explain",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PagePicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("content", models.BinaryField()),
                ("type", models.CharField(max_length=20)),
                ("alt", models.CharField(max_length=1500)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="commonground_site.page",
                    ),
                ),
                ("focus_x", models.PositiveSmallIntegerField(default=500)),
                ("focus_y", models.PositiveSmallIntegerField(default=500)),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "place"), name="page_picture_in_its_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("alt", ""), _negated=True), name="pagepicture_has_words"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PageFilm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.BinaryField()),
                ("type", models.CharField(max_length=20)),
                ("alt", models.CharField(max_length=1500)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("seconds", models.FloatField()),
                ("captions", models.TextField()),
                ("language", models.CharField(max_length=8)),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="film",
                        to="commonground_site.page",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alt", ""), _negated=True), name="page_film_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("captions", ""), _negated=True),
                        name="page_film_has_captions",
                    ),
                ],
            },
        ),
    ]
    operations = together(operations)
