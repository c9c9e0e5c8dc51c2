"""Codes given at the desk as lines of a coding file, for a study that publishes what it did."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.writing import write
from blikveld.desk.open_answers.models import ReleasedText
from blikveld.desk.open_answers.written import decided, source, text_hash, written
from blikveld.desk.roles import Permission
from blikveld.study.labels import fold_text
from blikveld.study.loader.coding_csv import COLUMNS
from blikveld.web import served_study
from blikveld.web.served_study import ServedStudy


@requires(Permission.EXPORT)
@require_safe
def codes(request: HttpRequest, language: str) -> HttpResponse:
    """The file. It holds texts, so only those that were released as they were written."""
    lines = list(_lines(served_study.current()))
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    write(current_account(request).name, "open_answers.codes_taken", number=len(lines))
    headers = {"Content-Disposition": 'attachment; filename="coding.csv"'}
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _lines(here: ServedStudy) -> Iterator[tuple[str, str, str, str]]:
    texts = written(here)
    whole = {row.text_hash for row in ReleasedText.objects.all() if not row.out}
    for variable in here.study.coded:
        if (name := source(here.study, variable)) is None:
            continue
        codes = decided(variable, texts[name])
        known = set(variable.texts)
        for text in sorted(texts[name]):
            folded = fold_text(text)
            if folded in codes and folded not in known and text_hash(name, text) in whole:
                # How it was spelled makes no difference to a coding file, so once is enough.
                known.add(folded)
                yield variable.key, variable.source, text, codes[folded]
