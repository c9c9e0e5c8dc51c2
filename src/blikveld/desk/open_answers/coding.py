"""Pages to code what people wrote beside 'other, namely': one decision a text, with suggestions.

A code is suggested by how much a text is like words that have it already. Likeness is that of runs
of three and four letters within words, so that Dutch words written together ('schoolleider') are
like their parts. A run counts the more, the fewer codes have it: 'medewerker' stands under many
codes and tells nothing, 'leerplicht' under one.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log, sqrt

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import change, write
from blikveld.desk.databases import DESK
from blikveld.desk.open_answers.models import CodedText, ReleasedText
from blikveld.desk.open_answers.written import decided, text_hash, written
from blikveld.desk.roles import Permission, has_permission
from blikveld.desk.words import of_study, texts, translate
from blikveld.responses.derive import text_variable
from blikveld.study.labels import fold_text, name_answers
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
        if (name := text_variable(here.study, variable)) is not None
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
    name = text_variable(here.study, coded) if coded else None
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
        question=here.study.questions[coded.source]
        .text[spoken]
        .replace(f"{{{here.study.sites.name}}}", "…"),
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


def _asked(study: Study, question: str, language: str) -> str:
    text = study.questions[question].text[language].replace(f"{{{study.sites.name}}}", "…")
    return name_answers(text, study, language)


def _groups(
    study: Study, labels: dict[str, str], language: str, rest: str
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The codes by the item that a classification puts them under; the rest after them."""
    left, found = dict(labels), []
    for item in (item for each in study.classifications for item in each.items):
        inside = [(below.code, left.pop(below.code)) for below in item.items if below.code in left]
        if inside:
            found.append((item.label[language], inside))
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
        if (name := text_variable(here.study, variable)) is None:
            continue
        codes = decided(variable, texts[name])
        known = set(variable.texts)
        for text in sorted(texts[name]):
            folded = fold_text(text)
            if folded in codes and folded not in known and text_hash(name, text) in whole:
                # How it was spelled makes no difference to a coding file, so once is enough.
                known.add(folded)
                yield variable.key, variable.source, text, codes[folded]


MOST = 5
_LEAST = 0.1
_NEAR = 0.4
"""What is less than this part as like as the likeliest only distracts."""

_RUNS = (3, 4)

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class CodeSuggestion:
    """A code, how like it is (0 to 1), and the words it is like."""

    code: str
    score: float
    like: str


def suggestions(
    study: Study, variable: Coded, decided: Mapping[str, str], text: str
) -> tuple[CodeSuggestion, ...]:
    """The codes a text may want, the likeliest first, at most five.

    Words that have a code: the labels of the codes, the answers offered that are mapped to one,
    the study's coding file, and what was coded at the desk before.
    """
    known = [(words, code, _runs(words)) for words, code in _known(study, variable, decided)]
    rarity = _rarity(known)
    wanted = _weighed(_runs(fold_text(text)), rarity)
    best: dict[str, CodeSuggestion] = {}
    for words, code, runs in known:
        score = _alike(wanted, _weighed(runs, rarity))
        if score >= _LEAST and (code not in best or score > best[code].score):
            best[code] = CodeSuggestion(code, score, words)
    ranked = sorted(best.values(), key=lambda one: (-one.score, one.code))[:MOST]
    return tuple(one for one in ranked if one.score >= _NEAR * ranked[0].score)


def _runs(text: str) -> Counter[str]:
    """The runs of letters in the words of a text; a space marks where a word begins or ends."""
    plain = "".join(sign if sign.isalnum() else " " for sign in text)
    words = (f" {word} " for word in plain.split())
    return Counter(
        word[at : at + length]
        for word in words
        for length in _RUNS
        for at in range(len(word) - length + 1)
    )


def _rarity(known: list[tuple[str, str, Counter[str]]]) -> Weights:
    """How much a run tells: the more, the fewer codes have words with it."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for _, code, runs in known:
        for run in runs:
            codes[run].add(code)
    number = 1 + len({code for _, code, _ in known})
    return {run: log(number / (1 + len(having))) + 0.05 for run, having in codes.items()}


def _weighed(runs: Counter[str], rarity: Weights) -> Weights:
    # A run that no code has is as rare as can be: it makes the text less like all of them.
    most = max(rarity.values(), default=1.0)
    return {run: sqrt(times) * rarity.get(run, most) for run, times in runs.items()}


def _alike(one: Weights, other: Weights) -> float:
    """The cosine between two weighed texts; 0 where one is empty."""
    together = sum(weight * other.get(run, 0.0) for run, weight in one.items())
    lengths = _length(one) * _length(other)
    return together / lengths if lengths else 0.0


def _length(weights: Weights) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))


def _known(study: Study, variable: Coded, decided: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for code in variable.codes:
        yield from ((fold_text(label), code.code) for label in code.label.values())
    question = study.questions.get(variable.source)
    for option in question.options if question else ():
        if option.code in variable.map:
            yield from (
                (fold_text(words), variable.map[option.code]) for words in option.label.values()
            )
    yield from variable.texts.items()
    yield from decided.items()
