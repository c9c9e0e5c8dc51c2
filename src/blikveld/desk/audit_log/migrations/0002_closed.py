from __future__ import annotations

from typing import ClassVar

from django.db import migrations

_REFUSE = """
CREATE TRIGGER journal_line_no_{lower} BEFORE {upper} ON journal_line
BEGIN SELECT RAISE(ABORT, 'A line of the journal is never changed.'); END
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit_log", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(
            [_REFUSE.format(lower=word.lower(), upper=word)],
            [f"DROP TRIGGER journal_line_no_{word.lower()}"],
        )
        for word in ("UPDATE", "DELETE")
    ]
