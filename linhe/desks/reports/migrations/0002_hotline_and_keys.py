import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import linhe.core.people.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("loop", "0002_organisation_in_charge"),
        ("people", "0004_organisations"),
        ("people", "__first__"),
        ("places", "0001_initial"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("purpose", models.CharField(choices=[("open311", "Open311"), ("hotline", "Hotline")], max_length=8)),
                ("on_trial", models.BooleanField(default=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("hint", models.CharField(max_length=4)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("minute_at", models.DateTimeField(null=True)),
                ("minute_used", models.PositiveIntegerField(default=0)),
                (
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="apikey_only_a_hash"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["open311", "hotline"])), name="apikey_purpose_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HotlineFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("rows", linhe.core.people.encryption.EncryptedTextField()),
                ("uploaded_at", models.DateTimeField()),
                ("imported_at", models.DateTimeField(null=True)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("bad", models.PositiveIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-id"], name="hotlinefile_account"),
                    models.Index(fields=["uploaded_at"], name="hotlinefile_uploaded"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HotlineOrder",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="hotline",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("category", models.CharField(max_length=40)),
                ("unit", models.CharField(blank=True, max_length=80)),
                ("called_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("limit_at", models.DateTimeField()),
                ("content", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("address", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("caller", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("phone", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("phone_index", models.CharField(blank=True, db_index=True, max_length=64)),
                ("answer", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("in_time", models.BooleanField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("solved", "Solved"), ("explained", "Explained"), ("unfounded", "Unfounded")],
                        max_length=10,
                    ),
                ),
                ("satisfied", models.BooleanField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "-matter"], name="hotline_organisation"),
                    models.Index(fields=["-received_at"], name="hotline_received"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="hotline_has_a_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("in_time__isnull", True), ("result", "")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("in_time__isnull", False),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hotline_answer_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfied__isnull", True), ("answered_at__isnull", False), _connector="OR"
                        ),
                        name="hotline_answer_before_call_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HotlineRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_key", models.CharField(max_length=80)),
                ("body_hash", models.CharField(max_length=64)),
                ("answer", models.TextField(blank=True)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "key",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reports.apikey",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key", "request_key"), name="hotlinerequest_once")],
            },
        ),
        migrations.CreateModel(
            name="Open311Sent",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("token", models.CharField(max_length=32, unique=True)),
                ("sender", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("link", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("attributes", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reports.apikey"
                    ),
                ),
            ],
        ),
    ]
