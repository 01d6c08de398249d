import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_supervision_and_uploads"),
        ("people", "__first__"),
        ("places", "0002_provinces_are_roots_too"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("rule_set", models.CharField(blank=True, max_length=64)),
                ("cases", models.PositiveIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
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
                "indexes": [models.Index(fields=["province", "-id"], name="recheck_province")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cases__isnull", True), ("done_at__isnull", True), ("rule_set", "")),
                            models.Q(
                                ("cases__isnull", False),
                                ("done_at__isnull", False),
                                models.Q(("rule_set", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recheck_counts_once_done",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=60)),
                ("before", models.CharField(blank=True, max_length=14)),
                ("after", models.CharField(blank=True, max_length=14)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exchange.check",
                    ),
                ),
                (
                    "recheck",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="exchange.recheck",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recheck", "rule", "-id"], name="difference_rule"),
                    models.Index(fields=["recheck", "-id"], name="difference_recheck"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("recheck", "run", "rule"), name="difference_once_a_rule"),
                    models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True), name="difference_differs"
                    ),
                ],
            },
        ),
    ]
