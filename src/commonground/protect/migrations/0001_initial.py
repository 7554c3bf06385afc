import commonground.kit.sealed
import django.db.models.deletion
import django.utils.timezone
import secrets
import uuid
from django.conf import settings
from django.db import migrations, models

from commonground.kit.migrating import together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commonground_agency", "0001_initial"),
        ("commonground_agency", "__first__"),
        ("commonground_channels", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lookout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("before", models.JSONField(default=list)),
                ("back_to", models.CharField(blank=True, max_length=300)),
                ("account", models.CharField(blank=True, max_length=300)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lookout",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("foreign", "foreign"),
                            ("twice", "twice"),
                            ("altered", "altered"),
                            ("gone", "gone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("network_id", models.CharField(max_length=300)),
                ("url", models.CharField(blank=True, max_length=400)),
                ("text", models.TextField(blank=True)),
                ("ours", models.TextField(blank=True)),
                ("posted_at", models.DateTimeField(null=True)),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tell_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="open", editable=False, max_length=10)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
                        to="commonground_channels.channel",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-raised_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "explained", "disowned"])),
                        name="alarm_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "explained"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="alarm_explained_has_a_reason",
                    ),
                    models.UniqueConstraint(
                        fields=("channel", "what", "network_id"), name="alarm_raised_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first_yes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_yes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "said",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing yet"),
                            ("paused", "That we have paused, and where to look"),
                            ("not_us", "That somebody else may be speaking in our name"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("said_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("agency",),
                        name="hold_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at", None),
                            models.Q(
                                ("first_yes__isnull", False),
                                ("second_yes__isnull", False),
                                models.Q(("first_yes", models.F("second_yes")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hold_lifted_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begun_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("at_network", models.BooleanField(default=False)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commonground_channels.channel",
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revocations",
                        to="commonground_protect.hold",
                    ),
                ),
            ],
            options={
                "ordering": ["channel__name"],
                "constraints": [
                    models.UniqueConstraint(fields=("hold", "channel"), name="revocation_once")
                ],
            },
        ),
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
                        fields=("kind", "tag", "hour"), name="question_counted_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "factor",
                    models.CharField(
                        choices=[
                            ("key", "key"),
                            ("code", "code"),
                            ("text", "text"),
                            ("none", "none"),
                        ],
                        max_length=10,
                    ),
                ),
                ("recovery_is_ours", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="commonground_channels.channel",
                    ),
                ),
                ("owners", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("factor__in", ["key", "code", "text", "none"])),
                        name="account_check_knows_the_factor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Impostor",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("known_as", models.CharField(max_length=64)),
                ("network", models.CharField(max_length=20)),
                ("handle", models.CharField(blank=True, max_length=300)),
                ("url", models.CharField(blank=True, max_length=400)),
                ("called", models.CharField(blank=True, max_length=200)),
                (
                    "likeness",
                    models.CharField(
                        choices=[
                            ("was ours", "was ours"),
                            ("same name", "same name"),
                            ("looks", "looks"),
                            ("added", "added"),
                            ("near", "near"),
                            ("called", "called"),
                            ("domain", "domain"),
                            ("told", "told"),
                        ],
                        max_length=20,
                    ),
                ),
                ("of", models.CharField(blank=True, max_length=300)),
                ("same_picture", models.BooleanField(default=False)),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("found_by", models.CharField(max_length=10)),
                ("state", models.CharField(default="found", editable=False, max_length=10)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reported_at", models.DateTimeField(null=True)),
                ("number", models.CharField(blank=True, max_length=80)),
                ("gone_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("missing_since", models.DateTimeField(null=True)),
                ("tell_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_at", models.DateTimeField(null=True)),
                ("forgotten", models.BooleanField(default=False)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impostors",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "decided_by",
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
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["found", "looked at", "harmless", "reported", "gone", "kept"],
                            )
                        ),
                        name="impostor_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "likeness__in",
                                [
                                    "was ours",
                                    "same name",
                                    "looks",
                                    "added",
                                    "near",
                                    "called",
                                    "domain",
                                    "told",
                                ],
                            )
                        ),
                        name="impostor_likeness_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "known_as"), name="impostor_found_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["found", "looked at"]),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="impostor_decided_by_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceSearched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("network", models.CharField(max_length=20)),
                ("address", models.CharField(max_length=200)),
                ("searched_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places_searched",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "ordering": ["network", "address"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "network", "address"), name="place_searched_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("link", "link"),
                            ("handle", "handle"),
                            ("page", "page"),
                            ("file", "file"),
                            ("name", "name"),
                        ],
                        max_length=10,
                    ),
                ),
                ("looked_at", models.DateTimeField(null=True)),
                ("stood_at", models.DateTimeField(null=True)),
                ("broken_at", models.DateTimeField(null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("no link", "no link"),
                            ("gone", "gone"),
                            ("elsewhere", "elsewhere"),
                            ("not named", "not named"),
                            ("no record", "no record"),
                            ("another", "another"),
                            ("foreign", "foreign"),
                            ("other key", "other key"),
                            ("unsigned", "unsigned"),
                            ("silent", "silent"),
                        ],
                        max_length=20,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("telling_since", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "ordering": ["kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "kind"), name="proof_of_a_kind_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["link", "handle", "page", "file", "name"])
                        ),
                        name="proof_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("broken_at", None), ("stood_at__isnull", False), _connector="OR"
                        ),
                        name="proof_broken_stood_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "digest"), name="device_known_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None), ("confirmed_by__isnull", False), _connector="OR"
                        ),
                        name="device_confirmed_by_somebody",
                    ),
                ],
            },
        ),
    ]
    operations = together(operations)
