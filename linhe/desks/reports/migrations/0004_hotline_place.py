import django.db.models.deletion
from django.db import migrations, models

LEVELS = ("district", "subdistrict", "community", "grid", "compound", "building")
COLUMNS = ", ".join(("place_id", *(f"at_{level}_id" for level in LEVELS)))
FILL = f"""
UPDATE reports_hotlineorder AS o SET ({COLUMNS}) = (SELECT {COLUMNS} FROM loop_matter AS m WHERE m.id = o.matter_id);
SET CONSTRAINTS ALL IMMEDIATE;
"""


def ancestor() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
    )


class Migration(migrations.Migration):
    """An order carries the place of its matter, so that one index holds all that the rates count."""

    dependencies = [
        ("loop", "0004_matter_stage_indexes"),
        ("places", "0002_provinces_are_roots_too"),
        ("reports", "0003_hotline_worked_on_again"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="hotlineorder", name="hotline_received"),
        *(migrations.AddField(model_name="hotlineorder", name=f"at_{level}", field=ancestor()) for level in LEVELS),
        migrations.AddField(
            model_name="hotlineorder",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="hotlineorder",
            name="place",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.AddIndex(
            model_name="hotlineorder",
            index=models.Index(
                fields=["-received_at"],
                include=(
                    "at_district",
                    "at_subdistrict",
                    "at_community",
                    "at_compound",
                    "organisation",
                    "category",
                    "limit_at",
                    "answered_at",
                    "in_time",
                    "satisfied",
                    "matter",
                ),
                name="hotline_rates",
            ),
        ),
    ]
