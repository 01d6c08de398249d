import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import linhe.core.people.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("loop", "0004_matter_stage_indexes"),
        ("people", "__first__"),
        ("places", "0002_provinces_are_roots_too"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_date", models.DateField()),
                ("until_date", models.DateField()),
                ("permille", models.PositiveSmallIntegerField()),
                ("seed", models.BigIntegerField()),
                ("frame", models.JSONField()),
                ("picks", models.JSONField()),
                ("at", models.DateTimeField()),
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
                    "province",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("province", "from_date"), name="draw_once_a_period"),
                    models.CheckConstraint(
                        condition=models.Q(("until_date__gt", models.F("from_date"))), name="draw_period_has_a_length"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("permille__gte", 1), ("permille__lte", 1000)), name="draw_share_is_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "matter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="inspection",
                        serialize=False,
                        to="loop.matter",
                    ),
                ),
                ("ground", models.CharField(max_length=8)),
                ("flags", models.JSONField(default=list)),
                ("outcome", models.CharField(blank=True, max_length=8)),
                ("running", models.BooleanField(default=True)),
                (
                    "draw",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="exchange.draw",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inspections", to="exchange.listing"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("running", True)),
                        fields=("listing",),
                        name="inspection_one_running_a_listing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("draw__isnull", False), ("ground", "sampled")),
                            models.Q(("draw__isnull", True), ("ground", "flagged")),
                            _connector="OR",
                        ),
                        name="inspection_sampled_by_a_draw",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "no_issue", "correct"])),
                        name="inspection_outcome_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.CharField(max_length=12)),
                ("name", linhe.core.people.encryption.EncryptedTextField()),
                ("file", models.FileField(max_length=80, upload_to="")),
                ("media", models.CharField(max_length=20)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveIntegerField()),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("readable", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
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
                    "draft",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="exchange.draft",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("draft", "document", "sha256"), name="upload_once_a_document"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "document__in",
                                ("application", "certificate", "approval", "appraisal", "disclosure", "deal"),
                            )
                        ),
                        name="upload_document_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("media__in", ["application/pdf", "image/webp"])),
                        name="upload_media_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                ("page", models.PositiveSmallIntegerField()),
                ("words", models.CharField(max_length=160)),
                ("decided", models.CharField(blank=True, max_length=9)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="exchange.upload",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("upload", "path", "value"), name="suggestion_once_a_value"),
                    models.CheckConstraint(condition=models.Q(("page__gte", 1)), name="suggestion_names_its_page"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided", ""), ("decided_at__isnull", True)),
                            models.Q(("decided__in", ["confirmed", "dismissed"]), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="suggestion_decided_by_somebody",
                    ),
                ],
            },
        ),
    ]
