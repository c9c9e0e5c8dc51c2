"""An offer keeps the facts that its study declares, in one field instead of three columns."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SUSPECTED = {True: "yes", False: "no", None: None}


def keep_facts(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write what stood in the columns under the names that every study had for it then."""
    model: Any = apps.get_model("addresses", "Contact")
    for row in model._base_manager.using(editor.connection.alias).order_by("key"):
        known = {
            "municipality": row.municipality,
            "domain": row.domain,
            "suspected": _SUSPECTED[row.suspicion],
        }
        row.facts = {name: value for name, value in known.items() if value is not None}
        row.save(update_fields=["facts"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("addresses", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField("contact", "facts", models.JSONField(default=dict)),
        migrations.RunPython(keep_facts),
        migrations.RemoveField("contact", "municipality"),
        migrations.RemoveField("contact", "domain"),
        migrations.RemoveField("contact", "suspicion"),
    ]
