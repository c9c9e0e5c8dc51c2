"""Coding what people wrote beside 'other, namely': one decision a text, with suggestions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.databases import DESK
from blikveld.desk.guard import allowed, person
from blikveld.desk.journal.writing import change, write
from blikveld.desk.roles import Task, may
from blikveld.desk.texts.models import CodedText
from blikveld.desk.texts.suggesting import suggestions
from blikveld.desk.texts.words import WORDS
from blikveld.desk.texts.written import decided, mark, source, written
from blikveld.desk.words import of_study, said
from blikveld.study.model import Coded, Study
from blikveld.study.texts import fold
from blikveld.web import site


@dataclass(frozen=True, slots=True)
class Text:
    """A text as somebody wrote it, how many wrote it, and its code when it has one."""

    mark: str
    words: str
    number: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """The texts of one coded variable: those that wait, and those coded at the desk."""

    variable: Coded
    waiting: tuple[Text, ...]
    done: tuple[Text, ...]

    @classmethod
    def of(cls, variable: Coded, texts: Counter[str]) -> Queue:
        """The texts in the order of their marks, which tells nothing; the coding file's are out."""
        known = decided(variable, texts)
        found: dict[str, Text] = {}
        for text, number in sorted(texts.items()):
            folded = fold(text)
            if folded and folded not in variable.texts:
                before = found[folded].number if folded in found else 0
                sign, code = mark(variable.key, folded), known.get(folded, "")
                found[folded] = Text(sign, text, before + number, code)
        every = sorted(found.values(), key=lambda text: text.mark)
        waiting = tuple(text for text in every if not text.code)
        return cls(variable, waiting, tuple(text for text in every if text.code))

    def find(self, sign: str) -> Text | None:
        """The text with this mark."""
        return next((t for t in (*self.waiting, *self.done) if t.mark == sign), None)

    def next(self, after: str) -> Text | None:
        """The first that waits after a mark, or else the first that waits."""
        later = (text for text in self.waiting if text.mark > after)
        return next(later, self.waiting[0] if self.waiting else None)


@allowed(Task.CODE_TEXTS)
@require_safe
def coding(request: HttpRequest, language: str) -> HttpResponse:
    """Every variable for which texts are coded, and how many wait."""
    here = site.current()
    spoken, texts = of_study(here.study, language), written(here)
    rows = [
        (variable.key, variable.label[spoken], Queue.of(variable, texts[name]))
        for variable in here.study.coded
        if (name := source(here.study, variable)) is not None
    ]
    takes = may(person(request).role, Task.EXPORT) and any(queue.done for *_, queue in rows)
    return rendering.page(
        request, "texts/coding.html", language, t=said(WORDS, language), rows=rows, takes=takes
    )


@allowed(Task.CODE_TEXTS)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, language: str, variable: str) -> HttpResponse:
    """One text at a time: a code for it, or for another text the code taken back."""
    here = site.current()
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
        "texts/code.html",
        language,
        t=said(WORDS, language),
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
    variable, text = queue.variable, queue.find(request.POST.get("mark", ""))
    if text is None:
        raise Http404
    who, key = person(request).name, variable.key
    rows = CodedText.objects.filter(variable=key, mark=text.mark)
    if "undo" in request.POST:
        if row := rows.first():
            with change(who, "texts.uncoded", f"{key} {row.pk}", code=row.code):
                row.delete()
        return rendering.go(language, "texts_code", key)
    given = request.POST.get("code", "")
    if given not in {one.code for one in variable.codes}:
        return rendering.go(language, "texts_code", key)
    with transaction.atomic(using=DESK):
        row, _ = CodedText.objects.update_or_create(
            variable=key, mark=text.mark, defaults={"code": given}
        )
        write(who, "texts.coded", f"{key} {row.pk}", code=given)
    return rendering.go(language, "texts_code", key, query=f"?after={text.mark}")


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
