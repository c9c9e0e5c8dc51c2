"""What a privacy officer signs: what is processed and why, for how long, and what protects it.

Filled in from the study and from the list of earlier releases; what only people know is left open
with a line to write on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blikveld.disclosure import Policy
from blikveld.disclosure.ledger import ReleaseRecord
from blikveld.kinds import OpenText
from blikveld.locale.conventions import day
from blikveld.publish.privacy_texts import MEASURES, PROMISES, RETENTION, TEXTS
from blikveld.report.model import (
    Block,
    Heading,
    Paragraph,
    PrintedCell,
    Report,
    ReportRow,
    RowGroup,
    TableBlock,
    TextRun,
)
from blikveld.report.text.files import find_words
from blikveld.results.cell import DataOrigin
from blikveld.results.formatting import number
from blikveld.study.disclosure import ProtectionMethod
from blikveld.study.items import ContactItem
from blikveld.study.model import Period, Study

_OPEN = "…………………………"


def privacy_document(study: Study, language: str, releases: Sequence[ReleaseRecord] = ()) -> Report:
    """The document in one language, as a report without numbers of respondents."""
    spoken = _Spoken(study, language if language in TEXTS else "en")
    return Report(
        study=study.key,
        version=study.version,
        snapshot="",
        language=spoken.language,
        title=spoken.say("title"),
        subtitle=study.title[language],
        date=study.fieldwork.first.isoformat(),
        standing=DataOrigin.FIELDWORK,
        warning="",
        about=(),
        blocks=tuple(spoken.blocks(releases)),
        notes=(),
        entries=(),
        words=find_words(spoken.language),
    )


def suppressed_numbers(releases: Iterable[ReleaseRecord]) -> Iterator[Mapping[str, str]]:
    """Each number that was not printed exactly: who is counted, its range, and in which release."""
    for at, release in enumerate(releases, start=1):
        for (base, rule, mentions), band in release.numbers.items():
            if band.low < band.high:
                yield {
                    "release": str(at),
                    "kind": release.kind.value,
                    "base_rule": base,
                    "rule": rule,
                    "counts": "mentions" if mentions else "respondents",
                    "low": str(band.low),
                    "high": str(band.high),
                }


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The parts of the document, in one language."""

    study: Study
    language: str

    def say(self, key: str, **values: str) -> str:
        return TEXTS[self.language][key].format(**values)

    def blocks(self, releases: Sequence[ReleaseRecord]) -> Iterator[Block]:
        parts: tuple[tuple[str, Iterable[Block]], ...] = (
            ("record", self._table("record", self._record())),
            ("assessment", self._assessment()),
            ("retention", self._table("retention", RETENTION[self.language])),
            ("small_counts", self._small_counts(releases)),
            ("promises", self._promises()),
            ("signing", self._signing()),
        )
        for at, (key, found) in enumerate(parts, start=1):
            yield Heading(1, str(at), (TextRun(self.say(key)),), key.replace("_", "-"))
            yield from found

    def _record(self) -> Iterator[tuple[str, str]]:
        questions = self.study.questions.values()
        open_ones = sum(isinstance(question.kind, OpenText) for question in questions)
        written = sum(any(o.text for o in question.options) for question in questions)
        yield self.say("processing"), self.study.title[self._own()]
        yield self.say("controller"), _OPEN
        yield self.say("officer"), _OPEN
        yield self.say("purpose"), self.say("purpose_is")
        yield self.say("lawful"), _OPEN
        yield self.say("people"), ", ".join(site.name for site in self.study.sites)
        yield self.say("period"), self._days(self.study.fieldwork)
        yield (
            self.say("data"),
            self.say(
                "data_are",
                questions=number(len(self.study.questions), self.language),
                texts=number(open_ones + written, self.language),
            ),
        )
        yield self.say("contact"), self.say("contact_yes" if self._asks_contact() else "contact_no")
        yield self.say("not_kept"), self.say("not_kept_is")
        yield self.say("recipients"), self.say("recipients_are")
        yield self.say("measures"), " ".join(MEASURES[self.language])

    def _own(self) -> str:
        """A language of the study for its own words."""
        languages = self.study.languages
        return self.language if self.language in languages else languages[0]

    def _days(self, period: Period) -> str:
        first, last = (day(when, self.language) for when in (period.first, period.last))
        return f"{first} – {last}"

    def _asks_contact(self) -> bool:
        items = (item for section in self.study.sections for item in section.items)
        return any(isinstance(item, ContactItem) for item in items)

    def _assessment(self) -> Iterator[Block]:
        policy = Policy.of(self.study)
        small = {"lowest": str(policy.lowest), "highest": str(policy.highest)}
        rows = [
            (self.say("singled_out?"), self.say("singled_out", **small)),
            (self.say("linked?"), self.say("linked")),
            (self.say("inferred?"), self.say(f"same_{policy.same_answer.value}")),
            (self.say("subtracted?"), self.say("subtracted", **small)),
            *((self.say(f"{risk}?"), self.say(risk)) for risk in ("grown", "texts", "leaked")),
        ]
        rows += [(self.say(f"{key}?"), _OPEN) for key in ("needed", "special", "accepted")]
        yield from self._table("assessment", rows)

    def _small_counts(self, releases: Sequence[ReleaseRecord]) -> Iterator[Block]:
        rule = self.study.disclosure
        yield self._paragraph(
            self.say(
                f"method_{rule.method.value}",
                threshold=str(rule.threshold),
                base=str(rule.rounding_base or ""),
            )
        )
        yield self._paragraph(self.say(f"zeros_{rule.zeros.value}"))
        yield self._paragraph(self.say(f"same_{rule.same_answer.value}"))
        if not releases:
            yield self._paragraph(self.say("nothing_released"))
            return
        yield from self._table("releases", map(self._release, enumerate(releases, start=1)))

    def _release(self, numbered: tuple[int, ReleaseRecord]) -> tuple[str, str]:
        at, release = numbered
        widths = Counter(band.high - band.low + 1 for band in release.numbers.values())
        exact = widths.pop(1, 0)
        bands = ", ".join(
            self.say("of_width", count=number(n, self.language), width=str(width))
            for width, n in sorted(widths.items())
        )
        rounded = release.method is ProtectionMethod.ROUNDED
        told = self.say("rounded_numbers" if rounded else "exact_numbers", count=str(exact))
        return (
            self.say("release", number=str(at), kind=self.say(f"kind_{release.kind.value}")),
            "; ".join(part for part in (told, bands, release.snapshot[:12]) if part),
        )

    def _promises(self) -> Iterator[Block]:
        yield self._paragraph(self.say("promises_are"))
        rows = [(text[self.language], test) for text, test in PROMISES]
        yield from self._table("promises", rows)

    def _signing(self) -> Iterator[Block]:
        yield self._paragraph(self.say("signing_is"))
        yield from self._table("signing", [(self.say(f"sign_{who}"), _OPEN) for who in _SIGNERS])

    def _paragraph(self, text: str) -> Paragraph:
        return Paragraph((TextRun(text),))

    def _table(self, key: str, rows: Iterable[tuple[str, str]]) -> Iterator[Block]:
        lines = tuple(ReportRow(label, (PrintedCell(text),)) for label, text in rows)
        yield TableBlock(
            anchor=f"table-{key.replace('_', '-')}",
            label="",
            title=(TextRun(self.say(key)),),
            subtitle="",
            corner=(self.say("what"),),
            heads=(self.say("filled_in"),),
            groups=(RowGroup("", lines),),
        )


_SIGNERS = ("researcher", "officer", "date")
