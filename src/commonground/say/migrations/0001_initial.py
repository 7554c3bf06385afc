import commonground.kit.sealed
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from commonground.kit.migrating import together


# A drill's words on somebody else's channel would be public: the database lets nobody lay them there.
ELSEWHERE = """EXISTS (
    SELECT 1 FROM commonground_say_post p
    JOIN commonground_agency_agency a ON a.id = p.agency_id
    JOIN commonground_channels_channel c ON c.id = NEW.channel_id
    WHERE p.id = NEW.post_id AND a.drill AND (c.network <> 'rehearsal' OR c.agency_id <> a.id))"""
SQLITE = [
    f"""CREATE TRIGGER variant_of_a_drill_{verb.lower()} BEFORE {verb} ON commonground_say_variant
        WHEN {ELSEWHERE}
        BEGIN SELECT RAISE(ABORT, 'a drill speaks in its own rehearsal only'); END"""
    for verb in ("INSERT", "UPDATE")
]
POSTGRESQL = [
    f"""CREATE FUNCTION commonground_say_rehearse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF {ELSEWHERE} THEN
            RAISE EXCEPTION 'a drill speaks in its own rehearsal only';
          END IF;
          RETURN NEW;
        END $$""",
    """CREATE TRIGGER variant_of_a_drill BEFORE INSERT OR UPDATE ON commonground_say_variant
       FOR EACH ROW EXECUTE FUNCTION commonground_say_rehearse()""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("commonground_agency", "0001_initial"),
        ("commonground_agency", "__first__"),
        ("commonground_channels", "0001_initial"),
        ("commonground_protect", "0001_initial"),
        ("commonground_spot", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("host", models.CharField(max_length=120)),
                ("pid", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("relieved", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("held_by", models.UUIDField(null=True)),
                ("until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Restart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("stopped_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("noted_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="restarts",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="ReviewRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("topic", models.CharField(blank=True, max_length=80)),
                ("urgent", models.BooleanField(default=None, null=True)),
                ("starts", models.TimeField(blank=True, null=True)),
                ("ends", models.TimeField(blank=True, null=True)),
                ("steps", models.JSONField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_rules",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "channels",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="commonground_channels.channel"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commonground_agency.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "name"), name="review_rule_named_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends", None), ("starts", None)),
                            models.Q(("ends__isnull", False), ("starts__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_rule_has_both_hours_or_none",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("language", models.CharField(default="en", max_length=8)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(max_length=20000)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="templates",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "name"), name="template_named_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_key",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("goal", models.CharField(max_length=300)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("messages", models.JSONField(default=list)),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("wave", "Wave"),
                            ("leaf", "Leaf"),
                            ("sun", "Sun"),
                            ("stone", "Stone"),
                        ],
                        default="wave",
                        max_length=8,
                    ),
                ),
                ("held_at", models.DateTimeField(editable=False, null=True)),
                ("held_because", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaigns",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-until", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "name"), name="campaign_named_once"),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="campaign_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_at", None),
                            models.Q(
                                ("held_by__isnull", False),
                                models.Q(("held_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="campaign_held_says_by_whom_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("language", models.CharField(default="en", max_length=8)),
                ("state", models.CharField(default="draft", editable=False, max_length=12)),
                ("go_out_at", models.DateTimeField(blank=True, null=True)),
                ("urgent", models.BooleanField(default=False)),
                ("good_for", models.PositiveIntegerField(blank=True, null=True)),
                ("approved_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("approved_at", models.DateTimeField(editable=False, null=True)),
                ("reason", models.CharField(blank=True, editable=False, max_length=300)),
                ("held_at", models.DateTimeField(editable=False, null=True)),
                ("held_because", models.CharField(blank=True, editable=False, max_length=300)),
                ("held_told_at", models.DateTimeField(editable=False, null=True)),
                ("released_at", models.DateTimeField(editable=False, null=True)),
                ("written_on", models.CharField(blank=True, editable=False, max_length=32)),
                ("written_turn", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "held_for",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="commonground_spot.moment",
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="posts",
                        to="commonground_spot.moment",
                    ),
                ),
                (
                    "resources",
                    models.ManyToManyField(
                        blank=True, related_name="posts", to="commonground_spot.resource"
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="commonground_say.post",
                    ),
                ),
                ("parting", models.CharField(blank=True, default="", max_length=10)),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="posts",
                        to="commonground_say.campaign",
                    ),
                ),
                ("started_at", models.DateTimeField(editable=False, null=True)),
                ("answers", models.CharField(blank=True, editable=False, max_length=64)),
            ],
            options={
                "ordering": ["-changed_at"],
                "indexes": [
                    models.Index(fields=["agency", "state", "-changed_at"], name="post_by_state"),
                    models.Index(fields=["state", "approved_at"], name="post_going_out"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "in_review",
                                    "approved",
                                    "scheduled",
                                    "held",
                                    "publishing",
                                    "published",
                                    "failed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="post_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "scheduled"), _negated=True),
                            ("go_out_at__isnull", False),
                            _connector="OR",
                        ),
                        name="post_scheduled_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    ["approved", "scheduled", "held", "publishing", "published"],
                                ),
                                _negated=True,
                            ),
                            models.Q(("approved_digest", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="post_out_was_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            models.Q(
                                ("held_at__isnull", False),
                                models.Q(("held_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="post_held_says_since_when_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BrokenGlass",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("read", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tell_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_at", models.DateTimeField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("right", "It was right to publish it alone"),
                            ("wrong", "It should not have gone out so"),
                        ],
                        max_length=8,
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broken_glass",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broken_glass",
                        to="commonground_say.post",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="glass_broken_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_at", None),
                            models.Q(
                                ("reviewed_by__isnull", False),
                                models.Q(("reviewed_by", models.F("by")), _negated=True),
                                models.Q(("verdict", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="glass_reviewed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("type", models.CharField(max_length=20)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("alt", models.CharField(max_length=1500)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="commonground_say.post",
                    ),
                ),
                ("boxes", models.JSONField(blank=True, default=list)),
                ("focus_x", models.PositiveSmallIntegerField(default=500)),
                ("focus_y", models.PositiveSmallIntegerField(default=500)),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alt", ""), _negated=True), name="picture_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("focus_x__lte", 1000), ("focus_y__lte", 1000)),
                        name="picture_focus_is_inside",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verdict", models.CharField(max_length=12)),
                ("read", models.CharField(max_length=64)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="commonground_say.post",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="ReviewRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told", models.PositiveIntegerField(default=0)),
                ("told_at", models.DateTimeField(null=True)),
                ("tell_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("names", models.JSONField(default=list)),
                ("by_mail", models.BooleanField(default=False)),
                ("nobody", models.BooleanField(default=False)),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="request",
                        to="commonground_say.post",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at"],
            },
        ),
        migrations.CreateModel(
            name="PublicAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(blank=True, max_length=80)),
                ("area", models.CharField(blank=True, max_length=300)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("Safety", "Public safety"),
                            ("Security", "Police and security"),
                            ("Rescue", "Rescue"),
                            ("Fire", "Fire"),
                            ("Health", "Health"),
                            ("Env", "Environment"),
                            ("Transport", "Roads and transport"),
                            ("Infra", "Power, water, networks"),
                            ("Met", "Weather"),
                            ("Geo", "Earth"),
                            ("CBRNE", "Chemical, nuclear, explosive"),
                            ("Other", "Something else"),
                        ],
                        default="Safety",
                        max_length=10,
                    ),
                ),
                (
                    "response",
                    models.CharField(
                        choices=[
                            ("Shelter", "Take shelter where they are"),
                            ("Evacuate", "Leave the area"),
                            ("Avoid", "Keep away"),
                            ("Prepare", "Get ready"),
                            ("Execute", "Do what the instruction says"),
                            ("Monitor", "Stay informed"),
                            ("AllClear", "Nothing any more: it is over"),
                            ("None", "Nothing"),
                        ],
                        default="Monitor",
                        max_length=10,
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("Immediate", "At once"),
                            ("Expected", "Within the hour"),
                            ("Future", "Later"),
                            ("Past", "No longer"),
                            ("Unknown", "Not known"),
                        ],
                        default="Immediate",
                        max_length=10,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("Extreme", "Extraordinary threat to life"),
                            ("Severe", "Threat to life"),
                            ("Moderate", "Possible threat to life"),
                            ("Minor", "Little or no threat to life"),
                            ("Unknown", "Not known"),
                        ],
                        default="Severe",
                        max_length=10,
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("Observed", "It happened, or happens now"),
                            ("Likely", "More likely than not"),
                            ("Possible", "Possible"),
                            ("Unlikely", "Hardly to be expected"),
                            ("Unknown", "Not known"),
                        ],
                        default="Observed",
                        max_length=10,
                    ),
                ),
                ("hours", models.PositiveSmallIntegerField(default=6)),
                ("circle", models.CharField(blank=True, max_length=60)),
                ("instruction", models.TextField(blank=True, max_length=2000)),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alert",
                        to="commonground_say.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Uncovered",
            fields=[
                (
                    "picture",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="uncovered",
                        serialize=False,
                        to="commonground_say.attachment",
                    ),
                ),
                ("sealed", commonground.kit.sealed.SealedJSONField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Video",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("type", models.CharField(max_length=20)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("seconds", models.FloatField()),
                ("alt", models.CharField(max_length=1500)),
                ("captions", models.TextField()),
                ("language", models.CharField(max_length=8)),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="video",
                        to="commonground_say.post",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alt", ""), _negated=True), name="video_has_words"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("captions", ""), _negated=True),
                        name="video_has_captions",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EchoCall",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="echo_calls",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="echo_call",
                        to="commonground_say.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Echo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("declined_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="echoes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="echo",
                        to="commonground_say.post",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="echoes",
                        to="commonground_say.echocall",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "echoes",
                "constraints": [
                    models.UniqueConstraint(fields=("call", "member"), name="echo_once_a_member"),
                    models.CheckConstraint(
                        condition=models.Q(("post", None), ("declined_at", None), _connector="OR"),
                        name="echo_not_both_taken_and_declined",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("before", models.TextField()),
                ("text", models.TextField()),
                ("model", models.CharField(blank=True, max_length=80)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="commonground_say.post",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(max_length=20000)),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "repeats",
                    models.CharField(
                        choices=[
                            ("day", "Days"),
                            ("week", "Weeks"),
                            ("date", "Months, on the same date"),
                            ("weekday", "Months, on the same weekday (the second Tuesday)"),
                            ("last", "Months, on the last such weekday"),
                            ("year", "Years"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(52),
                        ],
                    ),
                ),
                ("weekdays", models.JSONField(blank=True, default=list)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("at", models.TimeField()),
                ("ahead", models.PositiveSmallIntegerField(default=7)),
                ("asks", models.BooleanField(default=True)),
                ("follows_until", models.DateField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("hindrance", models.CharField(blank=True, editable=False, max_length=300)),
                ("told_at", models.DateTimeField(editable=False, null=True)),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="series",
                        to="commonground_say.campaign",
                    ),
                ),
                (
                    "channels",
                    models.ManyToManyField(related_name="+", to="commonground_channels.channel"),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="followed_by",
                        to="commonground_say.series",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series",
                "ordering": ["title"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="series_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every__gte", 1)), name="series_comes_again"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repeats__in", ["day", "week", "date", "weekday", "last", "year"])
                        ),
                        name="series_repeats_as_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "post",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occurrence",
                        to="commonground_say.post",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrences",
                        to="commonground_say.series",
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
                "constraints": [
                    models.UniqueConstraint(fields=("series", "day"), name="occurrence_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("everywhere", models.BooleanField(default=False)),
                ("facts", models.JSONField(default=list)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "ordering": ["-everywhere", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "name"), name="area_named_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("everywhere", True)),
                        fields=("agency",),
                        name="area_everywhere_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField(blank=True)),
                ("alts", models.JSONField(blank=True, default=dict)),
                ("event", models.CharField(blank=True, max_length=80)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("instruction", models.TextField(blank=True, max_length=2000)),
                ("held_against", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="commonground_say.area",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="commonground_say.post",
                    ),
                ),
            ],
            options={
                "ordering": ["area__name", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("area", None)),
                        fields=("post", "language"),
                        name="version_once_a_language",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("area__isnull", False)),
                        fields=("post", "language", "area"),
                        name="version_once_an_area",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="voices",
                        to="commonground_say.area",
                    ),
                ),
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="voice_of",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetOutFrom",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held", models.BooleanField(default=False)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="commonground_protect.device",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="let_out_from",
                        to="commonground_say.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answered",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said", commonground.kit.sealed.SealedJSONField(default=dict)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="commonground_channels.channel",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answered",
                        to="commonground_say.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("print", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=2000)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("about", models.CharField(blank=True, max_length=300)),
                ("page_title", models.CharField(blank=True, max_length=200)),
                ("page_about", models.CharField(blank=True, max_length=300)),
                ("content", models.BinaryField(default=bytes)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("type", models.CharField(blank=True, max_length=20)),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("pictured", models.BooleanField(default=True)),
                ("left_out", models.BooleanField(default=False)),
                ("led_to", models.CharField(blank=True, max_length=255)),
                ("trouble", models.CharField(blank=True, max_length=200)),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cards",
                        to="commonground_say.post",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "url"), name="card_once_a_link"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sha256", ""), ("width", 0)),
                            models.Q(models.Q(("sha256", ""), _negated=True), ("width__gt", 0)),
                            _connector="OR",
                        ),
                        name="card_picture_has_its_print",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField()),
                ("detached", models.BooleanField(default=False)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variants",
                        to="commonground_channels.channel",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variants",
                        to="commonground_say.post",
                    ),
                ),
                ("taken_back_at", models.DateTimeField(editable=False, null=True)),
                ("also", models.JSONField(blank=True, default=list)),
                ("alts", models.JSONField(blank=True, default=list)),
                ("area", models.CharField(blank=True, max_length=60)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("speaks", models.CharField(blank=True, max_length=8)),
            ],
            options={
                "ordering": ["channel__name"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="waiting", editable=False, max_length=10)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("approved", models.CharField(max_length=64)),
                ("due_at", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("held_by", models.UUIDField(null=True)),
                ("first_tried_at", models.DateTimeField(null=True)),
                ("last_tried_at", models.DateTimeField(null=True)),
                ("network_id", models.CharField(blank=True, max_length=300)),
                ("url", models.CharField(blank=True, max_length=400)),
                ("seen_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("raised_at", models.DateTimeField(null=True)),
                ("tell_at", models.DateTimeField(null=True)),
                ("told", models.PositiveIntegerField(default=0)),
                ("told_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("attempt_then", models.PositiveIntegerField(default=0)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "restart",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="commonground_say.restart",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="commonground_say.variant",
                    ),
                ),
                ("called_at", models.DateTimeField(null=True)),
                ("part", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "next_at"], name="delivery_next"),
                    models.Index(fields=["tell_at"], name="delivery_tell"),
                    models.Index(fields=["network_id"], name="delivery_named"),
                    models.Index(fields=["seen_at"], name="delivery_seen"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["waiting", "sending", "sent", "declined", "unsure", "late"],
                            )
                        ),
                        name="delivery_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("seen_at__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_sent_was_seen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("raised_at__isnull", False),
                            models.Q(
                                models.Q(("state__in", ["declined", "late"]), _negated=True),
                                ("handed_over_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_that_failed_is_told",
                    ),
                    models.UniqueConstraint(
                        fields=("variant", "part"), name="delivery_once_a_part"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Variant",
            name="boosts",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="boosted_by",
                to="commonground_say.delivery",
            ),
        ),
        migrations.AddConstraint(
            model_name="Variant",
            constraint=models.UniqueConstraint(
                fields=("post", "channel"), name="variant_once_a_channel"
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
    operations = together(operations)
