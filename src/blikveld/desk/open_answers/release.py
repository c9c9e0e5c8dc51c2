"""Pages to read free text before anybody else may, and to release it whole or with words out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from blikveld.desk import rendering
from blikveld.desk.access import requires
from blikveld.desk.accounts.login import current_account
from blikveld.desk.audit_log.entries import change
from blikveld.desk.open_answers.models import ReleasedText
from blikveld.desk.open_answers.written import blacked_out, spans, text_hash, written
from blikveld.desk.roles import Permission
from blikveld.desk.words import of_members, of_study, texts, translate
from blikveld.interviews.deidentification import (
    Context,
    IdentifierKind,
    Span,
    SuggestionSource,
    suggestions,
)
from blikveld.study.labels import place_names
from blikveld.web import served_study
from blikveld.web.served_study import ServedStudy

KINDS = of_members(IdentifierKind, "interviews.kind")

WORDS = texts("open_answers")

_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class TextToReview:
    """What somebody wrote, at which variable; `parts` are its stretches, and whether each tells."""

    name: str
    words: str

    @property
    def text_hash(self) -> str:
        """By what a decision about it is found again."""
        return text_hash(self.name, self.words)

    def found(self) -> tuple[Span, ...]:
        """What in it could tell who somebody is."""
        return suggestions(self.words, Context(towns=place_names(served_study.current().study)))

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The text cut at what was found."""
        return list(_cut(self.words, self.found()))


@requires(Permission.READ_REMARKS)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest, language: str) -> HttpResponse:
    """The texts that wait. Those without suggestions can be released here, several at once."""
    here = served_study.current()
    known = _known()
    texts = [text for text in _texts(here) if text.text_hash not in known]
    if request.method == "POST":
        ticked = set(request.POST.getlist("release"))
        chosen = [text for text in texts if text.text_hash in ticked and not text.found()]
        if not chosen:
            return _list(request, language, texts, {"release": WORDS["none_ticked"][language]})
        with change(current_account(request).name, "open_answers.released", number=len(chosen)):
            ReleasedText.objects.bulk_create(
                (ReleasedText(text_hash=text.text_hash) for text in chosen), ignore_conflicts=True
            )
        return rendering.go(language, "open_answers_release")
    return _list(request, language, texts, {})


@requires(Permission.READ_REMARKS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, language: str, mark: str) -> HttpResponse:
    """One text: what goes out of it, how it reads then, and its release."""
    here = served_study.current()
    text = _find(here, mark)
    found = text.found()
    taken, problem = tuple(found), ""
    if request.method == "POST":
        kept = set(request.POST.getlist("take"))
        taken = tuple(span for number, span in enumerate(found) if str(number) in kept)
        more, lacking = _missed(text.words, request.POST.get("words", ""), request)
        taken = (*taken, *more)
        problem = WORDS["not_there"][language].format(lacking) if lacking else ""
        if not problem and request.POST.get("do") == "release":
            _release(request, text, taken)
            return rendering.go(language, "open_answers_release")
    return rendering.page(
        request,
        "open_answers/one.html",
        language,
        422 if problem else 200,
        t=translate(WORDS, language),
        text=text,
        question=_questions(here, language)[text.name],
        suggestions=[
            (number, span.words(text.words), KINDS[span.kind][language], span in taken)
            for number, span in enumerate(found)
        ],
        words=request.POST.get("words", ""),
        kind=request.POST.get("kind", IdentifierKind.PERSON.value),
        kinds=[(kind.value, KINDS[kind][language]) for kind in IdentifierKind],
        result=blacked_out(text.words, taken, here.study.languages[0]),
        errors={"words": problem} if problem else {},
    )


@requires(Permission.READ_REMARKS)
@require_http_methods(["GET", "HEAD", "POST"])
def released(request: HttpRequest, language: str) -> HttpResponse:
    """The texts that were released, as they may be read, each to be taken back."""
    here = served_study.current()
    if request.method == "POST":
        row = ReleasedText.objects.filter(text_hash=request.POST.get("text_hash", "")).first()
        if row is None:
            raise Http404
        with change(current_account(request).name, "open_answers.taken_back", str(row.pk)):
            row.delete()
        return rendering.go(language, "open_answers_released")
    known, language_of_text = _known(), here.study.languages[0]
    texts = [text for text in _texts(here) if text.text_hash in known]
    shown = Paginator(texts, _A_PAGE).get_page(request.GET.get("page"))
    return rendering.page(
        request,
        "open_answers/released.html",
        language,
        t=translate(WORDS, language),
        shown=shown,
        rows=[
            (text, blacked_out(text.words, spans(known[text.text_hash]), language_of_text))
            for text in shown
        ],
        number=len(texts),
        questions=_questions(here, language),
    )


def _list(
    request: HttpRequest, language: str, texts: list[TextToReview], errors: dict[str, str]
) -> HttpResponse:
    shown = Paginator(texts, _A_PAGE).get_page(request.GET.get("page"))
    return rendering.page(
        request,
        "open_answers/release.html",
        language,
        422 if errors else 200,
        t=translate(WORDS, language),
        shown=shown,
        number=len(texts),
        questions=_questions(served_study.current(), language),
        errors=errors,
    )


def _texts(here: ServedStudy) -> Iterator[TextToReview]:
    """Every distinct text, question by question, in an order that tells nothing."""
    for name, own in written(here).items():
        yield from sorted(
            (TextToReview(name, words) for words in own), key=lambda text: text.text_hash
        )


def _find(here: ServedStudy, sign: str) -> TextToReview:
    text = next((text for text in _texts(here) if text.text_hash == sign), None)
    if text is None or sign in _known():
        raise Http404
    return text


def _known() -> dict[str, list[tuple[int, int, str]]]:
    return dict(ReleasedText.objects.values_list("text_hash", "out"))


def _questions(here: ServedStudy, language: str) -> dict[str, str]:
    spoken = of_study(here.study, language)
    return {name: variable.label[spoken] for name, variable in here.study.variables.items()}


def _missed(text: str, lines: str, request: HttpRequest) -> tuple[list[Span], str]:
    """Words a person saw, wherever they stand; and the first that stands nowhere."""
    known = {kind.value: kind for kind in IdentifierKind}
    kind = known.get(request.POST.get("kind", ""), IdentifierKind.PERSON)
    found: list[Span] = []
    for words in filter(None, (line.strip() for line in lines.splitlines())):
        at = text.find(words)
        if at < 0:
            return found, words
        while at >= 0:
            found.append(Span(at, at + len(words), kind, SuggestionSource.SPEAKERS))
            at = text.find(words, at + len(words))
    return found, ""


def _release(request: HttpRequest, text: TextToReview, taken: tuple[Span, ...]) -> None:
    out = [(span.start, span.end, span.kind.value) for span in taken]
    act = "open_answers.redacted" if out else "open_answers.released"
    with change(current_account(request).name, act, number=len(out) or 1):
        ReleasedText.objects.update_or_create(text_hash=text.text_hash, defaults={"out": out})


def _cut(text: str, found: tuple[Span, ...]) -> Iterator[tuple[str, bool]]:
    index = 0
    for span in found:
        yield text[index : span.start], False
        yield span.words(text), True
        index = span.end
    yield text[index:], False
