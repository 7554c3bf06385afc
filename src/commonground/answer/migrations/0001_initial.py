import commonground.kit.sealed
import datetime
import django.db.models.deletion
import django.utils.timezone
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
        ("commonground_say", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("thread", models.CharField(max_length=64)),
                ("person", models.CharField(max_length=64)),
                ("shown", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("state", models.CharField(default="open", editable=False, max_length=8)),
                ("claimed_until", models.DateTimeField(null=True)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "urgent"), (1, "high"), (2, "normal"), (3, "low")], default=2
                    ),
                ),
                (
                    "proposed",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("emergency", "emergency"),
                            ("suicide", "suicide"),
                            ("threat", "threat"),
                            ("tip", "tip"),
                            ("foi", "foi"),
                            ("complaint", "complaint"),
                            ("exchange", "exchange"),
                            ("question", "question"),
                            ("praise", "praise"),
                            ("abuse", "abuse"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=2)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("snoozed_until", models.DateTimeField(null=True)),
                ("emptied_at", models.DateTimeField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conversations",
                        to="commonground_say.post",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="commonground_channels.channel",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["agency", "state", "rank", "due_at", "id"], name="answer_next"
                    ),
                    models.Index(
                        fields=["owner", "state", "rank", "due_at", "id"], name="answer_mine"
                    ),
                    models.Index(fields=["agency", "-last_at", "-id"], name="answer_all"),
                    models.Index(fields=["agency", "first_at"], name="answer_since"),
                    models.Index(
                        condition=models.Q(("snoozed_until__isnull", False)),
                        fields=["snoozed_until"],
                        name="answer_wake",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "thread", "person"), name="conversation_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "waiting", "done"])),
                        name="conversation_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("claimed_until", None), ("owner__isnull", False), _connector="OR"
                        ),
                        name="conversation_claimed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cursor", models.CharField(blank=True, max_length=500)),
                ("asked_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("held_until", models.DateTimeField(null=True)),
                ("stirred_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="incoming",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("said", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("public", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                ("look_at", models.DateTimeField(null=True)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="commonground_answer.conversation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("look_at__isnull", False)),
                        fields=["look_at"],
                        name="answer_look",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
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
                            ("emergency", "emergency"),
                            ("suicide", "suicide"),
                            ("threat", "threat"),
                            ("tip", "tip"),
                            ("foi", "foi"),
                            ("complaint", "complaint"),
                            ("exchange", "exchange"),
                            ("question", "question"),
                            ("praise", "praise"),
                            ("abuse", "abuse"),
                        ],
                        max_length=10,
                    ),
                ),
                ("was_proposed", models.BooleanField()),
                ("is_right", models.BooleanField()),
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
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="judgements",
                        to="commonground_answer.message",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "kind"), name="judged_once_a_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled", models.BooleanField(default=False)),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answer",
                        to="commonground_say.post",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="commonground_answer.conversation",
                    ),
                ),
                (
                    "beneath",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="commonground_answer.message",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled", False)),
                        fields=["settled"],
                        name="answer_unsettled",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("said", commonground.kit.sealed.SealedJSONField(default=dict)),
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
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="commonground_answer.conversation",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minutes", models.PositiveIntegerField(default=240)),
                ("urgent_minutes", models.PositiveIntegerField(default=15)),
                ("days", models.JSONField(blank=True, default=list)),
                ("opens", models.TimeField(default=datetime.time(8, 0))),
                ("closes", models.TimeField(default=datetime.time(18, 0))),
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promise",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0), ("urgent_minutes__gt", 0)),
                        name="promise_is_of_some_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("text", models.TextField(max_length=2000)),
                ("language", models.CharField(default="en", max_length=8)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_answers",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "name"), name="saved_answer_named_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.BigIntegerField()),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="commonground_answer.conversation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("mark", "conversation"), name="word_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentPolicy",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("language", models.CharField(default="en", max_length=8)),
                ("about", models.TextField(max_length=2000)),
                ("rules", models.JSONField(default=list)),
                ("appeal_hours", models.PositiveSmallIntegerField(default=72)),
                ("state", models.CharField(default="proposed", editable=False, max_length=10)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comment_policies",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "number"), name="policy_numbered_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("agency",),
                        name="policy_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "in_force", "dropped", "replaced"])
                        ),
                        name="policy_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", None),
                            models.Q(("agreed_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="policy_is_agreed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Filter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("strength", models.CharField(max_length=60)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("ground", models.CharField(blank=True, max_length=300)),
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
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filters",
                        to="commonground_channels.channel",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
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
                        choices=[("hide", "hide"), ("mute", "mute"), ("block", "block")],
                        max_length=5,
                    ),
                ),
                ("target", models.CharField(max_length=64)),
                ("rule", models.PositiveSmallIntegerField()),
                ("said", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("copy", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("state", models.CharField(default="asked", editable=False, max_length=12)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("stands", models.BooleanField(default=False)),
                ("begun", models.BooleanField(default=False)),
                ("by_hand", models.BooleanField(default=False)),
                ("next_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                ("told_at", models.DateTimeField(null=True)),
                ("tell_by_hand", models.BooleanField(default=False)),
                ("tell_next_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tell_attempts", models.PositiveSmallIntegerField(default=0)),
                ("tell_trouble", models.CharField(blank=True, max_length=300)),
                ("link", models.CharField(editable=False, max_length=64, unique=True)),
                ("emptied_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="commonground_channels.channel",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="commonground_answer.conversation",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="measures",
                        to="commonground_answer.message",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="commonground_answer.commentpolicy",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
                "indexes": [
                    models.Index(fields=["agency", "state", "-asked_at"], name="measure_by_state"),
                    models.Index(
                        condition=models.Q(("state", "in_force"), ("until__isnull", False)),
                        fields=["until"],
                        name="measure_ends",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "in_force"])),
                        fields=("channel", "kind", "target"),
                        name="measure_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "asked",
                                    "in_force",
                                    "turned_down",
                                    "recalled",
                                    "over",
                                    "restored",
                                ],
                            )
                        ),
                        name="measure_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", None),
                            models.Q(("agreed_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="measure_is_agreed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["in_force", "over", "restored"]), _negated=True
                            ),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="measure_in_force_was_agreed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "hide"), ("until__isnull", False), _connector="OR"
                        ),
                        name="measure_against_a_person_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("said", commonground.kit.sealed.SealedJSONField(default=dict)),
                ("state", models.CharField(default="open", editable=False, max_length=8)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
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
                (
                    "measure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="commonground_answer.measure",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "granted", "upheld"])),
                        name="appeal_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), ("decided_by__isnull", False), _connector="OR"
                        ),
                        name="appeal_decided_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Asked",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("link", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "said",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("partly", "Partly"), ("no", "No")],
                        max_length=6,
                    ),
                ),
                ("said_on", models.DateField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asked",
                        to="commonground_agency.agency",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "asked_at"], name="answer_asked")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("said__in", ["", "yes", "partly", "no"])),
                        name="asked_is_answered_in_words_we_know",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("said", models.TextField(max_length=600)),
                ("did", models.TextField(max_length=1200)),
                ("language", models.CharField(default="en", max_length=8)),
                ("question", models.CharField(blank=True, max_length=60)),
                ("state", models.CharField(default="proposed", editable=False, max_length=12)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deeds",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversations",
                    models.ManyToManyField(
                        related_name="deeds", to="commonground_answer.conversation"
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
            options={
                "ordering": ["-written_at"],
                "indexes": [models.Index(fields=["agency", "-since"], name="answer_deeds")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "published", "dropped", "taken_back"])
                        ),
                        name="deed_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", None),
                            models.Q(("agreed_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="deed_is_agreed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "dropped"]),
                            ("since__isnull", False),
                            _connector="OR",
                        ),
                        name="deed_public_since_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChatHour",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.SlugField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("about", models.TextField(blank=True, max_length=600)),
                ("who", models.CharField(max_length=160)),
                ("language", models.CharField(default="en", max_length=8)),
                ("languages", models.JSONField(default=list)),
                ("asks_from", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(default="proposed", editable=False, max_length=10),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chat_hours",
                        to="commonground_agency.agency",
                    ),
                ),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chat_hours",
                        to="commonground_channels.channel",
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
            options={
                "ordering": ["-starts_at"],
                "indexes": [models.Index(fields=["agency", "-starts_at"], name="answer_hours")],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "word"), name="chat_hour_named_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["proposed", "announced", "over", "called_off", "shelved"],
                            )
                        ),
                        name="chat_hour_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", None),
                            models.Q(("agreed_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="chat_hour_is_agreed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "shelved"]),
                            ("since__isnull", False),
                            _connector="OR",
                        ),
                        name="chat_hour_public_since_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asks_from__lte", models.F("starts_at")),
                            ("ends_at__gt", models.F("starts_at")),
                        ),
                        name="chat_hour_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_time", "There was no time left"),
                            ("not_ours", "It is not for us to answer"),
                            ("open_case", "It is about a case that is open"),
                            (
                                "own_matter",
                                "It is somebody’s own matter, and answered elsewhere",
                            ),
                            ("help", "It needed help at once, and was handed on"),
                        ],
                        max_length=10,
                    ),
                ),
                ("was_read", models.BooleanField(default=True)),
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
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="set_aside",
                        to="commonground_answer.conversation",
                    ),
                ),
                (
                    "hour",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="set_aside",
                        to="commonground_answer.chathour",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joined",
                        to="commonground_answer.conversation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("into", None),
                                (
                                    "why__in",
                                    ["no_time", "not_ours", "open_case", "own_matter", "help"],
                                ),
                            ),
                            models.Q(("into__isnull", False), ("why", "")),
                            _connector="OR",
                        ),
                        name="set_aside_has_one_reason",
                    )
                ],
            },
        ),
    ]
    operations = together(operations)
