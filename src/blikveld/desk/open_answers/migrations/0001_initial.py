"""Decisions about texts."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


def _number() -> models.AutoField[int, int]:
    return models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="CodedText",
            fields=[
                ("id", _number()),
                ("variable", models.CharField(max_length=100)),
                ("text_hash", models.CharField(db_column="mark", max_length=64)),
                ("code", models.CharField(max_length=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("variable", "text_hash"), name="one_code_a_text"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleasedText",
            fields=[
                ("id", _number()),
                ("text_hash", models.CharField(db_column="mark", max_length=64, unique=True)),
                ("out", models.JSONField(default=list)),
            ],
        ),
    ]
