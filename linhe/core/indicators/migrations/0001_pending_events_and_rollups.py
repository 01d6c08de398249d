import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("loop", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="loop.event",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "pending",
            },
        ),
        migrations.CreateModel(
            name="Rollup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("count", models.PositiveBigIntegerField()),
                ("total", models.DecimalField(decimal_places=4, max_digits=20)),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "measure", "day"), name="rollup_one_a_place_and_day"),
                    models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="rollup_counts_something"),
                ],
            },
        ),
    ]
