"""All possible respondents of a study as clauses: each model of the solver is one respondent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import assert_never

from blikveld.kinds import AskedQuestion
from blikveld.rules import EVERYBODY, Rule, names
from blikveld.rules.terms import quotient_names, sides
from blikveld.rules.types import CalendarDate, DecimalNumber, ValueType
from blikveld.study.items import Check, Severity
from blikveld.study.labels import fold_text
from blikveld.study.model import (
    Coded,
    Computed,
    Derived,
    Question,
    Score,
    Study,
    VariableKind,
)
from blikveld.study.page_breaks import last_question, page_numbers
from blikveld.study.rule_literals import RuleLiterals, Truth
from blikveld.study.solver import FALSE, TRUE, Circuit, Solver
from blikveld.study.term_literals import Moment, TextLiterals, VariableLiterals
from blikveld.study.variables import number_rules
from blikveld.study.whole_numbers import Arithmetic, WholeNumber


class RespondentModel:
    """The clauses of a study, and the literals of its variables and rules.

    A text beside 'other, namely' can get any declared code, as before the fieldwork; with
    `known_texts` it is one of those in coding.csv, or one that nobody coded. With `guarded` a
    question's rule counts only where its literal in `guards` is assumed, so that a contradiction
    tells which rules it needs.
    """

    def __init__(
        self, solver: Solver, study: Study, *, known_texts: bool = False, guarded: bool = False
    ) -> None:
        self.solver, self.study = solver, study
        self.circuit = Circuit(solver)
        self.guards: dict[str, int] = {}
        self.texts: dict[str, Mapping[str, int]] = {}
        """The texts that a question can have got, with `known_texts`, each with its literal."""
        self._known_texts, self._guarded = known_texts, guarded
        self._words: dict[str, list[tuple[str, int]]] = {}
        """The words that rules compare a question's text with, each with its literal."""
        self._free_codes: dict[str, list[tuple[Coded, Mapping[str, int]]]] = {}
        self._variables: dict[str, VariableLiterals] = {}
        self.arithmetic = Arithmetic(self.circuit)
        self._made: dict[tuple[str, Moment], VariableLiterals] = {}
        self._rules = RuleLiterals(self.circuit, self._look, self._type_of)
        self._pages = page_numbers(study)
        self._add_system()
        self.gone = self._add_pages()
        """A literal a page, from the first: the respondent left before submitting it."""
        self.completed = -self.gone[-1]
        self._variables["completed"] = VariableLiterals(TRUE, flag=self.completed)
        for question in study.questions.values():
            self._add_question(question)
        for check in study.checks:
            if check.severity is Severity.HARD:
                self._add_check(check)

    def variable(self, name: str) -> VariableLiterals:
        """Return the literals of a variable. Coded and derived ones are made when first needed."""
        return self._look(name, Moment.AFTERWARDS)

    def _look(self, name: str, moment: Moment) -> VariableLiterals:
        """A variable as a rule sees it at a moment: what is made from rules looks when they do."""
        if name in self._variables:
            return self._variables[name]
        if (name, moment) not in self._made:
            self._made[name, moment] = self._make(name, moment)
        return self._made[name, moment]

    def truth(self, rule: Rule, moment: Moment = Moment.AFTERWARDS) -> Truth:
        """Return the literals 'the rule is true' and 'the rule is false'."""
        return self._rules.truth(rule, moment)

    def _type_of(self, name: str) -> ValueType:
        return self.study.variables[name].rule_type

    def _add_system(self) -> None:
        for name in self.study.known_before:
            codes = {c.code: self.solver.new_literal() for c in self.study.variables[name].codes}
            self.solver.add(*codes.values())
            self.circuit.at_most_one(tuple(codes.values()))
            self._variables[name] = VariableLiterals(TRUE, codes=codes)

    def _add_pages(self) -> list[int]:
        number = max(self._pages.values(), default=1)
        gone = [self.solver.new_literal() for _ in range(number)]
        for earlier, later in pairwise(gone):
            # Who left a page behind stays away.
            self.solver.add(-earlier, later)
        return gone

    # Questions

    def _add_question(self, question: Question) -> None:
        if self._guarded:
            self.guards[question.key] = self.solver.new_literal()
        asked = self._under_guard(question, self.truth(question.ask_if, Moment.FILLING_IN)[0])
        places = self._places(question)
        codes = self._offered(question, places)
        answered = self.circuit.some(codes.values()) if codes else self.solver.new_literal()
        gone = self.gone[self._pages[question.key] - 1]
        self.solver.add(-answered, asked)
        if question.required:
            self.solver.add(-asked, gone, answered)
        self._add_limits(question, codes)
        certainly, lost = self._lost(question, self.circuit.every((gone, -answered)))
        is_text = question.variable_kind is VariableKind.TEXT
        text = self._text(question.key, question, answered) if is_text else None
        variable = VariableLiterals(answered, asked, lost, certainly, codes, text=text)
        variable = replace(variable, ranks=self._ranks(places), places=places)
        self._variables[question.key] = self._with_value(question, variable)
        for rule in number_rules(question):
            self.solver.add(-answered, self.truth(rule)[0])
        for code, key in question.box_keys.items():
            box = codes[code]
            blank = self.circuit.every((asked, -answered))
            box_asked = self.circuit.some((box, blank))
            text = self._text(key, question, box)
            self._variables[key] = VariableLiterals(box, box_asked, lost, text=text)

    def _add_check(self, check: Check) -> None:
        """Who sent in the page of the last question that a check looks at, passed the check."""
        last = last_question(self.study, check.rule)
        if last is not None:
            false = self.truth(check.rule, Moment.FILLING_IN)[1]
            gone = self.gone[self._pages[last.key] - 1]
            self.solver.add(gone, -self._variables[last.key].asked, -false)

    def _with_value(self, question: Question, variable: VariableLiterals) -> VariableLiterals:
        """With the number or day that is answered, and whether the answer is none."""
        if question.kind.specials():
            variable = replace(variable, special=self.solver.new_literal())
            self.solver.add(-variable.special, variable.answered)
        match question.kind.limits:
            case DecimalNumber() as limits:
                return replace(variable, value=self.arithmetic.free_number(*whole_limits(limits)))
            case CalendarDate(first, last):
                days = first or date(1900, 1, 1), last or date(2100, 12, 31)
                return replace(variable, day=self.arithmetic.free_day(*days))
            case None:
                return variable
            case _:
                assert_never(question.kind.limits)

    def _text(self, name: str, question: Question, answered: int) -> TextLiterals:
        """The literals of a text; a word in coding.csv is coded as that says."""

        def coded_as(word: str, literal: int) -> None:
            if self._known_texts and any(c.source == question.key for c in self.study.coded):
                same = alike(self.study, question.key, word)
                for text, at in self._texts_of(question.key, self.variable(name).answered).items():
                    self.solver.add(-literal, at if text == same else -at)
            self._words.setdefault(question.key, []).append((word, literal))
            for coded, codes in self._free_codes.get(question.key, ()):
                self._tie(coded, codes, word, literal)

        return TextLiterals(self.arithmetic, self.solver, answered, coded_as)

    def _tie(self, coded: Coded, codes: Mapping[str, int], word: str, literal: int) -> None:
        code = coded.texts.get(fold_text(word))
        if code is not None:
            self.solver.add(-literal, codes[code])

    def _under_guard(self, question: Question, literal: int) -> int:
        """The literal itself, or one that is only tied to it where the guard is assumed."""
        if not self._guarded:
            return literal
        guard, tied = self.guards[question.key], self.solver.new_literal()
        self.solver.add(-guard, -tied, literal)
        self.solver.add(-guard, tied, -literal)
        return tied

    def _places(self, question: Question) -> dict[str, tuple[int, ...]]:
        """Of a ranking a literal for each option at each place; each place holds one of them."""
        if question.variable_kind is not VariableKind.RANKING:
            return {}
        number = len(question.kind.controls(AskedQuestion(question.key, question.options)))
        places = {
            option.code: tuple(self.solver.new_literal() for _ in range(number))
            for option in question.options
        }
        for options in (*places.values(), *zip(*places.values(), strict=True)):
            self.circuit.at_most_one(tuple(options))
        ranked = self.circuit.some(at for option in places.values() for at in option)
        for place in zip(*places.values(), strict=True):
            self.solver.add(-ranked, *place)
        return places

    def _ranks(self, places: Mapping[str, Sequence[int]]) -> dict[str, WholeNumber]:
        """The place of each option; one that is not ranked stands below every place."""
        return {
            code: self.arithmetic.chosen(
                [
                    *((place, at) for place, at in enumerate(literals, start=1)),
                    (len(places) + 2, -self.circuit.some(literals)),
                ]
            )
            for code, literals in places.items()
        }

    def _offered(self, question: Question, places: Mapping[str, Sequence[int]]) -> dict[str, int]:
        if places:
            return {code: self.circuit.some(literals) for code, literals in places.items()}
        found: dict[str, int] = {}
        if question.site_list is not None:
            sites = self._variables[self.study.sites.name].codes
            for site in self.study.sites:
                for local in site.options(question.site_list):
                    found[local.code] = self.solver.new_literal()
                    self.solver.add(-found[local.code], sites[site.key])
        found |= {option.code: self.solver.new_literal() for option in question.options}
        for option in question.options:
            if option.show_if is not EVERYBODY:
                shown = self.truth(option.show_if, Moment.FILLING_IN)[0]
                self.solver.add(-found[option.code], shown)
        return found

    def _add_limits(self, question: Question, codes: Mapping[str, int]) -> None:
        if question.variable_kind is VariableKind.SINGLE:
            self.circuit.at_most_one(tuple(codes.values()))
        for option in question.options if question.variable_kind is VariableKind.MULTIPLE else ():
            for other in codes if option.exclusive else ():
                if other != option.code:
                    self.solver.add(-codes[option.code], -codes[other])

    def _lost(self, question: Question, blank_after_leaving: int) -> tuple[int, int]:
        """The literals 'would certainly have been asked' and 'would, or nobody can know'."""
        true, false = self.truth(question.ask_if, Moment.BREAKING_OFF)
        rests = sorted(self.study.rests_on(question.ask_if) & self._variables.keys())
        before = self.circuit.some(self._variables[name].lost for name in rests)
        every = self.circuit.every
        certainly = every((blank_after_leaving, self._under_guard(question, true)))
        unknown = self._under_guard(question, every((-true, -false, before)))
        return certainly, self.circuit.some((certainly, every((blank_after_leaving, unknown))))

    # Variables that are made

    def _make(self, name: str, moment: Moment) -> VariableLiterals:
        recipe = self.study.recipes[name]
        match recipe:
            case Coded():
                return self._code(recipe)
            case Derived():
                return self._derive(recipe, moment)
            case Score():
                return self._score(recipe, moment)
            case Computed():
                return self._compute(recipe, moment)
            case _:
                assert_never(recipe)

    def _code(self, coded: Coded) -> VariableLiterals:
        source = self.variable(coded.source)
        has_text = self._has_text(coded.source)
        codes = dict(self._text_codes(coded, has_text))
        without = self.circuit.every((source.answered, *(-at for at in codes.values())))
        for answer, code in coded.map.items():
            mapped = self.circuit.every((without, source.codes.get(answer, FALSE)))
            codes[code] = self.circuit.some((codes[code], mapped))
        if coded.default is not None:
            rest = self.circuit.every((source.answered, *(-at for at in codes.values())))
            codes[coded.default] = self.circuit.some((codes[coded.default], rest))
        answered = self.circuit.some(codes.values())
        applies = self.circuit.some((answered, has_text, -source.answered))
        return VariableLiterals(answered, self._applies(source, applies), codes=codes)

    def _applies(self, source: VariableLiterals, applies: int) -> int:
        """Asked in the record: the source was, and there was something to make a value of."""
        return self.circuit.every((self.circuit.some((source.asked, source.lost)), applies))

    def _has_text(self, source: str) -> int:
        question = self.study.questions.get(source)
        if question is None:
            return FALSE
        if question.variable_kind is VariableKind.TEXT:
            return self.variable(source).answered
        return self.circuit.some(self.variable(key).answered for key in question.other_keys)

    def _text_codes(self, coded: Coded, has_text: int) -> Iterator[tuple[str, int]]:
        """For each code of the variable the literal that a text was coded so."""
        if self._known_texts:
            texts = self._texts_of(coded.source, has_text)
            for code in coded.codes:
                same = (at for text, at in texts.items() if coded.texts.get(text) == code.code)
                yield code.code, self.circuit.some(same)
            return
        free = [FALSE if has_text == FALSE else self.solver.new_literal() for _ in coded.codes]
        self.circuit.at_most_one(free)
        codes = {code.code: literal for code, literal in zip(coded.codes, free, strict=True)}
        for literal in free:
            self.solver.add(-literal, has_text)
        self._free_codes.setdefault(coded.source, []).append((coded, codes))
        for word, literal in self._words.get(coded.source, ()):
            self._tie(coded, codes, word, literal)
        yield from codes.items()

    def _texts_of(self, source: str, has_text: int) -> Mapping[str, int]:
        if has_text == FALSE:
            return {}
        if source not in self.texts:
            texts = texts_to_code(self.study, source)
            literals = {text: self.solver.new_literal() for text in texts}
            self.circuit.at_most_one(tuple(literals.values()))
            for literal in literals.values():
                self.solver.add(-literal, has_text)
            self.texts[source] = literals
        return self.texts[source]

    def _derive(self, derived: Derived, moment: Moment) -> VariableLiterals:
        codes: dict[str, int] = {}
        earlier: list[int] = []
        for case in derived.cases:
            true = self.truth(case.when, moment)[0]
            codes[case.code] = self.circuit.every((true, *(-at for at in earlier)))
            earlier.append(true)
        answered = self.circuit.some(earlier)
        looked_at = sorted({name for case in derived.cases for name in names(case.when)})
        # Without a case it is missing as its sources are, and so asked where one of those was.
        waits = self.circuit.some(self._waits(self._look(name, moment)) for name in looked_at)
        return VariableLiterals(answered, self.circuit.some((answered, waits)), codes=codes)

    def _waits(self, source: VariableLiterals) -> int:
        """Asked in the record, and without an answer."""
        asked = self.circuit.some((source.asked, source.lost))
        return self.circuit.every((asked, -source.answered))

    def _score(self, score: Score, moment: Moment) -> VariableLiterals:
        source = self._look(score.source, moment)
        numbers = [(number, source.codes[code]) for code, number in score.values.items()]
        answered = self.circuit.some(literal for _, literal in numbers)
        return VariableLiterals(answered, self._applies(source, TRUE), numbers=numbers)

    def _compute(self, computed: Computed, moment: Moment) -> VariableLiterals:
        """A number within its limits; which one a quotient gives is not looked into."""
        known = [self._rules.terms.known(side, moment) for side in sides(computed.compute)]
        if computed.compute.divisor is not None:
            known.append(-self._rules.terms.is_nought(computed.compute.divisor, moment))
        limits = computed.limits
        least, most = whole_limits(limits)
        names_ = sorted(quotient_names(computed.compute))
        answered = self.circuit.every(known)
        waits = self.circuit.some(self._waits(self._look(name, moment)) for name in names_)
        asked = self.circuit.some((answered, waits, *(self._look(n, moment).asked for n in names_)))
        value = self.arithmetic.free_number(least, most)
        return VariableLiterals(answered, asked, value=value)


def alike(study: Study, source: str, word: str) -> str | None:
    """The text among `texts_to_code` that is coded as this word; None where nobody codes it."""
    coders = [coded for coded in study.coded if coded.source == source]
    codes = tuple(coder.texts.get(fold_text(word)) for coder in coders)
    found = texts_to_code(study, source) if any(codes) else ()
    return next((t for t in found if tuple(c.texts.get(t) for c in coders) == codes), None)


def whole_limits(limits: DecimalNumber) -> tuple[int, int]:
    """Return the limits of a number in units of its last decimal; far ones where there are none."""
    far = 10**15
    least, most = (
        far * sign if limit is None else int(limit.scaleb(limits.decimals or 0))
        for limit, sign in ((limits.least, -1), (limits.most, 1))
    )
    return min(least, most), max(least, most)


def texts_to_code(study: Study, source: str) -> tuple[str, ...]:
    """Return one folded text of coding.csv for each way in which a source's texts are coded."""
    coders = [coded for coded in study.coded if coded.source == source]
    kinds: dict[tuple[str | None, ...], str] = {}
    for coded in coders:
        for text in coded.texts:
            kinds.setdefault(tuple(coder.texts.get(text) for coder in coders), text)
    return tuple(kinds.values())
