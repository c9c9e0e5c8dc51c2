"""Numbers that cannot carry an estimate are refused with a reason, or are what is documented."""

from __future__ import annotations

import numpy as np
import pytest

from blikveld.errors import UnusableData
from blikveld.stats import microdata
from blikveld.stats.design import Floats, LonelyPsu, StratifiedDesign, WeightedCounts, kish
from blikveld.stats.hypothesis_tests import (
    Correction,
    Method,
    adjust_p,
    association,
    chi_square,
    chi_square_simulated,
    cohens_d_paired,
    cohens_h,
    cramers_v,
    fisher,
    phi,
    t_mean,
    t_paired,
)
from blikveld.stats.microdata import SurveyDesign
from blikveld.stats.proportions import (
    Estimates,
    deff,
    difference,
    korn_graubard,
    logit,
    newcombe,
    scores,
    shares,
    totals,
    wald,
    wilson,
    wilson_design,
)
from blikveld.stats.rao_scott import rao_scott, rao_scott_rows
from blikveld.stats.resampling import (
    compare_against,
    leave_out_scores,
    leave_out_strata,
    move_share,
    replicate_shares,
)


def counts(*strata: object) -> WeightedCounts:
    return WeightedCounts.of_counts(np.array(strata))


def frame(*sampled: float, lonely: LonelyPsu = LonelyPsu.FAIL) -> StratifiedDesign:
    return StratifiedDesign(np.array(sampled, dtype=np.float64), lonely=lonely)


def estimate(value: float, se: float, n: float = 100.0, df: float = 99.0) -> Estimates:
    return Estimates(np.array(value), np.array(se), np.array(n), np.array(n), df)


class TestNobody:
    def test_a_base_without_anybody_has_no_share(self) -> None:
        found = shares(counts([0, 2], [0, 3]), counts([0, 5], [0, 5]), frame(5, 5))
        assert np.isnan(found.value).tolist() == [True, False]
        assert np.isnan(found.se).tolist() == [True, False]
        assert found.n.tolist() == [0, 10]

    def test_all_answers_missing_is_refused_from_rows(self) -> None:
        with pytest.raises(UnusableData, match="Nobody with a weight"):
            microdata.means(SurveyDesign.simple(3), np.full(3, np.nan))

    def test_all_answers_missing_has_no_mean_score(self) -> None:
        found = scores(counts([2, 3]), np.full(2, np.nan), frame(5))
        assert np.isnan(found.value)
        assert np.isnan(found.se)

    def test_a_total_of_nobody_is_nought(self) -> None:
        found = totals(counts([0], [0]), frame(4, 4))
        assert (found.value.item(), found.se.item()) == (0.0, 0.0)

    def test_no_respondents_at_all(self) -> None:
        found = shares(counts([0]), counts([0]), frame(0))
        assert np.isnan(found.value.item())

    @pytest.mark.parametrize("function", [wald, wilson_design, logit])
    def test_no_interval_of_no_share(self, function: object) -> None:
        assert np.isnan(function(estimate(np.nan, np.nan))).all()  # type: ignore[operator]

    def test_wilson_of_nobody(self) -> None:
        assert np.isnan(wilson(np.array([0.0]), np.array([0.0]))).all()

    def test_an_empty_table_has_no_test(self) -> None:
        with pytest.raises(UnusableData, match="two rows and two columns"):
            chi_square(np.zeros((3, 3), dtype=np.int64))
        with pytest.raises(UnusableData, match="two rows or two columns"):
            rao_scott(WeightedCounts.of_counts(np.zeros((2, 3, 3), dtype=np.int64)), frame(4, 4))


class TestAStratumWithoutRespondents:
    def test_changes_nothing(self) -> None:
        with_it = shares(counts([2], [0], [3]), counts([4], [0], [9]), frame(6, 0, 9))
        without = shares(counts([2], [3]), counts([4], [9]), frame(6, 9))
        assert with_it == without

    def test_has_no_influence(self) -> None:
        found = leave_out_strata(counts(2, 0, 3), counts(4, 0, 9))
        assert found.shift[1] == 0

    def test_is_not_drawn(self) -> None:
        found = replicate_shares(counts([2, 4], [0, 0]), frame(6, 0), replicates=10)
        assert np.isfinite(found).all()


class TestAStratumOfOne:
    part, base = counts([1], [3]), counts([1], [6])

    def test_is_refused_with_its_number(self) -> None:
        with pytest.raises(UnusableData, match="stratum 0: It has one unit"):
            shares(self.part, self.base, frame(1, 6))

    def test_may_be_in_the_sample_when_outside_the_base(self) -> None:
        found = shares(counts([0], [3]), counts([0], [6]), frame(1, 6))
        assert found.se > 0

    def test_choices_differ_as_they_should(self) -> None:
        certain, average, centre = (
            shares(self.part, self.base, frame(1, 6, lonely=choice)).se.item()
            for choice in (LonelyPsu.CERTAINTY, LonelyPsu.AVERAGE, LonelyPsu.ADJUST)
        )
        assert certain < centre
        assert average == pytest.approx(certain * np.sqrt(2))

    def test_of_a_population_of_one_is_certain(self) -> None:
        census = StratifiedDesign(np.array([1.0, 6.0]), np.array([1.0, 60.0]))
        assert shares(self.part, self.base, census).se > 0

    def test_average_of_nothing_is_refused(self) -> None:
        with pytest.raises(UnusableData, match="stratum 0, 1"):
            shares(counts([1], [0]), counts([1], [1]), frame(1, 1, lonely=LonelyPsu.AVERAGE))

    def test_cannot_be_drawn_anew(self) -> None:
        with pytest.raises(UnusableData, match="cannot be drawn in another way"):
            replicate_shares(counts([1, 0], [2, 2]), frame(1, 4))
        certain = frame(1, 4, lonely=LonelyPsu.CERTAINTY)
        assert np.isfinite(replicate_shares(counts([1, 0], [2, 2]), certain)).all()


class TestAGroupOfOne:
    def test_has_a_share_of_all_or_nothing_and_a_wide_interval(self) -> None:
        found = shares(counts([1]), counts([1]), frame(50))
        low, high = wilson_design(found)
        assert found.value.item() == 1
        assert low.item() < 0.25
        assert high.item() == 1

    def test_everybody_agrees(self) -> None:
        found = shares(counts([20]), counts([20]), frame(20))
        assert found.se.item() == 0
        assert np.isnan(logit(found)).all()
        assert wilson_design(found)[0].item() == pytest.approx(0.8203, abs=1e-4)
        assert korn_graubard(found, 20)[1].item() == 1
        with pytest.raises(UnusableData, match="standard error is 0"):
            t_mean(found)

    def test_one_pair_is_no_test(self) -> None:
        for function in (t_paired, cohens_d_paired):
            with pytest.raises(UnusableData, match="two people with both scores"):
                function(np.array([1.0, np.nan]), np.array([2.0, 1.0]))

    def test_one_respondent_leaves_no_interval(self) -> None:
        with pytest.raises(UnusableData, match="no degree of freedom"):
            wald(estimate(0.5, 0.1, df=0))


class TestWeights:
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
    def test_unusable_ones_are_refused_with_the_respondent(self, bad: float) -> None:
        with pytest.raises(UnusableData, match="respondent 1"):
            SurveyDesign(np.zeros(2, dtype=np.int64), np.array([1.0, bad]))

    def test_all_of_nought_is_nobody(self) -> None:
        with pytest.raises(UnusableData, match="Nobody with a weight"):
            microdata.means(SurveyDesign(np.zeros(2, dtype=np.int64), np.zeros(2)), np.ones(2))
        nothing = WeightedCounts(np.ones((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)))
        assert np.isnan(shares(nothing, nothing, frame(1, lonely=LonelyPsu.CERTAINTY)).value)
        assert np.isnan(kish(nothing))

    def test_some_of_nought_cost_precision(self) -> None:
        tally = WeightedCounts(np.array([10.0]), np.array([5.0]), np.array([5.0]))
        assert kish(tally).item() == 2.0

    def test_doubled_ones_change_no_share(self) -> None:
        part, base = counts([3], [1]), counts([9], [4])
        twice = [WeightedCounts(t.n, t.w * 2, t.w2 * 4) for t in (part, base)]
        once, doubled = (shares(*pair, frame(9, 4)) for pair in ((part, base), twice))
        assert doubled.value == once.value
        assert doubled.se == pytest.approx(once.se)


class TestDesigns:
    def test_more_drawn_than_there_are(self) -> None:
        with pytest.raises(UnusableData, match="stratum 1: 5 units were drawn of 4"):
            StratifiedDesign(np.array([3.0, 5.0]), np.array([9.0, 4.0]))

    def test_a_missing_count(self) -> None:
        with pytest.raises(UnusableData, match="sampled units"):
            StratifiedDesign(np.array([3.0, np.nan]))

    def test_a_census_has_no_error(self) -> None:
        census = StratifiedDesign(np.array([9.0]), np.array([9.0]))
        assert shares(counts([3]), counts([9]), census).se.item() == 0

    def test_a_respondent_without_a_stratum(self) -> None:
        with pytest.raises(UnusableData, match="respondent 1: It has no stratum"):
            SurveyDesign(np.array([0, -1]), np.ones(2))

    def test_a_cluster_in_two_strata(self) -> None:
        design = SurveyDesign(np.array([0, 1]), np.ones(2), np.array([7, 7]))
        with pytest.raises(UnusableData, match="cluster 7"):
            microdata.means(design, np.ones(2))

    def test_one_cluster_a_stratum(self) -> None:
        design = SurveyDesign(np.array([0, 0, 1, 1]), np.ones(4), np.array([1, 1, 2, 3]))
        with pytest.raises(UnusableData, match="stratum 0: It has one unit"):
            microdata.means(design, np.array([1.0, 2.0, 3.0, 5.0]))

    def test_a_part_beyond_its_base(self) -> None:
        with pytest.raises(UnusableData, match="More people are in a part"):
            shares(counts([5]), counts([4]), frame(9))

    def test_a_base_beyond_the_sample(self) -> None:
        with pytest.raises(UnusableData, match="stratum 0: 9 are in the base, 5 were drawn"):
            shares(counts([5]), counts([9]), frame(5))

    def test_sums_of_other_strata(self) -> None:
        with pytest.raises(UnusableData, match="of 2 strata, the sample is of 1"):
            shares(counts([1], [1]), counts([2], [2]), frame(4))

    def test_a_code_beyond_the_table(self) -> None:
        with pytest.raises(UnusableData, match="beyond its 2 rows"):
            microdata.crosstab(np.array([2]), np.array([0]), (2, 2), np.ones(1))


class TestTests:
    def test_thin_tables_get_another_test_and_say_so(self) -> None:
        assert association(np.array([[30, 20], [10, 40]])).method is Method.CHI_SQUARE
        thin = association(np.array([[3, 1], [1, 3]]))
        assert (thin.method, thin.least, thin.thin) == (Method.FISHER, 2.0, 1.0)
        assert association(np.array([[3, 1, 0], [1, 3, 1]])).method is Method.SIMULATED

    def test_a_simulated_p_is_near_fishers(self) -> None:
        table = np.array([[3, 9], [11, 4]])
        assert chi_square_simulated(table).p == pytest.approx(fisher(table).p, abs=0.02)
        assert chi_square_simulated(np.array([[0, 90], [90, 0]])).p == 1e-4

    def test_fisher_is_for_two_by_two(self) -> None:
        with pytest.raises(UnusableData, match="2 rows and 3 columns"):
            fisher(np.array([[3, 1, 2], [1, 3, 2]]))

    def test_counts_below_nought(self) -> None:
        with pytest.raises(UnusableData, match="below nought"):
            chi_square(np.array([[3, -1], [1, 3]]))

    def test_design_test_without_degrees_of_freedom(self) -> None:
        alone = frame(1, 1, 1, 1, lonely=LonelyPsu.CERTAINTY)
        cells = np.zeros((4, 2, 2), dtype=np.int64)
        cells[np.arange(4), [0, 0, 1, 1], [0, 1, 0, 1]] = 1
        with pytest.raises(UnusableData, match="nothing from which to estimate"):
            rao_scott(WeightedCounts.of_counts(cells), alone)

    def test_strata_that_determine_the_answers(self) -> None:
        # Found by made-up samples: rounding looked like a variance, and p was 1e-37.
        strata, one = np.array([1, 1, 0, 0, 0]), np.array([0, 1, 1, 1, 1])
        design = SurveyDesign(strata, np.full(5, 0.5))
        with pytest.raises(UnusableData, match="nothing from which to estimate"):
            rao_scott_rows(design, one, np.array([1, 0, 1, 1, 1]), (2, 2))

    def test_design_test_of_one_row(self) -> None:
        with pytest.raises(UnusableData, match="two rows"):
            rao_scott_rows(SurveyDesign.simple(4), np.zeros(4, int), np.array([0, 1, 0, 1]), (2, 2))

    def test_missing_p_values_are_in_no_family(self) -> None:
        found = adjust_p(np.array([0.02, np.nan, 0.04]), Correction.HOLM)
        assert found.size == 2
        assert found.p[[0, 2]].tolist() == [0.04, 0.04]
        assert np.isnan(found.p[1])
        assert adjust_p(np.array([]), Correction.HOLM).size == 0

    def test_no_correction_says_so(self) -> None:
        found = adjust_p(np.array([0.02, 0.04]), Correction.NONE)
        assert (found.p.tolist(), found.correction) == ([0.02, 0.04], Correction.NONE)

    def test_what_is_no_p_value(self) -> None:
        with pytest.raises(UnusableData, match="outside 0 to 1"):
            adjust_p(np.array([1.2]), Correction.HOLM)


class TestEffects:
    def test_ends_of_the_scales(self) -> None:
        apart = np.array([[5, 0], [0, 5]])
        assert cramers_v(apart) == pytest.approx(1)
        assert phi(apart) == 1
        assert phi(apart[::-1]) == -1
        assert np.isnan(phi(np.array([[5, 5], [0, 0]])))
        assert float(cohens_h(np.array(0.0), np.array(1.0))) == pytest.approx(np.pi)

    def test_phi_is_for_two_by_two(self) -> None:
        with pytest.raises(UnusableData, match="Cramér"):
            phi(np.ones((2, 3), dtype=np.int64))

    def test_paired_d(self) -> None:
        first, second = np.array([3.0, 4.0, 8.0]), np.array([1.0, 3.0, 5.0])
        assert cohens_d_paired(first, second) == 2.0
        assert np.isnan(cohens_d_paired(first, first))

    def test_design_effect_of_all_or_nothing(self) -> None:
        assert np.isnan(deff(estimate(1.0, 0.0)))


class TestInfluence:
    def test_three_points_exactly_is_listed(self) -> None:
        # 30 of 100: without the first stratum 3 of 19, without the second 27 of 81.
        found = leave_out_strata(counts(27, 3), counts(81, 19))
        assert [m.stratum for m in move_share(found, 0.03)] == [0, 1]
        # 60 of 200: either stratum moves it by three points, stored a little off.
        exact = leave_out_strata(counts(33, 27), counts(100, 100))
        assert [round(m.shift, 10) for m in move_share(exact, 0.03)] == [-0.03, 0.03]

    def test_of_scores(self) -> None:
        found = leave_out_scores(counts([2, 2, 9], [0, 4, 9]), np.array([1.0, 2.0, np.nan]))
        assert found.without.tolist() == [2.0, 1.5]

    def test_nobody_is_left(self) -> None:
        found = leave_out_strata(counts(3, 0), counts(9, 0))
        assert np.isnan(found.without[0])
        assert move_share(found, 0.03) == ()

    def test_least_must_be_something(self) -> None:
        with pytest.raises(UnusableData, match="above nought"):
            move_share(leave_out_strata(counts(3), counts(9)), 0.0)

    def test_a_group_against_the_others(self) -> None:
        part, base = counts([30], [20], [5]), counts([60], [30], [50])
        found = compare_against(part, base, frame(60, 30, 50), np.array([True, True, False]))
        assert found.group.value.item() == pytest.approx(50 / 90)
        assert found.others.value.item() == 0.1
        assert found.difference.se == pytest.approx(np.hypot(found.group.se, found.others.se))
        with pytest.raises(UnusableData, match="All strata"):
            compare_against(part, base, frame(60, 30, 50), np.ones(3, dtype=bool))

    def test_waves(self) -> None:
        apart = difference(estimate(0.4, 0.03), estimate(0.5, 0.04))
        assert (round(float(apart.value), 9), round(float(apart.se), 9)) == (0.1, 0.05)
        assert 150 < apart.df < 198

    def test_newcombe_against_the_worked_example(self) -> None:
        # Newcombe (1998), table II, method 10: 56/70 less 48/80 is 0.0524 to 0.3339.
        first, second = np.array(48.0), np.array(56.0)
        low, high = newcombe(
            first / 80, wilson(first, np.array(80.0)), second / 70, wilson(second, np.array(70.0))
        )
        assert (round(float(low), 4), round(float(high), 4)) == (0.0524, 0.3339)


def test_a_large_offset_costs_no_precision() -> None:
    answers: Floats = np.random.default_rng(1).normal(size=500)
    near, far = (microdata.means(SurveyDesign.simple(500), answers + shift) for shift in (0.0, 1e6))
    assert far.estimates.se == pytest.approx(near.estimates.se, rel=1e-9)
