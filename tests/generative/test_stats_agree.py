"""Made-up samples: sums per stratum give what the respondents themselves give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from blikveld.errors import UnusableData
from blikveld.stats import microdata
from blikveld.stats.design import Codes, Floats, LonelyPsu, StratifiedDesign, WeightedCounts
from blikveld.stats.hypothesis_tests import Correction, adjust_p, chi_square
from blikveld.stats.microdata import SurveyDesign
from blikveld.stats.proportions import scores, shares, wilson
from blikveld.stats.raking import Margin, means_raked, rake, scores_raked
from blikveld.stats.rao_scott import rao_scott, rao_scott_rows
from blikveld.stats.resampling import leave_out_strata, replicate_shares

Found = TypeVar("Found")
patient = settings(deadline=None)


@dataclass(frozen=True)
class Sample:
    strata: Codes
    weights: Floats
    one: Codes
    two: Codes

    @property
    def design(self) -> SurveyDesign:
        return SurveyDesign(self.strata, self.weights, lonely=LonelyPsu.ADJUST, size=3)

    def tally(self, *codes: Codes) -> WeightedCounts:
        """As a cube would hold it: strata by four codes each; whoever misses one is left out."""
        shape = (3, *[4] * len(codes))
        known = np.min([self.strata, *codes], axis=0) >= 0
        place = np.ravel_multi_index([code[known] for code in (self.strata, *codes)], shape)
        w = self.weights[known]
        sums = (np.bincount(place, x, int(np.prod(shape))) for x in (np.ones(len(w)), w, w**2))
        return WeightedCounts(*(x.reshape(shape) for x in sums))

    def wide(self, combinations: int) -> WeightedCounts:
        """Strata by `one`, which has many codes, by `two`."""
        shape, place = (3, combinations, 4), (self.strata, self.one, self.two)
        w, cells = self.weights, [np.zeros(shape) for _ in range(3)]
        for cell, x in zip(cells, (np.ones(len(w)), w, w**2), strict=True):
            np.add.at(cell, place, x)
        return WeightedCounts(*cells)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    size = draw(st.integers(4, 40))
    codes = arrays(np.int64, size, elements=st.integers(-1, 3))
    strata = arrays(np.int64, size, elements=st.integers(0, 2))
    weights = arrays(np.float64, size, elements=st.sampled_from([0.0, 0.5, 1.0, 1.0, 3.7]))
    return Sample(draw(strata), draw(weights), draw(codes), draw(codes))


def last(cells: WeightedCounts) -> WeightedCounts:
    return WeightedCounts(*(x.sum(-1, keepdims=True) for x in (cells.n, cells.w, cells.w2)))


def tried(run: Callable[[], Found], *codes: str) -> Found | None:
    """What it gives, or None when it is refused: with one of these codes, if any are given."""
    try:
        return run()
    except UnusableData as refused:
        if codes and refused.code not in codes:
            raise
        return None


@patient
@given(samples())
def test_shares_by_domain(sample: Sample) -> None:
    cells = sample.tally(sample.one, sample.two)
    ours = shares(cells, last(cells), sample.design.frame)
    for domain in range(4):
        inside = np.where(sample.one == domain, sample.two, -1)
        if not sample.weights[inside >= 0].sum():
            assert np.isnan(ours.value[domain]).all()
            continue
        plain = microdata.category_shares(sample.design, inside, 4).estimates
        np.testing.assert_allclose(ours.value[domain], plain.value, atol=1e-12)
        np.testing.assert_allclose(ours.se[domain], plain.se, atol=1e-7)
        np.testing.assert_allclose(ours.effective[domain], plain.effective)


@patient
@given(samples())
def test_scores(sample: Sample) -> None:
    assume(sample.weights[sample.one >= 0].sum() > 0)
    values = np.array([1.0, 2.5, 3.0, 10.0])
    answers = np.where(sample.one >= 0, values[sample.one], np.nan)
    ours = scores(sample.tally(sample.one), values, sample.design.frame)
    plain = microdata.means(sample.design, answers).estimates
    np.testing.assert_allclose(ours.value, plain.value[0])
    np.testing.assert_allclose(ours.se, plain.se[0], atol=1e-7)


@patient
@given(samples())
def test_without_each_stratum(sample: Sample) -> None:
    cells = sample.tally(sample.one)
    ours = leave_out_strata(cells, last(cells))
    for stratum in range(3):
        kept = (sample.strata != stratum) & (sample.one >= 0)
        whole = sample.weights[kept].sum()
        if whole:
            plain = np.bincount(sample.one[kept], sample.weights[kept], minlength=4) / whole
            np.testing.assert_allclose(ours.without[stratum], plain, atol=1e-12)
        else:
            assert np.isnan(ours.without[stratum]).all()


@patient
@given(samples())
def test_tests_of_independence(sample: Sample) -> None:
    ours = tried(lambda: rao_scott(sample.tally(sample.one, sample.two), sample.design.frame))
    plain = tried(lambda: rao_scott_rows(sample.design, sample.one, sample.two, (4, 4)))
    assert (ours is None) == (plain is None)
    if ours and plain:
        np.testing.assert_allclose(
            [ours.statistic, ours.df, ours.p], [plain.statistic, plain.df, plain.p], rtol=1e-6
        )


@patient
@given(arrays(np.int64, (3, 2), elements=st.integers(1, 60)))
def test_the_design_test_of_a_simple_random_sample_is_nearly_pearsons(
    table: np.ndarray,
) -> None:
    n = table.sum()
    found = rao_scott(WeightedCounts.of_counts(table[None]), StratifiedDesign(np.array([float(n)])))
    np.testing.assert_allclose(found.effect, n / (n - 1), rtol=1e-6)
    pearson = chi_square(table).statistic
    expected = pearson * (n - 1) / n
    np.testing.assert_allclose(found.statistic * found.df, expected, rtol=1e-6, atol=1e-12)


@patient
@given(samples(), arrays(np.float64, (2, 4), elements=st.floats(0.1, 10)))
def test_raked_weights_meet_their_margins_or_are_refused(sample: Sample, wanted: Floats) -> None:
    targets = wanted / wanted.sum(1, keepdims=True)
    codes = (np.maximum(sample.one, 0), np.maximum(sample.two, 0))
    margins = [Margin(str(k), code, targets[k]) for k, code in enumerate(codes)]
    found = tried(lambda: rake(margins, sample.weights), "level-empty", "margins-unreachable")
    if found is None:
        return
    for code, target in zip(codes, targets, strict=True):
        np.testing.assert_allclose(np.bincount(code, found.weights, 4), target, rtol=1e-8)
    assert (found.weights[sample.weights == 0] == 0).all()


@patient
@given(samples(), arrays(np.float64, (2, 4), elements=st.floats(0.1, 10)))
def test_raked_scores_from_a_tally(sample: Sample, wanted: Floats) -> None:
    codes = (np.maximum(sample.one, 0), np.maximum(sample.two, 0))
    occurring = [np.bincount(code, minlength=4) > 0 for code in codes]
    targets = [np.where(here, row, 0.0) for here, row in zip(occurring, wanted, strict=True)]
    margins = [Margin(str(k), codes[k], row / row.sum()) for k, row in enumerate(targets)]
    raked = tried(lambda: rake(margins), "margins-unreachable")
    if raked is None:
        return
    answer = np.arange(len(sample.strata)) % 4
    values = np.array([[1.0, np.nan], [2.0, 1.0], [5.0, 0.0], [np.nan, 0.0]])
    design = SurveyDesign(sample.strata, raked.weights, lonely=LonelyPsu.ADJUST, size=3)
    plain = means_raked(design, margins, values[answer]).estimates
    weighted = Sample(sample.strata, raked.weights, codes[0] * 4 + codes[1], answer)
    levels = [np.arange(16) // 4, np.arange(16) % 4]
    ours = scores_raked(weighted.wide(16), values, levels, design.frame)
    np.testing.assert_allclose(ours.value, plain.value)
    np.testing.assert_allclose(ours.se, plain.se, atol=1e-7)
    np.testing.assert_allclose(ours.effective, plain.effective)


@patient
@given(arrays(np.float64, st.integers(1, 20), elements=st.floats(0, 1)))
def test_corrected_p_values_keep_their_order_and_grow(p: Floats) -> None:
    for correction in (Correction.HOLM, Correction.BENJAMINI_HOCHBERG):
        found = adjust_p(p, correction).p
        assert (found >= p).all()
        assert (found <= 1).all()
        assert (np.diff(found[np.argsort(p, kind="stable")]) >= 0).all()
    assert (
        adjust_p(p, Correction.HOLM).p >= adjust_p(p, Correction.BENJAMINI_HOCHBERG).p - 1e-15
    ).all()


@patient
@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_holds_the_share_and_stays_within_bounds(count: int, more: int) -> None:
    n = count + more
    low, high = wilson(np.array([float(count)]), np.array([float(n)]))
    assert 0 <= low[0] <= count / n <= high[0] <= 1


def test_replicates_vary_as_the_formula_says() -> None:
    rng = np.random.default_rng(4)
    n = rng.integers(2, 40, (5, 3)).astype(np.float64)
    cells = WeightedCounts(n, n * 1.5, n * 3.0)
    for population in (None, n.sum(1) * 1.25):
        frame = StratifiedDesign(n.sum(1) + 5, None if population is None else population + 5)
        formula = shares(cells, last(cells), frame)
        drawn = replicate_shares(cells, frame, replicates=20_000)
        np.testing.assert_allclose(drawn.mean(0), formula.value, atol=2e-3)
        np.testing.assert_allclose(drawn.std(0, ddof=1), formula.se, rtol=0.03)
