from django.db import migrations, models

ROOTS = ["district", "province"]
KINDS = [
    ("district", "区县"),
    ("province", "省"),
    ("subdistrict", "街道"),
    ("town", "乡镇"),
    ("community", "社区"),
    ("village", "村"),
    ("grid", "网格"),
    ("compound", "小区"),
    ("building", "楼栋"),
    ("unit", "单元"),
]


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="place", name="kind", field=models.CharField(choices=KINDS, max_length=12)),
        migrations.RemoveConstraint(model_name="place", name="place_only_a_district_has_no_parent"),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=ROOTS, parent__isnull=True)
                | (~models.Q(kind__in=ROOTS) & models.Q(parent__isnull=False)),
                name="place_only_a_root_has_no_parent",
            ),
        ),
    ]
