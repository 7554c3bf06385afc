import commonground.kit.sealed
import django.db.models.deletion
import django.utils.timezone
import functools
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
                        fields=("kind", "tag", "hour"), name="mail_arrival_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
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
                "indexes": [models.Index(fields=["channel", "-made_at"], name="letter_by_channel")],
            },
        ),
        migrations.CreateModel(
            name="LetterPicture",
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
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="commonground_mail.letter",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alt", ""), _negated=True),
                        name="letterpicture_has_words",
                    ),
                    models.UniqueConstraint(
                        fields=("letter", "place"), name="letter_picture_in_its_place"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscriber",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person", models.CharField(max_length=64)),
                (
                    "name",
                    models.CharField(
                        default=functools.partial(secrets.token_hex, 12), max_length=24, unique=True
                    ),
                ),
                ("address", commonground.kit.sealed.SealedJSONField(default="")),
                ("language", models.CharField(default="en", max_length=8)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owed",
                    models.CharField(
                        blank=True,
                        choices=[("", "Nothing"), ("confirm", "Confirm"), ("already", "Already")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("owed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscribers",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("owed", ""), _negated=True),
                        fields=["owed_at"],
                        name="subscriber_owed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "person"), name="subscriber_once"),
                    models.CheckConstraint(
                        condition=models.Q(("owed__in", ["", "confirm", "already"])),
                        name="subscriber_owed_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
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
                    "name",
                    models.CharField(
                        default=functools.partial(secrets.token_hex, 12), max_length=24, unique=True
                    ),
                ),
                ("bounced_at", models.DateTimeField(null=True)),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handings",
                        to="commonground_mail.letter",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="handings",
                        to="commonground_mail.subscriber",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("fate__in", ["waiting", "handing over"])),
                        fields=["next_at"],
                        name="recipient_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("issue", "reader"), name="recipient_once"),
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
                        name="recipient_fate_is_known",
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
                        fields=("channel", "day", "what"), name="mail_tally_once"
                    )
                ],
            },
        ),
    ]
    operations = together(operations)
