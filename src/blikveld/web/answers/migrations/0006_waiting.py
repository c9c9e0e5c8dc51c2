"""What waits for the next request of a respondent."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("answers", "0005_counts")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="response", name="waiting", field=models.TextField(default="")
        ),
    ]
