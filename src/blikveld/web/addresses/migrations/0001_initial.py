"""Sealed addresses."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from blikveld.web.keys import RandomKey


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("key", RandomKey(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("municipality", models.CharField(max_length=100)),
                ("domain", models.CharField(max_length=100, null=True)),
                ("suspicion", models.BooleanField(null=True)),
            ],
        ),
    ]
