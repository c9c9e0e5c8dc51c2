"""Drafts: what is on a page before it is sent in."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            "response", "incomplete", models.JSONField(default=dict, db_column="half")
        ),
        migrations.AddField(
            "response", "submission", models.IntegerField(default=0, db_column="turn")
        ),
        migrations.AddField(
            "response", "draft_number", models.IntegerField(default=0, db_column="drafts")
        ),
    ]
