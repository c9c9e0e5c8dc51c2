"""Codes given at the desk as lines of a coding file, for a study that publishes what it did."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blikveld.desk.guard import allowed, person
from blikveld.desk.journal.writing import write
from blikveld.desk.roles import Task
from blikveld.desk.texts.models import ReleasedText
from blikveld.desk.texts.written import decided, mark, source, written
from blikveld.study.reading.coding import COLUMNS
from blikveld.study.texts import fold
from blikveld.web import site
from blikveld.web.site import Site


@allowed(Task.EXPORT)
@require_safe
def codes(request: HttpRequest, language: str) -> HttpResponse:
    """The file. It holds texts, so only those that were released as they were written."""
    lines = list(_lines(site.current()))
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    write(person(request).name, "texts.codes_taken", number=len(lines))
    headers = {"Content-Disposition": 'attachment; filename="coding.csv"'}
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _lines(here: Site) -> Iterator[tuple[str, str, str, str]]:
    texts = written(here)
    whole = {row.mark for row in ReleasedText.objects.all() if not row.out}
    for variable in here.study.coded:
        if (name := source(here.study, variable)) is None:
            continue
        codes = decided(variable, texts[name])
        known = set(variable.texts)
        for text in sorted(texts[name]):
            folded = fold(text)
            if folded in codes and folded not in known and mark(name, text) in whole:
                # How it was spelled makes no difference to a coding file, so once is enough.
                known.add(folded)
                yield variable.key, variable.source, text, codes[folded]
