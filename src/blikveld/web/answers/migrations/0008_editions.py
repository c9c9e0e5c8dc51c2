"""Editions of the study, and pages by the key of their first item."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0007_site")]
    operations: ClassVar = [
        migrations.AlterField("response", "pages", models.TextField()),
        migrations.CreateModel(
            "Edition",
            [
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("description", models.TextField()),
            ],
        ),
    ]
