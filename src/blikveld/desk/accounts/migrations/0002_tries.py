from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField("invitation", "by", models.CharField(default="", max_length=60)),
        migrations.AddField(
            "loginattempts", "last", models.BigIntegerField(db_index=True, default=0)
        ),
    ]
