import commonground.kit.sealed
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
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("what", models.CharField(max_length=10)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "day", "what"), name="mailbox_tally_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Writer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.CharField(max_length=64)),
                ("said", commonground.kit.sealed.SealedJSONField(default=dict)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="writers",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "person"), name="writer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Received",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("called", models.CharField(blank=True, max_length=64)),
                ("said", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("beneath", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(null=True)),
                ("came_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told", models.BooleanField(default=False)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="received",
                        to="commonground_channels.channel",
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="received",
                        to="commonground_mailbox.writer",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("told", False)),
                        fields=["channel"],
                        name="mailbox_to_tell",
                    ),
                    models.Index(fields=["called"], name="mailbox_called"),
                    models.Index(fields=["writer", "came_at"], name="mailbox_of_writer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("also", models.JSONField(blank=True, default=list)),
                ("key", models.CharField(max_length=13, unique=True)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField()),
                ("language", models.CharField(default="en", max_length=8)),
                ("card", models.JSONField(blank=True, null=True)),
                ("fingerprint", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("not_after", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("trouble", models.CharField(blank=True, max_length=200)),
                ("folded", models.JSONField(default=dict)),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replies",
                        to="commonground_mailbox.received",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "abstract": False,
                "indexes": [models.Index(fields=["channel", "-made_at"], name="reply_by_channel")],
            },
        ),
        migrations.CreateModel(
            name="Dispatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("handing over", "Handing"),
                            ("taken", "Taken"),
                            ("refused", "Refused"),
                            ("uncertain", "Uncertain"),
                            ("late", "Late"),
                            ("left", "Left"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("held_by", models.UUIDField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handings",
                        to="commonground_mailbox.reply",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="handings",
                        to="commonground_mailbox.writer",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("fate__in", ["waiting", "handing over"])),
                        fields=["next_at"],
                        name="dispatch_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("issue", "reader"), name="dispatch_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "fate__in",
                                [
                                    "waiting",
                                    "handing over",
                                    "taken",
                                    "refused",
                                    "uncertain",
                                    "late",
                                    "left",
                                ],
                            )
                        ),
                        name="dispatch_fate_is_known",
                    ),
                ],
            },
        ),
    ]
    operations = together(operations)
