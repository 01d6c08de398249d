import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import linhe.core.people.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("loop", "0001_initial"),
        ("people", "__first__"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("seen_at", models.DateTimeField()),
                ("free_at", models.DateTimeField()),
                ("end_lat", models.FloatField()),
                ("end_lng", models.FloatField()),
                ("speed_kmh", models.FloatField()),
                ("capacity", models.PositiveSmallIntegerField()),
                ("load", models.PositiveSmallIntegerField(default=0)),
                ("detour_max_m", models.PositiveIntegerField()),
                ("detour_used_m", models.PositiveIntegerField(default=0)),
                ("extra_max", models.PositiveSmallIntegerField()),
                ("extra_used", models.PositiveSmallIntegerField(default=0)),
                (
                    "courier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["district", "courier"],
                        name="shift_open",
                    ),
                    models.Index(fields=["courier", "-id"], name="shift_courier"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("courier",),
                        name="shift_one_open_a_courier",
                    ),
                    models.CheckConstraint(condition=models.Q(("speed_kmh__gt", 0)), name="shift_speed_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("started_at"))), name="shift_has_a_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                            ("left", "Left"),
                        ],
                        max_length=8,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("by_person", models.BooleanField(default=False)),
                ("detour_m", models.PositiveIntegerField(null=True)),
                ("detour_s", models.PositiveIntegerField(null=True)),
                ("reasons", models.JSONField(default=list)),
                (
                    "courier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="loop.matter"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="errands.shift",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["courier", "-id"], name="offer_courier")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["offered", "accepted"])),
                        fields=("matter",),
                        name="offer_one_standing_an_errand",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("own", "Own"), ("pickup", "Pickup"), ("dropoff", "Dropoff")], max_length=8
                    ),
                ),
                ("label", models.CharField(max_length=80)),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("earliest_at", models.DateTimeField(null=True)),
                ("latest_at", models.DateTimeField(null=True)),
                ("planned_at", models.DateTimeField(null=True)),
                ("service_s", models.PositiveIntegerField(default=0)),
                ("load_change", models.SmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="stops", to="loop.matter"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stops",
                        to="errands.shift",
                    ),
                ),
            ],
            options={
                "ordering": ["shift_id", "seq"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)), fields=["shift", "seq"], name="stop_ahead"
                    ),
                    models.Index(fields=["shift", "seq"], name="stop_shift"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "own"), ("matter__isnull", True)),
                            models.Q(models.Q(("kind", "own"), _negated=True), ("matter__isnull", False)),
                            _connector="OR",
                        ),
                        name="stop_of_an_errand_names_it",
                    ),
                    models.UniqueConstraint(fields=("shift", "matter", "kind"), name="stop_once_an_errand"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Advance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_fen", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="advances", to="loop.matter"
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loop.evidence"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="advance_of_some_money")
                ],
            },
        ),
        migrations.CreateModel(
            name="ErrandDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="errand",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("service", models.CharField(max_length=40)),
                ("skill", models.CharField(blank=True, max_length=40)),
                ("pseudonym", models.CharField(max_length=20)),
                ("pickup_name", models.CharField(blank=True, max_length=80)),
                ("pickup_lat", models.FloatField(null=True)),
                ("pickup_lng", models.FloatField(null=True)),
                ("lat", models.FloatField()),
                ("lng", models.FloatField()),
                ("door", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("note", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("earliest_at", models.DateTimeField()),
                ("latest_at", models.DateTimeField()),
                ("service_s", models.PositiveIntegerField()),
                ("load", models.PositiveSmallIntegerField()),
                ("code", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("code_tries", models.PositiveSmallIntegerField(default=0)),
                ("relay", models.CharField(blank=True, max_length=8)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("stars", models.PositiveSmallIntegerField(null=True)),
                ("unserved", models.JSONField(default=list)),
                (
                    "pickup_place",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("latest_at__gt", models.F("earliest_at"))),
                        name="errand_window_has_a_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pickup_lat__isnull", True), ("pickup_lng__isnull", True)),
                            models.Q(("pickup_lat__isnull", False), ("pickup_lng__isnull", False)),
                            _connector="OR",
                        ),
                        name="errand_pickup_is_a_point",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stars__isnull", True), ("stars__range", (1, 5)), _connector="OR"),
                        name="errand_stars_1_to_5",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Peek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "courier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="peeks", to="loop.matter"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["courier", "-at"], name="peek_courier")],
            },
        ),
        migrations.CreateModel(
            name="Qualification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("skill", models.CharField(max_length=40)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="qualifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("account", "skill"),
                        name="qualification_once_at_a_time",
                    )
                ],
            },
        ),
    ]
