import uuid

import django.contrib.postgres.constraints
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
            name="Company",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="property_company",
                        serialize=False,
                        to="people.organisation",
                    ),
                ),
                ("registration_no", models.CharField(max_length=40, unique=True)),
                ("contact", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("contact_phone", linhe.core.people.encryption.EncryptedTextField(blank=True)),
            ],
            options={
                "verbose_name_plural": "companies",
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("regular", "Regular"), ("interim", "Interim")], default="regular", max_length=8
                    ),
                ),
                ("from_date", models.DateField()),
                ("to_date", models.DateField()),
                ("ended_date", models.DateField(null=True)),
                ("fee_fen", models.PositiveIntegerField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="property_contracts",
                        to="people.organisation",
                    ),
                ),
                (
                    "compound",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["compound", "-from_date"], name="contract_compound")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_date__gt", models.F("from_date"))), name="contract_has_a_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_date__isnull", True),
                            models.Q(
                                ("ended_date__gte", models.F("from_date")), ("ended_date__lte", models.F("to_date"))
                            ),
                            _connector="OR",
                        ),
                        name="contract_ends_within_its_term",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExitCase",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="exit_case",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("notice_until", models.DateTimeField(null=True)),
                ("running", models.BooleanField(default=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loop.matter"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exits", to="property.contract"
                    ),
                ),
                (
                    "interim",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="property.contract"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("running", True)), fields=("contract",), name="exit_one_running_a_contract"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField()),
                ("owners", models.PositiveIntegerField()),
                ("area_dm2", models.PositiveBigIntegerField()),
                ("voted", models.PositiveIntegerField()),
                ("voted_dm2", models.PositiveBigIntegerField()),
                ("agreed", models.PositiveIntegerField()),
                ("agreed_dm2", models.PositiveBigIntegerField()),
                ("outcome", models.CharField(blank=True, max_length=10)),
                ("verified_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="property.exitcase"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed__lte", models.F("voted")),
                            ("agreed_dm2__lte", models.F("voted_dm2")),
                            ("voted__lte", models.F("owners")),
                            ("area_dm2__gt", 0),
                            ("owners__gt", 0),
                            ("voted_dm2__lte", models.F("area_dm2")),
                        ),
                        name="decision_counts_are_possible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("verified_at__isnull", True)),
                            models.Q(("outcome__in", ["carried", "lost", "no_quorum"]), ("verified_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="decision_has_an_outcome_once_checked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandedItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed",
                        to="property.exitcase",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "item"), name="handed_item_once")],
            },
        ),
        migrations.CreateModel(
            name="Home",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("door", linhe.core.people.encryption.EncryptedTextField()),
                ("door_index", models.CharField(max_length=64)),
                ("area_dm2", models.PositiveIntegerField()),
                (
                    "building",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "compound",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["compound", "building"], name="home_compound")],
                "constraints": [
                    models.UniqueConstraint(fields=("building", "door_index"), name="home_once_a_building"),
                    models.CheckConstraint(condition=models.Q(("area_dm2__gt", 0)), name="home_has_an_area"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ledger",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_date", models.DateField()),
                ("to_date", models.DateField()),
                ("due_fen", models.PositiveBigIntegerField()),
                ("collected_fen", models.PositiveBigIntegerField()),
                ("homes", models.PositiveIntegerField()),
                ("uploaded_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "contract",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledgers",
                        to="property.contract",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["contract", "-id"], name="ledger_contract")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_date__gt", models.F("from_date"))), name="ledger_period_has_a_length"
                    ),
                    models.CheckConstraint(condition=models.Q(("due_fen__gt", 0)), name="ledger_something_was_due"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("door", linhe.core.people.encryption.EncryptedTextField()),
                ("due_fen", models.PositiveIntegerField()),
                ("collected_fen", models.PositiveIntegerField()),
                ("sampled", models.BooleanField(default=False)),
                ("agrees", models.BooleanField(null=True)),
                (
                    "building",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "ledger",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="property.ledger",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("sampled", True)), fields=["ledger"], name="ledgerrow_sample"),
                    models.Index(fields=["ledger", "id"], name="ledgerrow_ledger"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agrees__isnull", True), ("sampled", True), _connector="OR"),
                        name="ledgerrow_only_the_sample_is_checked",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("department", models.CharField(max_length=20)),
                ("opinion", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="property.exitcase",
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
                    models.UniqueConstraint(fields=("case", "department"), name="opinion_once_a_department")
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="assessment",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("seed", models.PositiveBigIntegerField()),
                ("drawn_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("score_tenths", models.PositiveSmallIntegerField(null=True)),
                ("grade", models.CharField(blank=True, max_length=4)),
                ("passed", models.BooleanField(null=True)),
                ("outcome", models.JSONField(default=dict)),
                ("cancelled", models.BooleanField(default=False)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="property.contract"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled", False)),
                        fields=("contract", "year"),
                        name="round_one_a_contract_and_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grade", ""), ("passed__isnull", True), ("score_tenths__isnull", True)),
                            models.Q(
                                ("passed__isnull", False),
                                ("score_tenths__isnull", False),
                                models.Q(("grade", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="round_score_and_grade_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score_tenths__isnull", True), ("score_tenths__lte", 1000), _connector="OR"
                        ),
                        name="round_score_at_most_100",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("code_index", models.CharField(max_length=64, unique=True)),
                ("used", models.BooleanField(default=False)),
                (
                    "home",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="property.home"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="property.round",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("round", "home"), name="invitation_once_a_home")],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("faces", models.JSONField()),
                ("overall", models.PositiveSmallIntegerField()),
                (
                    "building",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="property.round",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["round", "building"], name="answer_round")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("overall__range", (1, 5))), name="answer_one_of_five_faces"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("party", models.CharField(max_length=12)),
                ("item", models.CharField(max_length=20)),
                ("tenths", models.PositiveSmallIntegerField()),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="property.round",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "party", "item"), name="score_once_an_item"),
                    models.CheckConstraint(
                        condition=models.Q(("party__in", ["community", "committee", "company"])),
                        name="score_party_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("colour", models.CharField(max_length=6)),
                ("at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("colour__in", ["yellow", "red"])), name="card_yellow_or_red"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("compound"), models.F("compound"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("from_date"),
                            models.Func(models.F("ended_date"), models.F("to_date"), function="COALESCE"),
                            models.Value("[)"),
                            function="daterange",
                        ),
                        "&&",
                    ),
                ],
                name="contract_one_in_force_a_compound",
            ),
        ),
    ]
