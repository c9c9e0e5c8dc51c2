"""Markdown with marks becomes blocks of the report, numbers and footnotes in their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from markdown_it import MarkdownIt
from markdown_it.token import Token

from blikveld.report.model import (
    Block,
    Emphasis,
    Heading,
    Hyperlink,
    Inline,
    Inlines,
    Listing,
    Paragraph,
    Quotation,
    TextRun,
)
from blikveld.report.text.run import CLOSE, OPEN

_MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
_ALONE = re.compile(f"(?:{OPEN}\\d+{CLOSE}\\s*)+")
_UNNUMBERED = re.compile(r"\s*\{-\}\s*$")
_LEAD = re.compile(r"\s*\{lead\}\s*$")


class Resolver(Protocol):
    """Knows what a mark stands for."""

    def inline(self, marks: Sequence[str | int]) -> Inlines:
        """Text and calls, in order, as inlines with their footnotes."""

    def blocks(self, call: int) -> Sequence[Block]:
        """Return what a call puts in its own place."""

    def is_block(self, call: int) -> bool:
        """Return whether a call stands in a place of its own."""


class Numbering:
    """Numbers headings: chapters from 1, sections under them, unless they end in {-}."""

    def __init__(self) -> None:
        self._counts: list[int] = []
        self._numbered = True
        self._anchors: dict[str, int] = {}

    def number(self, level: int, *, numbered: bool) -> str:
        """Return the number of the next heading of a level; empty for a chapter without one."""
        if level == 1:
            self._numbered = numbered
        if not numbered or not self._numbered:
            return ""
        counts = [*self._counts[:level], *([0] * (level - len(self._counts)))]
        counts[level - 1] += 1
        self._counts = counts
        return ".".join(str(count) for count in counts)

    def anchor(self, text: str) -> str:
        """Return a name to link to, used once: 'sporten', 'sporten-2'."""
        name = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "deel"
        self._anchors[name] = self._anchors.get(name, 0) + 1
        times = self._anchors[name]
        return name if times == 1 else f"{name}-{times}"


def blocks(markdown: str, resolver: Resolver, numbering: Numbering) -> tuple[Block, ...]:
    """Read one text. Headings, paragraphs, lists, quotations and asides; raw HTML is text."""
    parser = MarkdownIt("commonmark", {"html": False})
    return tuple(_BlockReader(parser.parse(markdown), resolver, numbering).read())


def inlines(markdown: str, resolver: Resolver) -> Inlines:
    """Read a single line, such as the title of a figure."""
    (token,) = MarkdownIt("commonmark", {"html": False}).parseInline(markdown)
    return _inlines(token.children or [], resolver)


class _BlockReader:
    def __init__(self, tokens: Sequence[Token], resolver: Resolver, numbering: Numbering) -> None:
        self._tokens, self._at = tokens, 0
        self._resolver, self._numbering = resolver, numbering

    def read(self, until: str = "") -> Iterator[Block]:
        """Blocks up to a closing token."""
        while self._at < len(self._tokens):
            token = self._next()
            if token.type == until:
                return
            yield from self._block(token)

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _block(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                yield self._heading(int(token.tag[1:]))
            case "paragraph_open":
                yield from self._paragraph()
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                yield self._listing(token.type.replace("open", "close"), ordered=ordered)
            case "blockquote_open":
                yield self._quotation()
            case "code_block" | "fence":
                yield Paragraph((TextRun(token.content.strip()),))

    def _heading(self, level: int) -> Heading:
        token = self._next()
        self._next()
        numbered = not _UNNUMBERED.search(token.content)
        parts = _inlines(token.children or [], self._resolver)
        parts = tuple(_without_sign(part) for part in parts)
        number = self._numbering.number(level, numbered=numbered)
        text = "".join(part.text for part in parts if isinstance(part, TextRun))
        return Heading(level, number, parts, self._numbering.anchor(text))

    def _paragraph(self) -> Iterator[Block]:
        token = self._next()
        self._next()
        calls = [int(found) for found in _MARK.findall(token.content)]
        if _ALONE.fullmatch(token.content) and all(map(self._resolver.is_block, calls)):
            for call in calls:
                yield from self._resolver.blocks(call)
        else:
            parts = _inlines(token.children or [], self._resolver)
            lead = bool(_LEAD.search(token.content))
            yield Paragraph(tuple(map(_without_sign, parts)) if lead else parts, lead=lead)

    def _listing(self, end: str, *, ordered: bool) -> Listing:
        items = []
        while (token := self._next()).type != end:
            if token.type == "list_item_open":
                items.append(tuple(self.read("list_item_close")))
        return Listing(tuple(items), ordered)

    def _quotation(self) -> Block:
        """Set apart: one that begins with a bold title is a note on reading, others are quoted."""
        inside = tuple(self.read("blockquote_close"))
        first = inside[0] if inside else None
        if not isinstance(first, Paragraph) or not begins_bold(first.parts):
            return Quotation(inside)
        return Paragraph(first.parts, aside=True) if len(inside) == 1 else Quotation(inside, True)


def begins_bold(parts: Inlines) -> bool:
    """Return whether a text has a title of its own: it begins with bold words."""
    return bool(parts) and isinstance(parts[0], Emphasis) and parts[0].strong


def _without_sign(part: Inline) -> Inline:
    if not isinstance(part, TextRun):
        return part
    return TextRun(_LEAD.sub("", _UNNUMBERED.sub("", part.text)))


def _inlines(tokens: Sequence[Token], resolver: Resolver) -> Inlines:
    return _InlineReader(tokens, resolver).read("")


class _InlineReader:
    """Walks the inlines of one block; text between two pieces of markup is resolved together."""

    def __init__(self, tokens: Sequence[Token], resolver: Resolver) -> None:
        self._tokens, self._at, self._resolver = tokens, 0, resolver

    def read(self, until: str) -> Inlines:
        found: list[Inline] = []
        run: list[str | int] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == until:
                break
            text = _text(token)
            if text is None:
                found.extend(self._resolver.inline(run))
                run = []
                found.append(self._markup(token))
            else:
                run.extend(_split(text))
        found.extend(self._resolver.inline(run))
        return tuple(found)

    def _markup(self, token: Token) -> Inline:
        inside = self.read(token.type.replace("open", "close"))
        if token.type == "link_open":
            return Hyperlink(inside, str(token.attrs.get("href", "")))
        return Emphasis(inside, strong=token.type == "strong_open")


def _text(token: Token) -> str | None:
    """The text of a token; None where it opens markup."""
    match token.type:
        case "text" | "code_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return " "
        case "em_open" | "strong_open" | "link_open":
            return None
        case _:
            return token.content


def _split(text: str) -> Iterator[str | int]:
    at = 0
    for match in _MARK.finditer(text):
        if match.start() > at:
            yield text[at : match.start()]
        yield int(match.group(1))
        at = match.end()
    if at < len(text):
        yield text[at:]
