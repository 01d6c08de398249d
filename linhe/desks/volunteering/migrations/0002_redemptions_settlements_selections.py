import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import linhe.core.people.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("loop", "0002_organisation_in_charge"),
        ("people", "0004_organisations"),
        ("people", "__first__"),
        ("places", "0001_initial"),
        ("volunteering", "0001_volunteering"),
    ]

    operations = [
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[("resident", "Resident"), ("company", "Company"), ("community", "Community")],
                        max_length=10,
                    ),
                ),
                ("story", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("agreed", models.BooleanField(null=True)),
                ("passed", models.BooleanField(null=True)),
                ("number", models.PositiveSmallIntegerField(null=True)),
                ("votes", models.PositiveIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "nominated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("passed", True), _negated=True),
                            models.Q(("agreed", True), ("agreed__isnull", False)),
                            _connector="OR",
                        ),
                        name="candidate_passes_with_consent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", True), ("votes", 0)),
                            models.Q(("passed", True), ("passed__isnull", False)),
                            _connector="OR",
                        ),
                        name="candidate_on_the_ballot_has_passed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("name_en", models.CharField(blank=True, max_length=60)),
                ("points", models.PositiveIntegerField()),
                ("stock_a_month", models.PositiveIntegerField()),
                ("offered", models.BooleanField(default=True)),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "name"), name="item_named_once_a_shop"),
                    models.CheckConstraint(condition=models.Q(("points__gte", 1)), name="item_has_a_price"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Juror",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marks", models.PositiveSmallIntegerField()),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="volunteering.candidate"
                    ),
                ),
                (
                    "juror",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="volunteering.juror"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("juror", "candidate"), name="mark_once_a_juror_and_candidate"),
                    models.CheckConstraint(condition=models.Q(("marks__lte", 100)), name="mark_out_of_a_hundred"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OptIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named", models.BooleanField(default=False)),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("account",),
                        name="opt_in_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("given_at")), _connector="OR"
                        ),
                        name="opt_in_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Protest",
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
                    "event",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="protests", to="loop.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("matter", "account"),
                        name="protest_one_open_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("upheld__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("upheld__isnull", False)),
                            _connector="OR",
                        ),
                        name="protest_answered_one_way_or_the_other",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="volunteering.candidate"
                    ),
                ),
                (
                    "juror",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recusals", to="volunteering.juror"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("juror", "candidate"), name="recusal_declared_once")],
            },
        ),
        migrations.CreateModel(
            name="RedeemCode",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("serial", models.UUIDField(unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("counted_from", models.DateTimeField()),
                ("made", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="redeem_code_is_good_for_a_while",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_at__isnull", True), ("used_at__lt", models.F("expires_at")), _connector="OR"
                        ),
                        name="redeem_code_used_in_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Redemption",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="redemption",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("code", models.UUIDField()),
                ("points", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
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
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="volunteering.item",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["shop", "at"], name="redemption_shop"),
                    models.Index(
                        condition=models.Q(("undone_at__isnull", True)), fields=["item", "at"], name="redemption_item"
                    ),
                    models.Index(fields=["account", "-at"], name="redemption_account"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="redemption_one_a_code"),
                    models.CheckConstraint(condition=models.Q(("points__gte", 1)), name="redemption_has_a_price"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_at__isnull", True), ("undone_at__gte", models.F("at")), _connector="OR"
                        ),
                        name="redemption_undone_afterwards",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelectionDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="selection",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("quota", models.PositiveSmallIntegerField()),
                ("version", models.PositiveSmallIntegerField(default=0)),
                ("inputs_hash", models.CharField(blank=True, max_length=64)),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "year"), name="selection_once_a_year_and_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("votes", models.PositiveIntegerField()),
                ("jury", models.CharField(max_length=40)),
                ("points", models.PositiveIntegerField()),
                ("total", models.CharField(max_length=80)),
                ("rank", models.PositiveIntegerField()),
                ("chosen", models.BooleanField()),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="volunteering.candidate"
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="volunteering.selectiondetail",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("selection", "version", "candidate"), name="result_row_one_a_candidate"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="juror",
            name="selection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="jurors", to="volunteering.selectiondetail"
            ),
        ),
        migrations.AddField(
            model_name="candidate",
            name="selection",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="candidates",
                to="volunteering.selectiondetail",
            ),
        ),
        migrations.CreateModel(
            name="SettlementDetail",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="settlement",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "year", "quarter"), name="settlement_once_a_quarter_and_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__range", (1, 4))), name="settlement_of_a_quarter"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reward",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveIntegerField()),
                ("handed_at", models.DateTimeField(null=True)),
                (
                    "signature",
                    models.CharField(blank=True, choices=[("drawn", "Drawn"), ("typed", "Typed")], max_length=5),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loop.event",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rewards",
                        to="volunteering.settlementdetail",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("settlement", "account"), name="reward_one_a_person_and_quarter"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_at__isnull", True), ("signature", "")),
                            models.Q(("handed_at__isnull", False), ("signature__in", ["drawn", "typed"])),
                            _connector="OR",
                        ),
                        name="reward_handed_over_against_a_signature",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("quota", models.PositiveSmallIntegerField()),
                ("edge", models.CharField(max_length=5)),
                ("inputs_hash", models.CharField(max_length=64)),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="volunteering.settlementdetail",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("settlement", "version"), name="snapshot_one_a_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="SnapshotRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.PositiveIntegerField()),
                ("services", models.PositiveIntegerField()),
                ("reached_at", models.DateTimeField()),
                ("rank", models.PositiveIntegerField()),
                ("decided_by", models.CharField(blank=True, max_length=10)),
                ("tied", models.BooleanField()),
                ("chosen", models.BooleanField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="volunteering.snapshot"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("snapshot", "account"), name="snapshot_row_one_a_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Voted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="volunteering.selectiondetail"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("selection", "account"), name="voted_once_a_person")],
            },
        ),
        migrations.CreateModel(
            name="WrongCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "clerk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["clerk", "at"], name="wrong_code_clerk")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mark",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9c6c361616c1dfc8fcc178d4a08d3198dc8d62c2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_mark_is_final_40382",
                    table="volunteering_mark",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mark",
            trigger=pgtrigger.compiler.Trigger(
                name="mark_by_someone_not_near",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT 1 FROM volunteering_recusal r\n               WHERE r.juror_id = NEW.juror_id AND r.candidate_id = NEW.candidate_id)\n       OR EXISTS (SELECT 1 FROM volunteering_juror j JOIN volunteering_candidate c ON c.id = NEW.candidate_id\n                  WHERE j.id = NEW.juror_id AND (j.account_id = c.account_id OR j.selection_id <> c.selection_id))\n    THEN\n        RAISE EXCEPTION 'this juror may not mark this candidate' USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'mark_by_someone_not_near';\n    END IF;\n    RETURN NEW;\n",
                    hash="11cdfee805003a0a9052bb38421b4139af0cb78d",
                    operation="INSERT",
                    pgid="pgtrigger_mark_by_someone_not_near_d4ffc",
                    table="volunteering_mark",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resultrow",
            trigger=pgtrigger.compiler.Trigger(
                name="result_row_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0f621819e7a6f4c88edbafdaba246ddf26feedfa",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_result_row_is_frozen_ddce4",
                    table="volunteering_resultrow",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="juror",
            constraint=models.UniqueConstraint(fields=("selection", "account"), name="juror_named_once"),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(fields=("selection", "account"), name="candidate_nominated_once"),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(fields=("selection", "number"), name="candidate_one_a_number"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="snapshot",
            trigger=pgtrigger.compiler.Trigger(
                name="snapshot_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6aaf2790c80aeec29149f80386a46e6def6c782c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_snapshot_is_frozen_6e10f",
                    table="volunteering_snapshot",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="snapshotrow",
            trigger=pgtrigger.compiler.Trigger(
                name="snapshot_row_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="dc114b14f9f29886a5a07628ccfd043af235032e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_snapshot_row_is_frozen_e99f0",
                    table="volunteering_snapshotrow",
                    when="BEFORE",
                ),
            ),
        ),
    ]
