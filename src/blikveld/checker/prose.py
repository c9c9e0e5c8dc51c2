"""Claims in running text and footnotes, and the verdict on each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from blikveld.checker import numbers, rounding
from blikveld.checker.document import Flow, Language, Marker, Running, is_caption
from blikveld.checker.findings import ClaimKind, ReportedClaim, Verdict
from blikveld.checker.numbers import Hedge, fits, hedge, wording
from blikveld.checker.phrases import Phrases
from blikveld.checker.rounding import judge
from blikveld.checker.shares import Pair, Share, SharesSentence, bases, only_base, pairs

_SEVERAL, _USUAL = 4, 0.8
_AROUND = 70
"""Characters of text shown with a claim, before the number."""


@dataclass(frozen=True, slots=True)
class Tied:
    """A percentage of the main text, with the verdict on it, for the words beside it."""

    share: Share
    claim: ReportedClaim


class Prose:
    """Everything said with numbers in running text."""

    def __init__(
        self, running: Running, language: Language, phrases: Phrases, *, paragraphs: bool = False
    ) -> None:
        """With `paragraphs`, a base holds until its paragraph ends; else for one sentence."""
        self._running, self._language, self._phrases = running, language, phrases
        self._paragraphs = paragraphs
        texts = [running.main.text, *(note.text for note in running.notes.values())]
        self.bases = tuple(dict.fromkeys(b for text in texts for b in bases(text, language)))
        self._paired = {
            number: list(pairs(note.text, language)) for number, note in running.notes.items()
        }
        self._tied: tuple[Tied, ...] | None = None

    def claims(self) -> Iterator[ReportedClaim]:
        """Pairs in footnotes and text, then the percentages of the main text."""
        for number, note in self._running.notes.items():
            yield from self._pairs(note, number)
            yield from self._note_shares(note, number)
        yield from self._pairs(self._running.main, None)
        yield from (each.claim for each in self.tied())

    def tied(self) -> tuple[Tied, ...]:
        """The percentages of the main text, each with what it could be tied to."""
        if self._tied is None:
            self._tied = self._settled(tuple(self._main()))
        return self._tied

    def _main(self) -> Iterator[Tied]:
        main = self._running.main
        taken = [(p.start, p.end) for p in pairs(main.text, self._language)]
        places = [marker.start for marker in self._running.markers]
        before: int | None = None
        for start, end in main.sentences():
            sentence = SharesSentence(main.text[start:end], start, self._language, before)
            shares = [s for s in sentence.shares() if not _within(s, taken)]
            markers = self._running.markers[bisect_left(places, start) : bisect_left(places, end)]
            yield from self._sentence(sentence, shares, markers, start)
            before = self._carried(sentence.base(), before, start, end)

    def _carried(self, stated: int | None, before: int | None, start: int, end: int) -> int | None:
        """The base that the next sentence may lean on; a caption's also for what stands below."""
        text = self._running.main.text
        begin = text.rfind("\n\n", 0, start + 1)
        begin = 0 if begin < 0 else begin + 2
        ended = text.endswith("\n\n", start, end) and not is_caption(text[begin : begin + 40])
        if ended and self._paragraphs:
            return None
        return stated if stated is not None or not self._paragraphs else before

    def _settled(self, found: tuple[Tied, ...]) -> tuple[Tied, ...]:
        """Keep '48% feel safe (n=393)' as a count only if that is how the report writes.

        Some reports print the base there. When most of several such percentages are right with n
        as the count, n is the count in this report; otherwise only the right ones are told.
        """
        loose = [each for each in found if each.share.loose]
        right = sum(each.claim.verdict is Verdict.RIGHT for each in loose)
        if not loose or (right >= _SEVERAL and right >= _USUAL * len(loose)):
            return found
        return tuple(
            self._untied(each) if each.share.loose and each.claim.finding else each
            for each in found
        )

    def _untied(self, tied: Tied) -> Tied:
        share = Share(tied.share.start, tied.share.end, tied.share.percent)
        return Tied(share, replace(self._share(share, self._running.main), note=tied.claim.note))

    def _pairs(self, flow: Flow, note: int | None) -> Iterator[ReportedClaim]:
        for pair in pairs(flow.text, self._language):
            yield self._pair(pair, flow, note)

    def _pair(self, pair: Pair, flow: Flow, note: int | None) -> ReportedClaim:
        start = pair.start if pair.base_start is None else pair.base_start
        shown = flow.text[pair.start : pair.end]
        if start < pair.start and pair.base is not None:
            shown = f"n={self._phrases.number(pair.base)}, {shown}"
        line = flow.line(pair.start)
        claim = ReportedClaim(ClaimKind.PAIR, shown, line, Verdict.UNCHECKED, note=note)
        claim = replace(claim, count=pair.count, base=pair.base, percent=pair.percent)
        return self._judged(claim)

    def _judged(self, claim: ReportedClaim) -> ReportedClaim:
        """The claim with a verdict, if it has a percentage, a count and a base."""
        if claim.count is None or claim.base is None or claim.percent is None:
            reason = self._phrases.say(
                "Geen totaal in de tekst gevonden.", "The text states no base for it."
            )
            return replace(claim, explanation=reason)
        found = judge(claim.percent, claim.count, claim.base, self._phrases, self.bases)
        return replace(
            claim, verdict=found.verdict, explanation=found.explanation, rules=found.rules
        )

    def _note_shares(self, note: Flow, number: int) -> Iterator[ReportedClaim]:
        taken = [(p.start, p.end) for p in self._paired[number]]
        before: int | None = None
        for start, end in note.sentences():
            sentence = SharesSentence(note.text[start:end], start, self._language, before)
            for share in sentence.shares():
                if not _within(share, taken):
                    yield replace(self._share(share, note), note=number)
            before = sentence.base()

    def _share(self, share: Share, flow: Flow) -> ReportedClaim:
        kind = ClaimKind.PAIR if share.base is not None else ClaimKind.BARE
        text = _around(flow.text, share)
        claim = ReportedClaim(kind, text, flow.line(share.start), Verdict.UNCHECKED)
        claim = replace(claim, count=share.count, base=share.base, percent=share.percent)
        said = self._hedged(share.start, flow)
        if said is Hedge.EXACT or share.base is None or share.count is None:
            return self._judged(claim)
        return self._about(claim, said)

    def _hedged(self, start: int, flow: Flow) -> Hedge:
        return hedge(flow.text[max(0, start - 40) : start], self._language)

    def _about(self, claim: ReportedClaim, said: Hedge) -> ReportedClaim:
        """A percentage that is only 'almost' or 'about' what it says."""
        count, base, percent = claim.count or 0, claim.base or 1, claim.percent or "0"
        exact = rounding.verdict(percent, count, base) is rounding.RoundingVerdict.RIGHT
        if exact or fits(said, float(percent), 100 * count / base):
            return replace(claim, verdict=Verdict.RIGHT)
        why = self._phrases.sums(count, base, percent)
        return replace(claim, verdict=Verdict.WORD, explanation=why)

    def _sentence(
        self,
        sentence: SharesSentence,
        shares: Sequence[Share],
        markers: Sequence[Marker],
        start: int,
    ) -> Iterator[Tied]:
        """Percentages before a marker belong to its footnote; the others stand on their own."""
        left = list(shares)
        begin = start
        for marker in markers:
            segment = [s for s in left if begin <= s.start < marker.start]
            left = [s for s in left if s not in segment]
            yield from self._segment(sentence, segment, marker.note)
            begin = marker.end
        for share in left:
            yield Tied(share, self._share(share, self._running.main))

    def _segment(self, sentence: SharesSentence, shares: list[Share], note: int) -> Iterator[Tied]:
        paired = [p for p in self._paired[note] if p.base is not None]
        if paired:
            yield from self._against(shares, paired, note)
            return
        base = only_base(self._running.notes[note].text, self._language)
        for share in shares:
            tied = share
            if base is not None and share.base is None:
                tied = replace(share, base=base, count=sentence.count_before(share))
            claim = replace(self._share(tied, self._running.main), note=note)
            yield Tied(tied, self._possible(claim))

    def _possible(self, claim: ReportedClaim) -> ReportedClaim:
        """With a base and no count: a percentage that no count can give is impossible."""
        if claim.checked or claim.base is None or claim.percent is None or claim.count is not None:
            return claim
        if rounding.counts(claim.percent, claim.base):
            return claim
        why = self._phrases.no_count(claim.percent, claim.base)
        return replace(claim, verdict=Verdict.IMPOSSIBLE, explanation=why)

    def _against(self, shares: list[Share], paired: list[Pair], note: int) -> Iterator[Tied]:
        """Percentages of the text against those of the footnote they point to."""
        exact = [s for s in shares if self._hedged(s.start, self._running.main) is Hedge.EXACT]
        matched = {s: p for s in exact if (p := _same(s, paired))}
        alone = [p for p in paired if p not in matched.values()]
        strangers = [s for s in exact if s not in matched and s.base is None]
        for share in shares:
            if share in matched:
                yield self._repeat(share, matched[share], note)
            elif share in strangers and alone and (not matched or len(exact) == len(paired)):
                nearest = min(alone, key=lambda p, s=share: _apart(s, p))  # type: ignore[misc]
                rival = min(strangers, key=lambda s, p=nearest: _apart(s, p))  # type: ignore[misc]
                yield self._stranger(share, nearest, note, contradicts=rival is share)
            else:
                yield self._loose(share, paired, note)

    def _repeat(self, share: Share, pair: Pair, note: int) -> Tied:
        known = replace(share, count=pair.count, base=pair.base)
        claim = replace(self._share(known, self._running.main), kind=ClaimKind.REPEAT, note=note)
        if claim.finding:  # told once, at the footnote
            why = self._phrases.say("Zie", "See") + f" {self._phrases.note(note)}."
            claim = replace(claim, verdict=Verdict.UNCHECKED, explanation=why)
        return Tied(known, claim)

    def _stranger(self, share: Share, pair: Pair, note: int, *, contradicts: bool) -> Tied:
        known = replace(share, count=pair.count, base=pair.base)
        claim = replace(self._share(known, self._running.main), kind=ClaimKind.REPEAT, note=note)
        if not claim.finding:
            return Tied(known, claim)
        if not contradicts:
            return Tied(share, replace(self._share(share, self._running.main), note=note))
        name, shown = self._phrases.note(note), self._phrases.decimal(pair.percent)
        said = self._phrases.decimal(share.percent)
        why = self._phrases.say(
            f"De tekst zegt {said}%, {name} zegt {shown}%.",
            f"The text says {said}%, {name} says {shown}%.",
        )
        hint = claim.explanation
        return Tied(
            known,
            replace(claim, verdict=Verdict.CONTRADICTION, explanation=f"{why} {hint}", rules=()),
        )

    def _loose(self, share: Share, paired: list[Pair], note: int) -> Tied:
        """A hedged percentage, or one the footnote does not speak of."""
        said = self._hedged(share.start, self._running.main)
        for pair in paired:
            value = 100 * pair.count / pair.base if pair.base else 0.0
            if said is not Hedge.EXACT and fits(said, float(share.percent), value):
                known = replace(share, count=pair.count, base=pair.base)
                claim = replace(self._share(known, self._running.main), note=note)
                return Tied(known, replace(claim, kind=ClaimKind.REPEAT))
        return Tied(share, replace(self._share(share, self._running.main), note=note))


def fractions(running: Running, language: Language, phrases: Phrases) -> Iterator[ReportedClaim]:
    """Every 'n of N' of the main text; more than all of them is impossible."""
    main = running.main
    for match in wording(language).fraction.finditer(main.text):
        count = numbers.whole(match["count"], language)
        base = numbers.whole(match["base"], language)
        text = main.text[match.start() : match.end()]
        claim = ReportedClaim(ClaimKind.SHARE, text, main.line(match.start()), Verdict.RIGHT)
        claim = replace(claim, count=count, base=base)
        if count > base:
            why = phrases.too_many(count, base)
            claim = replace(claim, verdict=Verdict.IMPOSSIBLE, explanation=why)
        yield claim


def _around(text: str, share: Share) -> str:
    """The words before a percentage, from the beginning of one, and the bracket it stands in."""
    begin = max(0, share.start - _AROUND)
    before = text[begin : share.start].rpartition("\n\n")[2]
    if begin and text[begin - 1].strip() and len(before) == share.start - begin:
        before = before.partition(" ")[2]
    closing = ")" if text.startswith(")", share.end) else ""
    return f"{before}{text[share.start : share.end]}{closing}".strip()


def _within(share: Share, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a share is part of a pair; `taken` are the pairs' places, in order."""
    index = bisect_right(taken, (share.start, share.end + 10**9)) - 1
    return index >= 0 and taken[index][0] <= share.start < taken[index][1]


def _same(share: Share, paired: Sequence[Pair]) -> Pair | None:
    return next((p for p in paired if p.percent == share.percent), None)


def _apart(share: Share, pair: Pair) -> float:
    return abs(float(share.percent) - float(pair.percent))
