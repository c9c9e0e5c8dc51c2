"""Drafts: what is on a page before it is sent in."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField("response", "half", models.JSONField(default=dict)),
        migrations.AddField("response", "turn", models.IntegerField(default=0)),
        migrations.AddField("response", "drafts", models.IntegerField(default=0)),
    ]
