import commonground.kit.sealed
import django.db.models.deletion
import django.utils.timezone
import secrets
import uuid
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
            name="Voice",
            fields=[
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="voice",
                        serialize=False,
                        to="commonground_channels.channel",
                    ),
                ),
                ("public", models.CharField(max_length=90)),
                ("private", commonground.kit.sealed.SealedJSONField(default="")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
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
                        fields=("kind", "tag", "hour"), name="push_arrival_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("not_after", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("trouble", models.CharField(blank=True, max_length=200)),
                ("folded", models.JSONField(default=dict)),
                ("topic", models.CharField(max_length=13)),
                ("urgent", models.BooleanField(default=False)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="commonground_channels.channel",
                    ),
                ),
                ("also", models.JSONField(blank=True, default=list)),
            ],
            options={
                "ordering": ["-made_at"],
                "abstract": False,
                "indexes": [models.Index(fields=["channel", "-made_at"], name="notice_by_channel")],
            },
        ),
        migrations.CreateModel(
            name="NoticePicture",
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
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="commonground_push.notice",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alt", ""), _negated=True),
                        name="noticepicture_has_words",
                    ),
                    models.UniqueConstraint(
                        fields=("notice", "place"), name="notice_picture_in_its_place"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("device", models.CharField(max_length=64)),
                ("where", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("language", models.CharField(default="en", max_length=8)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("refusals", models.PositiveSmallIntegerField(default=0)),
                ("own_service", models.BooleanField(default=False)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "device"), name="subscription_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                        to="commonground_push.notice",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="handings",
                        to="commonground_push.subscription",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("fate__in", ["waiting", "handing over"])),
                        fields=["next_at"],
                        name="handover_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("issue", "reader"), name="handover_once"),
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
                        name="handover_fate_is_known",
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
                        fields=("channel", "day", "what"), name="push_tally_once"
                    )
                ],
            },
        ),
    ]
    operations = together(operations)
