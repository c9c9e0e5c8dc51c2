"""Numbers are counted at night, and no table of them has rows with a number of their own.

The old counters go: they told, by difference, what people answered, and in which order they came.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def copy_days(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write the lines of the days in the new table, in order."""
    before, after = (apps.get_model("answers", name) for name in ("OldDayTotal", "DayTotal"))
    rows = before._base_manager.order_by("day", "municipality")
    after._base_manager.bulk_create(
        after(municipality=row.municipality, day=row.day, number=row.number) for row in rows
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0004_daytotal")]
    operations: ClassVar = [
        migrations.DeleteModel(name="Counter"),
        migrations.CreateModel(
            name="LinkCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "municipality",
                        "mode",
                        "step",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("municipality", models.CharField(max_length=100)),
                ("mode", models.CharField(max_length=10)),
                ("step", models.CharField(max_length=10)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(model_name="daytotal", name="one_line_a_day"),
        migrations.RenameModel(old_name="DayTotal", new_name="OldDayTotal"),
        migrations.CreateModel(
            name="DayTotal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "municipality",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("municipality", models.CharField(max_length=100)),
                ("day", models.CharField(max_length=10)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(copy_days, migrations.RunPython.noop),
        migrations.DeleteModel(name="OldDayTotal"),
    ]
