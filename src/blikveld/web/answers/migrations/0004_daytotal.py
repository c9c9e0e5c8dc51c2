"""How many had finished in a municipality by a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0003_codes")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="DayTotal",
            fields=[
                (
                    "id",
                    models.AutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("municipality", models.CharField(max_length=100)),
                ("day", models.CharField(max_length=10)),
                ("number", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "day"), name="one_line_a_day")
                ],
            },
        ),
    ]
