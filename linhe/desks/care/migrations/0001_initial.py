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
            name="Glancer",
            fields=[
                (
                    "courier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("door", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("look_for", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("habits", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("street", "Street"),
                            ("south", "South"),
                            ("north", "North"),
                            ("east", "East"),
                            ("west", "West"),
                        ],
                        default="south",
                        max_length=8,
                    ),
                ),
                ("check_time", models.TimeField()),
                ("couriers_look", models.BooleanField(default=False)),
                ("family_sees_steps", models.BooleanField(default=False)),
                ("meter_index", models.CharField(max_length=64, null=True, unique=True)),
                (
                    "consented_how",
                    models.CharField(
                        choices=[("self", "Self"), ("signed", "Signed"), ("spoken", "Spoken")], max_length=8
                    ),
                ),
                ("enrolled_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "enrolled_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "home",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "neighbour",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["community", "-id"],
                        name="enrolment_list",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person",),
                        name="enrolment_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__isnull", False), ("home__isnull", False), _connector="OR"),
                        name="enrolment_has_a_home",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("enrolled_at")), _connector="OR"
                        ),
                        name="enrolment_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(
                                ("home__isnull", True), ("meter_index__isnull", True), ("neighbour__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="enrolment_forgets_when_it_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveSmallIntegerField()),
                ("name", linhe.core.people.encryption.EncryptedTextField()),
                ("phone", linhe.core.people.encryption.EncryptedTextField()),
                ("relation", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="care.enrolment"
                    ),
                ),
            ],
            options={
                "ordering": ["seq"],
                "constraints": [models.UniqueConstraint(fields=("enrolment", "seq"), name="contact_one_a_turn")],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="care_check",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("day", models.DateField()),
                ("sign", models.CharField(blank=True, max_length=12)),
                ("alarmed", models.BooleanField(default=False)),
                ("tapped_at", models.DateTimeField(null=True)),
                (
                    "looked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="care.enrolment"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "day"), name="check_one_a_person_and_day")],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", linhe.core.people.encryption.EncryptedTextField()),
                ("first", models.DateField()),
                ("last", models.DateField(null=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="care.enrolment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__isnull", True), ("last__gte", models.F("first")), _connector="OR"),
                        name="absence_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeterSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("key_index", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "district",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", linhe.core.people.encryption.EncryptedTextField()),
                ("words", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("noted_at", models.DateTimeField()),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person"], name="need_person"),
                    models.Index(fields=["community", "-id"], name="need_list"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loop.matter"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["reader", "person", "-until"], name="opening_of_a_reader"),
                    models.Index(fields=["person", "-id"], name="opening_of_a_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("at"))), name="opening_has_a_length"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="care_session",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("service", models.CharField(max_length=40)),
                ("starts_at", models.DateTimeField()),
                ("slots", models.PositiveSmallIntegerField()),
                ("slot_minutes", models.PositiveSmallIntegerField()),
                ("seats", models.PositiveSmallIntegerField()),
                ("couriers_only", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["starts_at"], name="session_starts")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1), ("slot_minutes__gte", 1), ("slots__gte", 1)),
                        name="session_has_room",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="care_seat",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("slot", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField(null=True)),
                ("most", models.PositiveSmallIntegerField()),
                ("freed", models.BooleanField(default=False)),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="care.session",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["session", "slot", "matter"], name="seat_list")],
                "constraints": [
                    models.UniqueConstraint(fields=("session", "slot", "number"), name="seat_one_person"),
                    models.UniqueConstraint(
                        condition=models.Q(("freed", False)), fields=("session", "person"), name="seat_once_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__isnull", True),
                            models.Q(("number__gte", 1), ("number__lte", models.F("most"))),
                            _connector="OR",
                        ),
                        name="seat_within_the_room",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("freed", False), ("number__isnull", True), _connector="OR"),
                        name="seat_freed_has_no_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Spot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("street", "Street"),
                            ("south", "South"),
                            ("north", "North"),
                            ("east", "East"),
                            ("west", "West"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("building", "side"), name="spot_once")],
            },
        ),
        migrations.CreateModel(
            name="Glance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("", "Asked"), ("open", "Open"), ("closed", "Closed"), ("missed", "Missed")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "courier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "spot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="glances", to="care.spot"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["courier", "day"], name="glance_courier")],
                "constraints": [
                    models.UniqueConstraint(fields=("courier", "day", "spot"), name="glance_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="glance_answered_at_some_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="care_visit",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                (
                    "home",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["from_at"], name="visit_from")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("from_at"))), name="visit_window_has_a_length"
                    )
                ],
            },
        ),
    ]
