"""Free text is read by a person before anybody else may: released as it is, or with words out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from blikveld.desk import rendering
from blikveld.desk.guard import allowed, person
from blikveld.desk.journal.writing import change
from blikveld.desk.places import towns
from blikveld.desk.roles import Task
from blikveld.desk.talks.words import KINDS
from blikveld.desk.texts.models import ReleasedText
from blikveld.desk.texts.words import WORDS
from blikveld.desk.texts.written import blacked_out, mark, spans, written
from blikveld.desk.words import of_study, said
from blikveld.interviews.protect import Context, Kind, Source, Span, suggestions
from blikveld.web import site
from blikveld.web.site import Site

_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, at which variable; `parts` are its stretches, and whether each tells."""

    name: str
    words: str

    @property
    def mark(self) -> str:
        """By what a decision about it is found again."""
        return mark(self.name, self.words)

    def found(self) -> tuple[Span, ...]:
        """What in it could tell who somebody is."""
        return suggestions(self.words, Context(towns=towns(site.current().study)))

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The text cut at what was found."""
        return list(_cut(self.words, self.found()))


@allowed(Task.READ_REMARKS)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest, language: str) -> HttpResponse:
    """The texts that wait. Those without suggestions can be released here, several at once."""
    here = site.current()
    known = _known()
    texts = [text for text in _texts(here) if text.mark not in known]
    if request.method == "POST":
        ticked = set(request.POST.getlist("release"))
        chosen = [text for text in texts if text.mark in ticked and not text.found()]
        if not chosen:
            return _list(request, language, texts, {"release": WORDS["none_ticked"][language]})
        with change(person(request).name, "texts.released", number=len(chosen)):
            ReleasedText.objects.bulk_create(
                (ReleasedText(mark=text.mark) for text in chosen), ignore_conflicts=True
            )
        return rendering.go(language, "texts_release")
    return _list(request, language, texts, {})


@allowed(Task.READ_REMARKS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, language: str, mark: str) -> HttpResponse:
    """One text: what goes out of it, how it reads then, and its release."""
    here = site.current()
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
            return rendering.go(language, "texts_release")
    return rendering.page(
        request,
        "texts/one.html",
        language,
        422 if problem else 200,
        t=said(WORDS, language),
        text=text,
        question=_questions(here, language)[text.name],
        suggestions=[
            (number, span.words(text.words), KINDS[span.kind][language], span in taken)
            for number, span in enumerate(found)
        ],
        words=request.POST.get("words", ""),
        kind=request.POST.get("kind", Kind.PERSON.value),
        kinds=[(kind.value, KINDS[kind][language]) for kind in Kind],
        result=blacked_out(text.words, taken, here.study.languages[0]),
        errors={"words": problem} if problem else {},
    )


@allowed(Task.READ_REMARKS)
@require_http_methods(["GET", "HEAD", "POST"])
def released(request: HttpRequest, language: str) -> HttpResponse:
    """The texts that were released, as they may be read, each to be taken back."""
    here = site.current()
    if request.method == "POST":
        row = ReleasedText.objects.filter(mark=request.POST.get("mark", "")).first()
        if row is None:
            raise Http404
        with change(person(request).name, "texts.taken_back", str(row.pk)):
            row.delete()
        return rendering.go(language, "texts_released")
    known, language_of_text = _known(), here.study.languages[0]
    texts = [text for text in _texts(here) if text.mark in known]
    shown = Paginator(texts, _A_PAGE).get_page(request.GET.get("page"))
    return rendering.page(
        request,
        "texts/released.html",
        language,
        t=said(WORDS, language),
        shown=shown,
        rows=[
            (text, blacked_out(text.words, spans(known[text.mark]), language_of_text))
            for text in shown
        ],
        number=len(texts),
        questions=_questions(here, language),
    )


def _list(
    request: HttpRequest, language: str, texts: list[Text], errors: dict[str, str]
) -> HttpResponse:
    shown = Paginator(texts, _A_PAGE).get_page(request.GET.get("page"))
    return rendering.page(
        request,
        "texts/release.html",
        language,
        422 if errors else 200,
        t=said(WORDS, language),
        shown=shown,
        number=len(texts),
        questions=_questions(site.current(), language),
        errors=errors,
    )


def _texts(here: Site) -> Iterator[Text]:
    """Every distinct text, question by question, in an order that tells nothing."""
    for name, own in written(here).items():
        yield from sorted((Text(name, words) for words in own), key=lambda text: text.mark)


def _find(here: Site, sign: str) -> Text:
    text = next((text for text in _texts(here) if text.mark == sign), None)
    if text is None or sign in _known():
        raise Http404
    return text


def _known() -> dict[str, list[tuple[int, int, str]]]:
    return dict(ReleasedText.objects.values_list("mark", "out"))


def _questions(here: Site, language: str) -> dict[str, str]:
    spoken = of_study(here.study, language)
    return {name: variable.label[spoken] for name, variable in here.study.variables.items()}


def _missed(text: str, lines: str, request: HttpRequest) -> tuple[list[Span], str]:
    """Words a person saw, wherever they stand; and the first that stands nowhere."""
    known = {kind.value: kind for kind in Kind}
    kind = known.get(request.POST.get("kind", ""), Kind.PERSON)
    found: list[Span] = []
    for words in filter(None, (line.strip() for line in lines.splitlines())):
        at = text.find(words)
        if at < 0:
            return found, words
        while at >= 0:
            found.append(Span(at, at + len(words), kind, Source.SPEAKERS))
            at = text.find(words, at + len(words))
    return found, ""


def _release(request: HttpRequest, text: Text, taken: tuple[Span, ...]) -> None:
    out = [(span.start, span.end, span.kind.value) for span in taken]
    act = "texts.redacted" if out else "texts.released"
    with change(person(request).name, act, number=len(out) or 1):
        ReleasedText.objects.update_or_create(mark=text.mark, defaults={"out": out})


def _cut(text: str, found: tuple[Span, ...]) -> Iterator[tuple[str, bool]]:
    place = 0
    for span in found:
        yield text[place : span.start], False
        yield span.words(text), True
        place = span.end
    yield text[place:], False
