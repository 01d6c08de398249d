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
            name="NeedDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="need",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("theme", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="ActivityDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="activity",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("theme", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=60)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("venue", models.CharField(blank=True, max_length=80)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("capacity", models.PositiveSmallIntegerField()),
                ("taken", models.PositiveSmallIntegerField(default=0)),
                ("secret", linhe.core.people.encryption.EncryptedTextField()),
                ("guests", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["starts_at"], name="activity_starts"),
                    models.Index(fields=["ends_at"], name="activity_ends"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("taken__lte", models.F("capacity"))),
                        name="activity_never_over_its_capacity",
                    ),
                    models.CheckConstraint(condition=models.Q(("capacity__gte", 1)), name="activity_has_places"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="activity_has_a_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvaluationDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="evaluation",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("inputs_hash", models.CharField(blank=True, max_length=64)),
                ("computed_at", models.DateTimeField(null=True)),
                ("over", models.BooleanField(default=False)),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("over", False)),
                        fields=("place", "year"),
                        name="evaluation_once_a_year_and_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EvaluationRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figures", models.JSONField()),
                ("score", models.PositiveIntegerField()),
                ("grade", models.CharField(max_length=20)),
                ("inputs_hash", models.CharField(max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="volunteering.evaluationdetail",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("evaluation", "account"), name="evaluation_row_once_a_member"),
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", True)),
                        fields=("evaluation", "organisation"),
                        name="evaluation_row_once_an_organisation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoursDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="hours",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("theme", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "day"], name="hours_account_day")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("minutes__range", (1, 1440))), name="hours_of_one_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="volunteering.evaluationdetail",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("evaluation", "account"),
                        name="objection_one_open_a_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("upheld__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("upheld__isnull", False)),
                            _connector="OR",
                        ),
                        name="objection_answered_one_way_or_the_other",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="posting",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("role", models.CharField(max_length=40)),
                ("seat", models.PositiveSmallIntegerField(null=True)),
                ("held_from", models.DateTimeField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("over", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("over", False)), fields=["place", "role"], name="posting_place_role"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("over", False)),
                        fields=("role", "place", "seat"),
                        name="posting_one_holder_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("over", False)),
                        fields=("account", "role", "place"),
                        name="posting_once_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_from__isnull", True), ("seat__isnull", True)),
                            models.Q(("held_from__isnull", False), ("seat__gte", 1), ("seat__isnull", False)),
                            _connector="OR",
                        ),
                        name="posting_held_on_a_seat",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_until__isnull", True),
                            models.Q(
                                ("held_from__isnull", False), ("held_until__gte", models.F("held_from")), ("over", True)
                            ),
                            _connector="OR",
                        ),
                        name="posting_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("going", "Going"),
                            ("waiting", "Waiting"),
                            ("given_up", "Given Up"),
                            ("struck", "Struck"),
                        ],
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                ("minutes", models.PositiveSmallIntegerField(default=0)),
                ("stars", models.PositiveSmallIntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_ups",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "arrival",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loop.event",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_ups",
                        to="loop.matter",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["matter", "state", "id"], name="sign_up_matter"),
                    models.Index(fields=["account", "-id"], name="sign_up_account"),
                    models.Index(
                        condition=models.Q(("arrival__isnull", False)), fields=["arrival"], name="sign_up_arrival"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["going", "waiting"])),
                        fields=("matter", "account"),
                        name="sign_up_once_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("arrived_at__isnull", True), ("state__in", ["going", "struck"]), _connector="OR"
                        ),
                        name="sign_up_came_with_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True),
                            models.Q(("arrived_at__isnull", False), ("left_at__gte", models.F("arrived_at"))),
                            _connector="OR",
                        ),
                        name="sign_up_leaves_after_it_came",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stars__isnull", True), ("stars__range", (1, 5)), _connector="OR"),
                        name="sign_up_stars_1_to_5",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckInDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="check_in",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("offers", models.JSONField(default=list)),
                ("since_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("until_at__isnull", True)), fields=["place"], name="check_in_place"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", True), ("until_at__isnull", True)),
                        fields=("organisation", "place"),
                        name="check_in_of_an_organisation_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("account__isnull", False), ("until_at__isnull", True)),
                        fields=("account", "place"),
                        name="check_in_of_a_member_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_at__isnull", True), ("until_at__gte", models.F("since_at")), _connector="OR"
                        ),
                        name="check_in_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tries", models.PositiveSmallIntegerField(default=1)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loop.matter"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("matter", "account"), name="code_try_counted_once")],
            },
        ),
    ]
