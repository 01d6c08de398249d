import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
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
            name="PointAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pool", models.CharField(blank=True, max_length=40)),
                ("balance", models.BigIntegerField(default=0)),
                ("pending", models.BigIntegerField(default=0)),
                (
                    "owner",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner__isnull", False), ("place__isnull", True), ("pool", "")),
                            models.Q(
                                ("owner__isnull", True), ("place__isnull", False), models.Q(("pool", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="pointaccount_is_a_person_or_a_pool",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("owner__isnull", True)),
                        fields=("pool", "place"),
                        name="pointaccount_one_pool_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("balance__gte", 0), ("pending__gte", 0)), name="pointaccount_never_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=40)),
                ("points", models.IntegerField()),
                ("memo", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                ("settles_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Pending"), ("settled", "Settled"), ("reversed", "Reversed")],
                        default="pending",
                        max_length=8,
                    ),
                ),
                (
                    "at_building",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "at_community",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "at_compound",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "at_district",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "at_grid",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                (
                    "at_subdistrict",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
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
                    "counterpart",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "credited",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="points.pointaccount",
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
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="points.transfer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["credited", "at"], name="transfer_credited"),
                    models.Index(condition=models.Q(("state", "pending")), fields=["settles_at"], name="transfer_due"),
                    models.Index(fields=["event"], name="transfer_event"),
                    models.Index(fields=["at_district", "at"], name="transfer_district"),
                    models.Index(fields=["at_subdistrict", "at"], name="transfer_subdistrict"),
                    models.Index(fields=["at_community", "at"], name="transfer_community"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("event__isnull", False), ("reverses__isnull", True)),
                        fields=("event", "rule", "credited"),
                        name="transfer_one_credit_an_event",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points", 0), _negated=True), name="transfer_moves_points"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "settled", "reversed"])),
                        name="transfer_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reverses__isnull", True), ("state", "settled"), _connector="OR"),
                        name="transfer_reversal_is_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("settles_at__gte", models.F("at"))),
                        name="transfer_settles_after_it_is_made",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.IntegerField()),
                ("reason", linhe.core.people.encryption.EncryptedTextField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "transfer",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposal",
                        to="points.transfer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points", 0), _negated=True), name="proposal_moves_points"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proposed_by", models.F("owner")), _negated=True),
                            models.Q(
                                ("decided_by__isnull", True),
                                models.Q(("decided_by", models.F("owner")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="proposal_not_by_whom_it_is_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decided_by__isnull", True), ("transfer__isnull", True)
                            ),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_decided_as_a_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.IntegerField()),
                (
                    "point_account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="points.pointaccount",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="points.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "entries",
                "indexes": [models.Index(fields=["point_account", "-id"], name="entry_account")],
                "constraints": [
                    models.UniqueConstraint(fields=("transfer", "point_account"), name="entry_once_a_transfer"),
                    models.CheckConstraint(condition=models.Q(("amount", 0), _negated=True), name="entry_moves_points"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pointaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="pointaccount_is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="26dbd1a1cf4662f35eca77307947391f51a933fb",
                    operation="DELETE",
                    pgid="pgtrigger_pointaccount_is_never_deleted_a5072",
                    table="points_pointaccount",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pointaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="pointaccount_moves_by_entries",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF TG_OP = 'INSERT' AND (NEW.balance <> 0 OR NEW.pending <> 0)\n       OR TG_OP = 'UPDATE' AND pg_trigger_depth() < 2\n    THEN\n        RAISE EXCEPTION 'a balance moves by entries only';\n    END IF;\n    RETURN NEW;\n",
                    hash="772dfaae1f20b870257987e267ba1e6dfbb13dd5",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_pointaccount_moves_by_entries_559ca",
                    table="points_pointaccount",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="transfer_is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="4909cc8a76024f6d52b4dd95e15fe31530bf26a4",
                    operation="DELETE",
                    pgid="pgtrigger_transfer_is_never_deleted_d449c",
                    table="points_transfer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="transfer_changes_its_state_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."at_district_id" IS DISTINCT FROM (NEW."at_district_id") OR OLD."at_subdistrict_id" IS DISTINCT FROM (NEW."at_subdistrict_id") OR OLD."at_community_id" IS DISTINCT FROM (NEW."at_community_id") OR OLD."at_grid_id" IS DISTINCT FROM (NEW."at_grid_id") OR OLD."at_compound_id" IS DISTINCT FROM (NEW."at_compound_id") OR OLD."at_building_id" IS DISTINCT FROM (NEW."at_building_id") OR OLD."rule" IS DISTINCT FROM (NEW."rule") OR OLD."credited_id" IS DISTINCT FROM (NEW."credited_id") OR OLD."points" IS DISTINCT FROM (NEW."points") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."counterpart_id" IS DISTINCT FROM (NEW."counterpart_id") OR OLD."reverses_id" IS DISTINCT FROM (NEW."reverses_id") OR OLD."memo" IS DISTINCT FROM (NEW."memo") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."settles_at" IS DISTINCT FROM (NEW."settles_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="bf69087c9cd471cf60124810f0050458738af691",
                    operation="UPDATE",
                    pgid="pgtrigger_transfer_changes_its_state_only_b2647",
                    table="points_transfer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="transfer_state_moves_forward",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{pending:settled,pending:reversed,settled:reversed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="133833d5a8214a7437d194ed185b82b72fbf358e",
                    operation="UPDATE",
                    pgid="pgtrigger_transfer_state_moves_forward_fcafa",
                    table="points_transfer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="transfer_moves_balances",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'pending' AND NOT (NEW.\"state\" = 'pending'))",
                    func="\n    UPDATE points_pointaccount AS a\n    SET pending = a.pending - e.amount, balance = a.balance + e.amount\n    FROM points_entry AS e\n    WHERE e.transfer_id = NEW.id AND a.id = e.point_account_id AND a.owner_id IS NOT NULL;\n    RETURN NULL;\n",
                    hash="4d16f026b8219a69e272933988f510d45cb66c8b",
                    operation="UPDATE",
                    pgid="pgtrigger_transfer_moves_balances_595c1",
                    table="points_transfer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="transfer_entries_sum_to_zero",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n    IF (SELECT count(*) < 2 OR sum(e.amount) <> 0\n               OR sum(e.amount) FILTER (WHERE e.point_account_id = t.credited_id) IS DISTINCT FROM t.points\n        FROM points_transfer AS t LEFT JOIN points_entry AS e ON e.transfer_id = t.id\n        WHERE t.id = NEW.id GROUP BY t.id, t.credited_id, t.points)\n    THEN\n        RAISE EXCEPTION 'transfer % is not balanced', NEW.id USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'transfer_entries_sum_to_zero';\n    END IF;\n    RETURN NULL;\n",
                    hash="a299111dc27c1c0d8dca818610c3718f85df2bc1",
                    operation="INSERT",
                    pgid="pgtrigger_transfer_entries_sum_to_zero_c744d",
                    table="points_transfer",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="transfer_reversed_by_its_counterpart",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."state" = \'reversed\' OR NEW."reverses_id" IS NOT NULL)',
                    constraint="CONSTRAINT",
                    func="\n    IF (NEW.state = 'reversed') <> EXISTS (SELECT 1 FROM points_transfer AS r WHERE r.reverses_id = NEW.id)\n       OR EXISTS (SELECT 1 FROM points_transfer AS o WHERE o.id = NEW.reverses_id\n                  AND (o.state <> 'reversed' OR o.points <> -NEW.points OR o.credited_id <> NEW.credited_id))\n    THEN\n        RAISE EXCEPTION 'transfer % is reversed on one side only', NEW.id USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'transfer_reversed_by_its_counterpart';\n    END IF;\n    RETURN NULL;\n",
                    hash="8d9562e14bef7e30b24161a4d97c2c2f4a085236",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_transfer_reversed_by_its_counterpart_930a0",
                    table="points_transfer",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transfer",
            trigger=pgtrigger.compiler.Trigger(
                name="transfer_is_never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the points ledger cannot be truncated';",
                    hash="d9f19dc5c9a46665602ce8940a08296ae8de76c6",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_transfer_is_never_truncated_d7b29",
                    table="points_transfer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="1b918b91950172e80dbdd0eb1f813aae6c28377d",
                    operation="DELETE",
                    pgid="pgtrigger_proposal_is_never_deleted_30371",
                    table="points_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_is_decided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."decided_by_id" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a5990c4e2448377c847cdca5d106bef98bfc6f6d",
                    operation="UPDATE",
                    pgid="pgtrigger_proposal_is_decided_once_44cfd",
                    table="points_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_is_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c35a9c3b3dec87e56e2ef60ec830ee606b701e1e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_entry_is_append_only_ef458",
                    table="points_entry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_moves_balances",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    UPDATE points_pointaccount AS a\n    SET pending = a.pending + CASE WHEN t.state = 'pending' THEN NEW.amount ELSE 0 END,\n        balance = a.balance + CASE WHEN t.state = 'pending' THEN 0 ELSE NEW.amount END\n    FROM points_transfer AS t\n    WHERE t.id = NEW.transfer_id AND a.id = NEW.point_account_id AND a.owner_id IS NOT NULL;\n    RETURN NULL;\n",
                    hash="78e9825a3d5ce5fc2d8ec23aab746bb050c60c6b",
                    operation="INSERT",
                    pgid="pgtrigger_entry_moves_balances_97c15",
                    table="points_entry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_keeps_its_transfer_balanced",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n    IF (SELECT count(*) < 2 OR sum(e.amount) <> 0\n               OR sum(e.amount) FILTER (WHERE e.point_account_id = t.credited_id) IS DISTINCT FROM t.points\n        FROM points_transfer AS t LEFT JOIN points_entry AS e ON e.transfer_id = t.id\n        WHERE t.id = NEW.transfer_id GROUP BY t.id, t.credited_id, t.points)\n    THEN\n        RAISE EXCEPTION 'transfer % is not balanced', NEW.transfer_id USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'transfer_entries_sum_to_zero';\n    END IF;\n    RETURN NULL;\n",
                    hash="32302022b8182233cd96a3c15da3694bb8e90cac",
                    operation="INSERT",
                    pgid="pgtrigger_entry_keeps_its_transfer_balanced_2812c",
                    table="points_entry",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_is_never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the points ledger cannot be truncated';",
                    hash="f75d1d644bfb6a201a69ad58bb4c440f49a388b9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_entry_is_never_truncated_d54ea",
                    table="points_entry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
