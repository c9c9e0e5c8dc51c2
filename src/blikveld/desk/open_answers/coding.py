"""Coding what people wrote beside 'other, namely': one decision a text, with suggestions."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import change, write
from blikveld.desk.databases import DESK
from blikveld.desk.open_answers.models import CodedText, ReleasedText
from blikveld.desk.open_answers.suggesting import suggestions
from blikveld.desk.open_answers.written import decided, source, text_hash, written
from blikveld.desk.roles import Permission, has_permission
from blikveld.desk.words import of_study, texts, translate
from blikveld.study.labels import fold_text
from blikveld.study.loader.coding_csv import COLUMNS
from blikveld.study.model import Coded, Study
from blikveld.web import served_study
from blikveld.web.served_study import ServedStudy

WORDS = texts("open_answers")


@dataclass(frozen=True, slots=True)
class TextToCode:
    """A text as somebody wrote it, how many wrote it, and its code when it has one."""

    text_hash: str
    words: str
    number: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """The texts of one coded variable: those that wait, and those coded at the desk."""

    variable: Coded
    waiting: tuple[TextToCode, ...]
    done: tuple[TextToCode, ...]

    @classmethod
    def of(cls, variable: Coded, texts: Counter[str]) -> Queue:
        """The texts in the order of their marks, which tells nothing; the coding file's are out."""
        known = decided(variable, texts)
        found: dict[str, TextToCode] = {}
        for text, number in sorted(texts.items()):
            folded = fold_text(text)
            if folded and folded not in variable.texts:
                before = found[folded].number if folded in found else 0
                sign, code = text_hash(variable.key, folded), known.get(folded, "")
                found[folded] = TextToCode(sign, text, before + number, code)
        every = sorted(found.values(), key=lambda text: text.text_hash)
        waiting = tuple(text for text in every if not text.code)
        return cls(variable, waiting, tuple(text for text in every if text.code))

    def find(self, sign: str) -> TextToCode | None:
        """The text with this mark."""
        return next((t for t in (*self.waiting, *self.done) if t.text_hash == sign), None)

    def next(self, after: str) -> TextToCode | None:
        """The first that waits after a mark, or else the first that waits."""
        later = (text for text in self.waiting if text.text_hash > after)
        return next(later, self.waiting[0] if self.waiting else None)


@requires(Permission.CODE_OPEN_ANSWERS)
@require_safe
def coding(request: HttpRequest, language: str) -> HttpResponse:
    """Every variable for which texts are coded, and how many wait."""
    here = served_study.current()
    spoken, texts = of_study(here.study, language), written(here)
    rows = [
        (variable.key, variable.label[spoken], Queue.of(variable, texts[name]))
        for variable in here.study.coded
        if (name := source(here.study, variable)) is not None
    ]
    takes = has_permission(current_account(request).role, Permission.EXPORT) and any(
        queue.done for *_, queue in rows
    )
    return rendering.page(
        request,
        "open_answers/coding.html",
        language,
        t=translate(WORDS, language),
        rows=rows,
        takes=takes,
    )


@requires(Permission.CODE_OPEN_ANSWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, language: str, variable: str) -> HttpResponse:
    """One text at a time: a code for it, or for another text the code taken back."""
    here = served_study.current()
    coded = {found.key: found for found in here.study.coded}.get(variable)
    name = source(here.study, coded) if coded else None
    if coded is None or name is None:
        raise Http404
    texts = written(here)[name]
    queue = Queue.of(coded, texts)
    if request.method == "POST":
        return _decide(request, language, queue)
    spoken = of_study(here.study, language)
    text = queue.next(request.GET.get("after", ""))
    labels = {one.code: one.label[spoken] for one in coded.codes}
    found = suggestions(here.study, coded, decided(coded, texts), text.words) if text else ()
    return rendering.page(
        request,
        "open_answers/code.html",
        language,
        t=translate(WORDS, language),
        key=coded.key,
        label=coded.label[spoken],
        question=here.study.questions[coded.source].text[spoken].replace("{municipality}", "…"),
        queue=queue,
        text=text,
        suggestions=found,
        labels=labels,
        groups=_groups(here.study, labels, spoken, WORDS["rest"][language]),
    )


def _decide(request: HttpRequest, language: str, queue: Queue) -> HttpResponse:
    variable, text = queue.variable, queue.find(request.POST.get("text_hash", ""))
    if text is None:
        raise Http404
    who, key = current_account(request).name, variable.key
    rows = CodedText.objects.filter(variable=key, text_hash=text.text_hash)
    if "undo" in request.POST:
        if row := rows.first():
            with change(who, "open_answers.uncoded", f"{key} {row.pk}", code=row.code):
                row.delete()
        return rendering.go(language, "open_answers_code", key)
    given = request.POST.get("code", "")
    if given not in {one.code for one in variable.codes}:
        return rendering.go(language, "open_answers_code", key)
    with transaction.atomic(using=DESK):
        row, _ = CodedText.objects.update_or_create(
            variable=key, text_hash=text.text_hash, defaults={"code": given}
        )
        write(who, "open_answers.coded", f"{key} {row.pk}", code=given)
    return rendering.go(language, "open_answers_code", key, query=f"?after={text.text_hash}")


def _groups(
    study: Study, labels: dict[str, str], language: str, rest: str
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The codes by domain, where the study puts them in domains; the rest after them."""
    left, found = dict(labels), []
    for domain in study.domains:
        inside = [(f.code, left.pop(f.code)) for f in domain.functions if f.code in left]
        if inside:
            found.append((domain.label[language], inside))
    return [*found, (rest if found else "", list(left.items()))] if left else found


@requires(Permission.EXPORT)
@require_safe
def codes(request: HttpRequest, language: str) -> HttpResponse:
    """The codes of the desk as a coding file, of texts that were released as they were written."""
    lines = list(_coding_lines(served_study.current()))
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    write(current_account(request).name, "open_answers.codes_taken", number=len(lines))
    headers = {"Content-Disposition": 'attachment; filename="coding.csv"'}
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _coding_lines(here: ServedStudy) -> Iterator[tuple[str, str, str, str]]:
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
