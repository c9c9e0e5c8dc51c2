"""Answers, counters and the state of the fieldwork."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from blikveld.web.keys import RandomKey


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Fieldwork",
            fields=[
                ("study", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("version", models.CharField(max_length=100)),
                ("phase", models.CharField(max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("key", RandomKey(primary_key=True, serialize=False)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("study", models.CharField(max_length=100)),
                ("version", models.CharField(max_length=100)),
                ("municipality", models.CharField(max_length=100)),
                ("mode", models.CharField(max_length=10)),
                ("language", models.CharField(max_length=10)),
                ("answers", models.JSONField(default=dict)),
                ("pages", models.CharField(max_length=400)),
                ("state", models.CharField(max_length=10)),
                ("revision", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    models.AutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("municipality", models.CharField(max_length=100)),
                ("mode", models.CharField(max_length=10)),
                ("happening", models.CharField(max_length=10)),
                ("page", models.IntegerField(default=0)),
                ("number", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "mode", "happening", "page"),
                        name="one_counter_each",
                    )
                ],
            },
        ),
    ]
