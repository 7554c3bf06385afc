import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from commonground.kit.migrating import together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commonground_channels", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Utterance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=13, unique=True)),
                ("text", models.TextField()),
                ("language", models.CharField(default="en", max_length=8)),
                ("card", models.JSONField(blank=True, null=True)),
                ("alts", models.JSONField(default=list)),
                ("beneath", models.CharField(blank=True, max_length=13)),
                ("fingerprint", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="utterances",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at"],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=13, unique=True)),
                ("author", models.CharField(max_length=60)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("text", models.TextField()),
                ("language", models.CharField(default="en", max_length=8)),
                ("beneath", models.CharField(blank=True, max_length=13)),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
    operations = together(operations)
