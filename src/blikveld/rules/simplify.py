"""A rule in its plainest form: nots at the leaves, no brackets that change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from blikveld.rules.nodes import (
    And,
    Atom,
    Compare,
    CompareRank,
    CompareTerms,
    ComparisonOperator,
    Constant,
    CountChosen,
    CountTrue,
    IsTrue,
    Not,
    OneOf,
    Or,
    Rule,
)

_OPPOSITES = {
    ComparisonOperator.EQUAL: ComparisonOperator.NOT_EQUAL,
    ComparisonOperator.NOT_EQUAL: ComparisonOperator.EQUAL,
    ComparisonOperator.LESS: ComparisonOperator.AT_LEAST,
    ComparisonOperator.AT_LEAST: ComparisonOperator.LESS,
    ComparisonOperator.MORE: ComparisonOperator.AT_MOST,
    ComparisonOperator.AT_MOST: ComparisonOperator.MORE,
}


def plain(rule: Rule) -> Rule:
    """The same truth for everybody, unknown included, said in fewer words.

    `not` stands only before a leaf that has no opposite of its own; an And holds no And, an Or no
    Or; neither holds a constant or a part twice. A part that cannot change the truth is left
    out, even if it names what does not exist: check a rule before, not after.
    """
    return _plain(rule, negated=False)


def _plain(rule: Rule, *, negated: bool) -> Rule:
    match rule:
        case Constant(value):
            return Constant(value is not negated)
        case Not(part):
            return _plain(part, negated=not negated)
        case And(parts) | Or(parts):
            inner = tuple(_plain(part, negated=negated) for part in parts)
            # The opposite of 'all of these' is 'one of these is not', also where one is unknown.
            return _all(inner) if isinstance(rule, And) is not negated else _any(inner)
        case _:
            inside = _inside(rule)
            return _opposite(inside) if negated else inside


def _inside(rule: Atom) -> Atom:
    match rule:
        case CountTrue(rules, operator, number):
            return CountTrue(tuple(plain(part) for part in rules), operator, number)
        case IsTrue(part):
            return IsTrue(plain(part))
        case _:
            return rule


def _opposite(rule: Atom) -> Rule:
    match rule:
        case Compare(name, operator, wanted):
            return Compare(name, _OPPOSITES[operator], wanted)
        case CountChosen(name, operator, number):
            return CountChosen(name, _OPPOSITES[operator], number)
        case CompareRank(name, option, operator, number):
            return CompareRank(name, option, _OPPOSITES[operator], number)
        case CompareTerms(left, operator, right):
            return CompareTerms(left, _OPPOSITES[operator], right)
        case CountTrue(rules, operator, number):
            return CountTrue(rules, _OPPOSITES[operator], number)
        case _:
            return Not(rule)


def _all(parts: tuple[Rule, ...]) -> Rule:
    flat = _flat(And, parts)
    if Constant(False) in flat:
        return Constant(False)
    left = _merged((part for part in flat if part != Constant(True)), denied=True)
    return And(left) if len(left) > 1 else next(iter(left), Constant(True))


def _any(parts: tuple[Rule, ...]) -> Rule:
    flat = _flat(Or, parts)
    if Constant(True) in flat:
        return Constant(True)
    left = _merged((part for part in flat if part != Constant(False)), denied=False)
    return Or(left) if len(left) > 1 else next(iter(left), Constant(False))


def _merged(parts: Iterable[Rule], *, denied: bool) -> tuple[Rule, ...]:
    """Parts in which the codes of one variable stand together, at its first place.

    'This or that' is one of both; with `denied` 'not this and not that' is none of both.
    """
    found = [(part, _codes(part, denied=denied)) for part in parts]
    codes: dict[str, tuple[str, ...]] = {}
    for _, named in found:
        if named is not None:
            codes[named[0]] = codes.get(named[0], ()) + named[1]
    merged = (_one_of(named[0], codes, denied=denied) if named else p for p, named in found)
    return tuple(dict.fromkeys(merged))


def _codes(rule: Rule, *, denied: bool) -> tuple[str, tuple[str, ...]] | None:
    """The variable and codes of a part that can be merged with others of the same variable."""
    same = ComparisonOperator.NOT_EQUAL if denied else ComparisonOperator.EQUAL
    match rule:
        case Compare(name, operator, str() as code) if operator is same:
            return name, (code,)
        case Not(OneOf(name, values)) if denied and values:
            return name, values
        case OneOf(name, values) if not denied and values:
            return name, values
    return None


def _one_of(name: str, codes: Mapping[str, tuple[str, ...]], *, denied: bool) -> Rule:
    unique = tuple(dict.fromkeys(codes[name]))
    if len(unique) == 1:
        return Compare(
            name, ComparisonOperator.NOT_EQUAL if denied else ComparisonOperator.EQUAL, unique[0]
        )
    return Not(OneOf(name, unique)) if denied else OneOf(name, unique)


def _flat(kind: type[And] | type[Or], parts: tuple[Rule, ...]) -> tuple[Rule, ...]:
    def each() -> Iterator[Rule]:
        for part in parts:
            if isinstance(part, kind):
                yield from part.parts
            else:
                yield part

    return tuple(dict.fromkeys(each()))
