"""Codes to go on with on another device: a slow hash, and the token it opens."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0002_drafts")]
    operations: ClassVar = [
        migrations.AddField(
            "response", "code_hash", models.CharField(max_length=64, null=True, unique=True)
        ),
        migrations.AddField(
            "response", "locked_token", models.CharField(max_length=64, default="")
        ),
    ]
