import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import linhe.core.people.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("loop", "0002_organisation_in_charge"),
        ("people", "0004_organisations"),
        ("people", "__first__"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Motion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                (
                    "rule",
                    models.CharField(
                        choices=[("simple", "Simple"), ("ordinary", "Ordinary"), ("special", "Special")], max_length=8
                    ),
                ),
                ("secret", models.BooleanField(default=False)),
                ("by_hands", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("put", "Put"),
                            ("voting", "Voting"),
                            ("carried", "Carried"),
                            ("lost", "Lost"),
                            ("inquorate", "Inquorate"),
                        ],
                        default="put",
                        max_length=9,
                    ),
                ),
                ("result", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", {}), ("state__in", ["put", "voting"])),
                            models.Q(
                                ("state__in", ["carried", "lost", "inquorate"]), models.Q(("result", {}), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="motion_result_after_the_close",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by_hands", True), ("secret", True), _negated=True),
                        name="motion_hands_are_not_secret",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("council", "Council"), ("joint", "Joint"), ("assembly", "Assembly")], max_length=10
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(blank=True, max_length=80)),
                ("founded_at", models.DateTimeField()),
                (
                    "founded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "kind"), name="body_one_of_a_kind_a_place"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["council", "joint", "assembly"])), name="body_kind_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="body_is_named"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="meeting",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("room", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("link", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("secret", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "body",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="councils.body",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["body", "-matter"], name="meeting_body")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("closed_at__gte", models.F("opened_at")), _connector="OR"
                        ),
                        name="meeting_closes_after_it_opened",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=80)),
                ("title_en", models.CharField(blank=True, max_length=120)),
                (
                    "source",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loop.matter"
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="councils.body",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="councils.meetingdetail",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("meeting__isnull", True)), fields=["body", "id"], name="item_waiting"
                    ),
                    models.Index(fields=["meeting", "id"], name="item_meeting"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source__isnull", False)),
                        fields=("meeting", "source"),
                        name="item_once_a_meeting",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("meeting__isnull", True), ("source__isnull", False)),
                        fields=("body", "source"),
                        name="item_waits_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="item_has_a_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "function",
                    models.CharField(
                        choices=[("chair", "Chair"), ("member", "Member")], default="member", max_length=8
                    ),
                ),
                ("part_time", models.BooleanField(default=False)),
                ("area_dm2", models.PositiveBigIntegerField(default=0)),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="councils.body",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "renews",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="councils.membership",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["body", "id"], name="membership_body"),
                    models.Index(fields=["account", "-id"], name="membership_account"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("body", "account"),
                        name="membership_one_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("function", "chair")),
                        fields=("body",),
                        name="membership_one_chair_a_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("from_at"))), name="membership_term_has_a_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("from_at")), _connector="OR"
                        ),
                        name="membership_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("function__in", ["chair", "member"])), name="membership_function_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("text", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="councils.meetingdetail",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "version"), name="minutes_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False)),
                        fields=("meeting",),
                        name="minutes_confirmed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Urn",
            fields=[
                (
                    "motion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="urn",
                        serialize=False,
                        to="councils.motion",
                    ),
                ),
                ("sealed", linhe.core.people.encryption.EncryptedTextField()),
            ],
        ),
        migrations.AddField(
            model_name="motion",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="motions", to="councils.agendaitem"
            ),
        ),
        migrations.CreateModel(
            name="PetitionDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="petition",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("topic", models.CharField(max_length=12)),
                ("subject", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("words", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("needed", models.PositiveIntegerField()),
                ("supporters", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("needed__gte", 1)), name="petition_needs_someone")
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("at", models.DateTimeField()),
                ("shown", models.BooleanField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="councils.agendaitem",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["item", "id"], name="remark_item")],
            },
        ),
        migrations.CreateModel(
            name="ResolutionDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="resolution",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("topic", models.CharField(max_length=12)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("days", models.PositiveSmallIntegerField()),
                (
                    "body",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
                        to="councils.body",
                    ),
                ),
                (
                    "motion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="resolution", to="councils.motion"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["body", "-matter"], name="resolution_body")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("days__gte", 1)), name="resolution_has_some_days")
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area_dm2", models.PositiveBigIntegerField(default=0)),
                ("attended_at", models.DateTimeField(null=True)),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[("onsite", "Onsite"), ("online", "Online"), ("secretary", "Secretary")],
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "meeting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="councils.meetingdetail",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="councils.membership"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "membership"), name="seat_one_a_member"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attended_at__isnull", True), ("way", "")),
                            models.Q(("attended_at__isnull", False), models.Q(("way", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="seat_present_in_some_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supports",
                        to="loop.matter",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("matter", "account"), name="support_once_a_person")],
            },
        ),
        migrations.CreateModel(
            name="Turnout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.BooleanField()),
                ("choice", models.CharField(blank=True, max_length=8)),
                (
                    "motion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="turnout",
                        to="councils.motion",
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="councils.seat"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("motion", "seat"), name="turnout_one_ballot_a_seat"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("choice", ""), ("secret", True)),
                            models.Q(("choice__in", ["yes", "no", "abstain"]), ("secret", False)),
                            _connector="OR",
                        ),
                        name="turnout_keeps_no_secret_choice",
                    ),
                ],
            },
        ),
    ]
