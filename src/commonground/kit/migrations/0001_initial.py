import commonground.kit.sealed
import django.utils.timezone
from django.db import migrations, models

from commonground.kit.migrating import together


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LastingSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True)),
                ("value", commonground.kit.sealed.SealedJSONField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Remembered",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("until", models.DateTimeField(db_index=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chore", models.CharField(max_length=120, unique=True)),
                ("seconds", models.FloatField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("took", models.FloatField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveBigIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="AtWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("host", models.CharField(max_length=120)),
                ("pid", models.PositiveIntegerField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "host", "pid"), name="at_work_is_one_process"
                    )
                ],
            },
        ),
    ]
    operations = together(operations)
