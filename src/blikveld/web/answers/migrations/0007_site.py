"""A municipality is a site from here on. The columns keep their name: nothing is written anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_COLUMN = "municipality"


def _site() -> models.CharField[str, str]:
    return models.CharField(max_length=100, db_column=_COLUMN)


def _key(*names: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(
        *names, blank=True, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0006_waiting")]
    operations: ClassVar = [
        migrations.AlterField("response", _COLUMN, _site()),
        migrations.RenameField("response", _COLUMN, "site"),
        # Django changes no key of several fields, and here only their names in Python change.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("LinkCount"),
                migrations.CreateModel(
                    "LinkCount",
                    [
                        ("pk", _key("site", "mode", "step")),
                        ("site", _site()),
                        ("mode", models.CharField(max_length=10)),
                        ("step", models.CharField(max_length=10)),
                        ("number", models.BigIntegerField()),
                    ],
                ),
                migrations.DeleteModel("DayTotal"),
                migrations.CreateModel(
                    "DayTotal",
                    [
                        ("pk", _key("site", "day")),
                        ("site", _site()),
                        ("day", models.CharField(max_length=10)),
                        ("number", models.BigIntegerField()),
                    ],
                ),
            ]
        ),
    ]
