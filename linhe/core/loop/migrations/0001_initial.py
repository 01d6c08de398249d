import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import linhe.core.people.encryption


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "__first__"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("action", models.CharField(max_length=40)),
                ("from_stage", models.CharField(max_length=40)),
                ("to_stage", models.CharField(max_length=40)),
                ("actor_role", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("data", models.JSONField(default=dict)),
                ("prev_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "actor",
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
                "ordering": ["matter_id", "seq"],
                "indexes": [models.Index(fields=["actor", "-id"], name="event_actor")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="event_seq_counts_from_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("kind_version", models.PositiveSmallIntegerField()),
                ("stage", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
                ("title", models.CharField(max_length=80)),
                ("title_en", models.CharField(blank=True, max_length=120)),
                ("urgent", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("last_hash", models.BinaryField(default=b"", max_length=32)),
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
                    "beneficiary",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="loop.matter",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
                ),
                (
                    "requester",
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
                "indexes": [
                    models.Index(fields=["at_district", "-id"], name="matter_district"),
                    models.Index(fields=["at_subdistrict", "-id"], name="matter_subdistrict"),
                    models.Index(fields=["at_community", "-id"], name="matter_community"),
                    models.Index(fields=["at_grid", "-id"], name="matter_grid"),
                    models.Index(fields=["at_compound", "-id"], name="matter_compound"),
                    models.Index(fields=["at_building", "-id"], name="matter_building"),
                    models.Index(fields=["place", "-id"], name="matter_place"),
                    models.Index(fields=["requester", "-id"], name="matter_requester"),
                    models.Index(fields=["beneficiary", "-id"], name="matter_beneficiary"),
                    models.Index(fields=["handler", "-id"], name="matter_handler"),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["kind", "stage", "id"],
                        name="matter_open_stage",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="matter_version_counts_from_one"
                    ),
                    models.CheckConstraint(condition=models.Q(("stage", ""), _negated=True), name="matter_has_a_stage"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=120, upload_to="")),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size_bytes", models.PositiveIntegerField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="loop.event"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="loop.matter"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="event",
            name="matter",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="loop.matter"
            ),
        ),
        migrations.CreateModel(
            name="MatterClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(null=True)),
                ("remaining", models.DurationField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("late_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="loop.matter",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["matter"], name="clock_matter"),
                    models.Index(
                        condition=models.Q(
                            ("late_at__isnull", True), ("paused_at__isnull", True), ("stopped_at__isnull", True)
                        ),
                        fields=["due_at"],
                        name="clock_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=("matter", "code"),
                        name="clock_runs_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paused_at__isnull", True), ("remaining__isnull", True)),
                            models.Q(("paused_at__isnull", False), ("remaining__isnull", False)),
                            _connector="OR",
                        ),
                        name="clock_pause_keeps_the_remaining_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stopped_at__isnull", True), ("stopped_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="clock_stops_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Particular",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("value", linhe.core.people.encryption.EncryptedTextField()),
                ("salt", models.BinaryField(max_length=16)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="particulars", to="loop.event"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("event", "name"), name="particular_once_an_event")],
            },
        ),
        migrations.CreateModel(
            name="Remembered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.BigIntegerField()),
                ("route", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=80)),
                ("body_hash", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
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
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account_id", "route", "key"), name="remembered_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="matter",
            trigger=pgtrigger.compiler.Trigger(
                name="matter_is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="664ceef7b3acf1186036fd82b037ddae936abbe4",
                    operation="DELETE",
                    pgid="pgtrigger_matter_is_never_deleted_1330c",
                    table="loop_matter",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("matter", "seq"), name="event_one_per_place_in_the_chain"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="event_is_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3862fc99fa3953928dcf34f53de0e9756b8ab149",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_event_is_append_only_a03e2",
                    table="loop_event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="event_is_never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the event log cannot be truncated';",
                    hash="6b6759bfaeeee0f4e5f14dc2b12887d8230d2f65",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_event_is_never_truncated_76ab4",
                    table="loop_event",
                    when="BEFORE",
                ),
            ),
        ),
    ]
