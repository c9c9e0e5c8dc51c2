"""A refusal becomes a page in words, instead of a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from blikveld.desk import rendering
from blikveld.desk.words import WORDS
from blikveld.errors import BlikveldError

View = TypeVar("View", bound=Callable[..., HttpResponse])
Refusal = TypeVar("Refusal", bound=BlikveldError)


def telling(
    kind: type[Refusal], page: Callable[[HttpRequest, str, Refusal], HttpResponse]
) -> Callable[[View], View]:
    """Decorates views: a refusal of this kind is answered with `page`."""

    def told(view: View) -> View:
        @wraps(view)
        def instead(request: HttpRequest, language: str, *given: Any, **named: Any) -> HttpResponse:
            try:
                return view(request, language, *given, **named)
            except kind as refused:
                return page(request, language, refused)

        return cast(View, instead)

    return told


def reason(refused: BlikveldError) -> str:
    """What is wrong and how to mend it, to stand on a page."""
    return f"{refused.problem} {refused.mend}"


def _notice(request: HttpRequest, language: str, refused: BlikveldError) -> HttpResponse:
    title, text = WORDS["cannot"][language], reason(refused)
    return rendering.page(request, "desk/notice.html", language, 409, title=title, text=text)


told = telling(BlikveldError, _notice)
"""For rooms whose refusals have no page of their own."""
