import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import linhe.core.people.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("loop", "0004_matter_stage_indexes"),
        ("people", "0004_organisations"),
        ("people", "__first__"),
        ("places", "0002_provinces_are_roots_too"),
    ]

    operations = [
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("lodged_at", models.DateTimeField()),
                (
                    "lodged_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="filing_counts_from_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at_step",
                    models.CharField(
                        choices=[
                            ("lodged", "Lodged"),
                            ("documents", "Documents"),
                            ("reviewed", "Reviewed"),
                            ("approved", "Approved"),
                            ("closing", "Closing"),
                        ],
                        max_length=10,
                    ),
                ),
                ("as_of", models.DateField()),
                ("at", models.DateTimeField()),
                ("rule_set", models.CharField(max_length=64)),
                ("facts", models.JSONField()),
                ("failed", models.PositiveSmallIntegerField()),
                ("unknown", models.PositiveSmallIntegerField()),
                ("passed", models.PositiveSmallIntegerField()),
                (
                    "filing",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="exchange.filing",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["filing", "-id"], name="check_filing")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("at_step__in", ["lodged", "documents", "reviewed", "approved", "closing"])),
                        name="check_step_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rule_set", ""), _negated=True), name="check_names_its_rules"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=60)),
                ("rule_set", models.CharField(max_length=64)),
                ("status", models.CharField(max_length=16)),
                ("severity", models.CharField(max_length=8)),
                ("title_zh", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=200)),
                ("message_zh", models.TextField(blank=True)),
                ("message_en", models.TextField(blank=True)),
                ("cite", models.JSONField()),
                ("evidence", models.JSONField()),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="exchange.check",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["rule", "status", "-id"], name="finding_rule")],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "rule"), name="finding_once_a_rule"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rule", ""), _negated=True), models.Q(("rule_set", ""), _negated=True)
                        ),
                        name="finding_names_its_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["pass", "fail", "unknown", "not_applicable"])),
                        name="finding_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("sequence", models.PositiveSmallIntegerField()),
                (
                    "sequence_before",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.NullIf(
                            django.db.models.expressions.CombinedExpression(models.F("sequence"), "-", models.Value(1)),
                            0,
                        ),
                        output_field=models.IntegerField(),
                    ),
                ),
                ("contact", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("contact_phone", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("reserve_fen", models.BigIntegerField(null=True)),
                ("appraisal_fen", models.BigIntegerField(null=True)),
                ("confirmed", models.JSONField(default=dict)),
                ("conforming", models.BooleanField(null=True)),
                ("listed_on", models.DateField(null=True)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("extensions", models.PositiveSmallIntegerField(default=0)),
                ("extension_days", models.PositiveSmallIntegerField(null=True)),
                ("suspended_on", models.DateField(null=True)),
                ("resumed_on", models.DateField(null=True)),
                ("changed", models.BooleanField(default=False)),
                ("change_agreed", models.BooleanField(null=True)),
                ("restarted_on", models.DateField(null=True)),
                ("buyers", models.PositiveSmallIntegerField(default=0)),
                (
                    "result",
                    models.CharField(
                        blank=True, choices=[("sold", "Sold"), ("unsold", "Unsold"), ("ended", "Ended")], max_length=8
                    ),
                ),
                ("deal_fen", models.BigIntegerField(null=True)),
                ("procedure", models.CharField(blank=True, max_length=12)),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["reviewer", "-matter"], name="listing_reviewer")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sequence__gte", 1)), name="listing_counts_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reserve_fen__isnull", True),
                            models.Q(("reserve_fen__gte", 0), ("reserve_fen__lte", 100000000000000000)),
                            _connector="OR",
                        ),
                        name="listing_price_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("appraisal_fen__isnull", True),
                            models.Q(("appraisal_fen__gte", 0), ("appraisal_fen__lte", 100000000000000000)),
                            _connector="OR",
                        ),
                        name="listing_appraisal_in_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="listing_notice_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deal_fen__isnull", False), ("result", "sold")),
                            models.Q(models.Q(("result", "sold"), _negated=True), ("deal_fen__isnull", True)),
                            _connector="OR",
                        ),
                        name="listing_deal_has_its_price",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ["", "sold", "unsold", "ended"])), name="listing_result_known"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="filing",
            name="listing",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="filings",
                to="exchange.listing",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("content", models.JSONField(default=dict)),
                ("contact", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("contact_phone", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="exchange.listing",
                    ),
                ),
                (
                    "lodged_as",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lodged_drafts",
                        to="exchange.listing",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exchange.listing",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("lodged_as__isnull", True)),
                        fields=["organisation", "-id"],
                        name="draft_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "key"), name="draft_once_a_key"),
                    models.UniqueConstraint(
                        condition=models.Q(("lodged_as__isnull", True), ("previous__isnull", False)),
                        fields=("previous",),
                        name="draft_one_a_next_listing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", False), ("lodged_as__isnull", True)),
                        fields=("corrects",),
                        name="draft_one_a_correction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("previous__isnull", True), ("corrects__isnull", True), _connector="OR"),
                        name="draft_follows_one_listing_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="draft_version_counts_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                (
                    "province",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange_lots",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["seller", "-id"], name="lot_seller"),
                    models.Index(fields=["province", "-id"], name="lot_province"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="lot_is_named")
                ],
            },
        ),
        migrations.AddField(
            model_name="listing",
            name="lot",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="exchange.lot"
            ),
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", linhe.core.people.encryption.EncryptedTextField(blank=True)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(null=True)),
                ("declared_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exchange_ties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "organisation"], name="tie_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True), ("until_date__gte", models.F("from_date")), _connector="OR"
                        ),
                        name="tie_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_date__isnull", True)),
                        fields=("account", "organisation"),
                        name="tie_once_at_a_time",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="check",
            trigger=pgtrigger.compiler.Trigger(
                name="check_is_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="05581e62e2fc1d91184b7adabe5c2d6e0ac246f8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_check_is_append_only_14bcf",
                    table="exchange_check",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="check",
            trigger=pgtrigger.compiler.Trigger(
                name="check_is_never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'what was found cannot be truncated';",
                    hash="d909b71caabb7a83dc1cb23bd2a6cda5ea22b4f9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_check_is_never_truncated_7529a",
                    table="exchange_check",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="finding_is_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="dd6e8abedb0e9c8ca1f3b5984a5a6b3da7518889",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_finding_is_append_only_dec26",
                    table="exchange_finding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="finding_is_never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'what was found cannot be truncated';",
                    hash="fb3c331ae963a57ed4eb03240778049eef1d07fb",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_finding_is_never_truncated_f15bd",
                    table="exchange_finding",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="filing",
            constraint=models.UniqueConstraint(fields=("listing", "number"), name="filing_once_a_number"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="filing",
            trigger=pgtrigger.compiler.Trigger(
                name="filing_is_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8d2117cbab59a9e0f81a411b4226bf90e98c4eb6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_filing_is_append_only_ffbd9",
                    table="exchange_filing",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="filing",
            trigger=pgtrigger.compiler.Trigger(
                name="filing_is_never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'what was found cannot be truncated';",
                    hash="1d23a45f55d47ee1a3ab93b69022bb1b817354ea",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_filing_is_never_truncated_92a59",
                    table="exchange_filing",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(fields=("lot", "sequence"), name="listing_once_a_number"),
        ),
        # The listing before is there, of the same lot, with the number right before: no gaps, no two successors, no circle.
        migrations.RunSQL(
            sql="ALTER TABLE exchange_listing ADD CONSTRAINT listing_follows_the_one_before FOREIGN KEY (lot_id, sequence_before) REFERENCES exchange_listing (lot_id, sequence)",
            reverse_sql="ALTER TABLE exchange_listing DROP CONSTRAINT listing_follows_the_one_before",
        ),
    ]
