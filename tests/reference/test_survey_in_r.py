"""Estimates against R's survey package, on data that come with it. The R call stands in each test.

R runs once and is asked in turn; data go from R to us and are stored nowhere.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import numpy as np
import pytest

from blikveld.errors import UnusableData
from blikveld.stats import microdata, proportions
from blikveld.stats.design import Floats, LonelyPsu, WeightedCounts, kish
from blikveld.stats.hypothesis_tests import (
    Correction,
    adjust_p,
    chi_square,
    fisher,
    t_mean,
    t_paired,
)
from blikveld.stats.microdata import SurveyDesign
from blikveld.stats.proportions import deff, scores, shares, totals
from blikveld.stats.raking import Margin, means_raked, rake
from blikveld.stats.rao_scott import CorrectionOrder, rao_scott, rao_scott_rows

pytestmark = pytest.mark.r
PRELUDE = """
suppressPackageStartupMessages(library(survey))
options(warn = -1)
data(api); data(nhanes)
strat <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = apistrat)
finite <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = apistrat)
clus <- svydesign(ids = ~dnum, weights = ~pw, data = apiclus1)
clusfinite <- svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = apiclus1)
health <- svydesign(ids = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE,
                    data = nhanes)
"""
DONE = "that was all"


class R:
    """One R process. `r("code")` gives the numbers that the code results in."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["R", "--no-save", "--no-restore", "--no-echo"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say(PRELUDE)

    def __call__(self, code: str) -> Floats:
        problem = 'function(e) paste("stop:", conditionMessage(e))'
        self._say(f"found <- tryCatch(as.numeric({{{code}}}), error = {problem})\n")
        self._say(f'cat(if (is.character(found)) found else sprintf("%.17g", found), "{DONE}",\n')
        self._say('    sep = "\\n")\n')
        lines = list(iter(self._line, DONE))
        if lines and lines[0].startswith("stop:"):
            raise AssertionError(f"{code}: {lines[0]}")
        return np.array([float(line.replace("NA", "nan")) for line in lines])

    def do(self, code: str) -> None:
        """Run code for what it makes."""
        self(f"{code}\n0")

    def codes(self, factor: str) -> np.ndarray:
        """Levels from nought; -1 where missing."""
        return np.nan_to_num(self(f"as.integer(factor({factor}))"), nan=0).astype(np.int64) - 1

    def close(self) -> None:
        self._process.communicate("q()\n", timeout=60)

    def _say(self, code: str) -> None:
        if self._process.stdin is None:
            raise AssertionError("R has no input")
        self._process.stdin.write(code)
        self._process.stdin.flush()

    def _line(self) -> str:
        if self._process.stdout is None or not (line := self._process.stdout.readline()):
            raise AssertionError("R stopped")
        return line.strip()


@pytest.fixture(scope="module")
def r() -> Iterator[R]:
    process = R()
    yield process
    process.close()


def same(ours: object, theirs: Floats) -> None:
    np.testing.assert_allclose(np.ravel(ours), theirs, rtol=1e-9, atol=1e-11)


@pytest.fixture(scope="module")
def strat(r: R) -> SurveyDesign:
    return SurveyDesign(r.codes("apistrat$stype"), r("apistrat$pw"))


@pytest.fixture(scope="module")
def finite(r: R) -> SurveyDesign:
    population = r("tapply(apistrat$fpc, apistrat$stype, max)")
    return SurveyDesign(r.codes("apistrat$stype"), r("apistrat$pw"), population=population)


@pytest.fixture(scope="module")
def clus(r: R) -> SurveyDesign:
    one = np.zeros(183, dtype=np.int64)
    return SurveyDesign(one, r("apiclus1$pw"), r("apiclus1$dnum").astype(np.int64))


@pytest.fixture(scope="module")
def health(r: R) -> SurveyDesign:
    strata = r.codes("nhanes$SDMVSTRA")
    clusters = strata * 10 + r.codes("nhanes$SDMVPSU")
    return SurveyDesign(strata, r("nhanes$WTMEC2YR"), clusters)


def tally(strata: np.ndarray, weights: Floats, *codes: np.ndarray) -> WeightedCounts:
    """What a cube would hold: strata by the codes of each variable; a code of -1 is left out."""
    known = np.min([strata, *codes], axis=0) >= 0
    shape = [int(code.max()) + 1 for code in (strata, *codes)]
    place = np.ravel_multi_index([code[known] for code in (strata, *codes)], shape)
    size = int(np.prod(shape))
    w = weights[known]
    return WeightedCounts(
        *(np.bincount(place, x, minlength=size).reshape(shape) for x in (np.ones(len(w)), w, w**2))
    )


class TestMeansAndTotals:
    def test_means_with_their_covariance(self, r: R, strat: SurveyDesign) -> None:
        answers = np.stack([r("apistrat$api00"), r("apistrat$enroll"), r("apistrat$meals")], 1)
        ours = microdata.means(strat, answers)
        r.do("m <- svymean(~api00 + enroll + meals, strat)")
        same(ours.estimates.value, r("coef(m)"))
        same(ours.covariance, r("vcov(m)"))
        same(ours.estimates.df, r("degf(strat)"))
        same(proportions.wald(ours.estimates), r("confint(m, df = degf(strat))"))

    def test_drawn_from_a_known_population(self, r: R, finite: SurveyDesign) -> None:
        ours = microdata.means(finite, r("apistrat$api00"))
        same(ours.estimates.value, r("coef(svymean(~api00, finite))"))
        same(ours.estimates.se, r("SE(svymean(~api00, finite))"))

    def test_totals(self, r: R, strat: SurveyDesign) -> None:
        ours = microdata.totals(strat, r("apistrat$enroll")).estimates
        same([ours.value, ours.se], r("t <- svytotal(~enroll, strat); c(coef(t), SE(t))"))

    def test_a_simple_random_sample_of_few(self, r: R) -> None:
        r.do("srs <- svydesign(ids = ~1, weights = ~pw, fpc = ~fpc, data = apisrs)")
        one, population = np.zeros(200, dtype=np.int64), r("apisrs$fpc[1]")
        design = SurveyDesign(one, r("apisrs$pw"), population=population)
        ours = microdata.means(design, np.stack([r("apisrs$api00"), r("apisrs$enroll")], 1))
        same(ours.estimates.value, r("coef(svymean(~api00 + enroll, srs))"))
        same(ours.covariance, r("vcov(svymean(~api00 + enroll, srs))"))
        cells = tally(one, design.weights, r.codes("apisrs$stype"), r.codes("apisrs$awards"))
        found = rao_scott(cells, design.frame)
        r.do("t <- svychisq(~stype + awards, srs)")
        same(_parts(found, CorrectionOrder.SECOND), r("c(t$statistic, t$parameter, t$p.value)"))

    def test_clusters(self, r: R, clus: SurveyDesign) -> None:
        answers = np.stack([r("apiclus1$api00"), r("apiclus1$enroll")], 1)
        ours = microdata.means(clus, answers)
        same(ours.covariance, r("vcov(svymean(~api00 + enroll, clus))"))
        same(ours.estimates.df, r("degf(clus)"))

    def test_clusters_of_a_known_population(self, r: R, clus: SurveyDesign) -> None:
        known = SurveyDesign(clus.strata, clus.weights, clus.clusters, r("apiclus1$fpc[1]"))
        ours = microdata.means(known, r("apiclus1$api00"))
        same(ours.estimates.se, r("SE(svymean(~api00, clusfinite))"))

    def test_a_missing_answer_leaves_only_its_own_estimate(
        self, r: R, health: SurveyDesign
    ) -> None:
        ours = microdata.means(health, r("nhanes$HI_CHOL"))
        r.do("m <- svymean(~HI_CHOL, health, na.rm = TRUE)")
        same([ours.estimates.value, ours.estimates.se], r("c(coef(m), SE(m))"))
        same(ours.estimates.df, r("degf(health)"))

    def test_weights_of_nought(self, r: R, strat: SurveyDesign) -> None:
        r.do("apistrat$zero <- ifelse(apistrat$dnum %% 3 == 0, 0, apistrat$pw)")
        r.do("zero <- svydesign(ids = ~1, strata = ~stype, weights = ~zero, data = apistrat)")
        design = SurveyDesign(strat.strata, r("apistrat$zero"))
        ours = microdata.means(design, r("apistrat$api00")).estimates
        same([ours.value, ours.se], r("m <- svymean(~api00, zero); c(coef(m), SE(m))"))
        same(ours.df, r("degf(zero)"))


class TestDomains:
    @pytest.mark.parametrize("by", ["awards", "stype", "cnum"])
    def test_a_mean_in_each_domain(self, r: R, strat: SurveyDesign, by: str) -> None:
        domain = r.codes(f"apistrat${by}")
        size = int(domain.max()) + 1
        ours = microdata.means_by(strat, r("apistrat$api00"), domain, size).estimates
        r.do(f"b <- svyby(~api00, ~{by}, strat, svymean)")
        same(ours.value, r("coef(b)"))
        same(ours.se, r("SE(b)"))

    def test_shares_in_each_domain_from_a_tally(self, r: R, strat: SurveyDesign) -> None:
        cells = tally(
            strat.strata, strat.weights, r.codes("apistrat$awards"), r.codes("apistrat$sch.wide")
        )
        ours = shares(cells, _keep(cells), strat.frame)
        r.do("strat <- update(strat, no = sch.wide == 'No', yes = sch.wide == 'Yes')")
        r.do("b <- svyby(~as.numeric(no) + as.numeric(yes), ~awards, strat, svymean)")
        same(ours.value.T, r("coef(b)"))
        same(ours.se.T, r("unlist(SE(b))"))

    def test_domains_in_clusters(self, r: R, health: SurveyDesign) -> None:
        domain = r.codes("nhanes$race")
        ours = microdata.means_by(health, r("nhanes$HI_CHOL"), domain, 4).estimates
        r.do("b <- svyby(~HI_CHOL, ~race, health, svymean, na.rm = TRUE)")
        same(ours.value, r("coef(b)"))
        same(ours.se, r("SE(b)"))

    def test_two_domains_against_each_other(self, r: R, strat: SurveyDesign) -> None:
        two = microdata.means_by(strat, r("apistrat$api00"), r.codes("apistrat$awards"), 2)
        ours = microdata.contrast(two, np.array([-1.0, 1.0]))
        r.do("t <- svyttest(api00 ~ awards, strat)")
        same([ours.value, t_mean(ours).statistic], r("c(t$estimate, t$statistic)"))


class TestTallies:
    def test_shares(self, r: R, strat: SurveyDesign) -> None:
        cells = tally(strat.strata, strat.weights, r.codes("apistrat$awards"))
        ours = shares(cells, _keep(cells), strat.frame)
        r.do("m <- svymean(~awards, strat, deff = 'replace')")
        same(ours.value, r("coef(m)"))
        same(ours.se, r("SE(m)"))
        same(deff(ours), r("diag(attr(m, 'deff'))"))

    def test_shares_when_schools_are_few(self, r: R, finite: SurveyDesign) -> None:
        cells = tally(finite.strata, finite.weights, r.codes("apistrat$awards"))
        same(shares(cells, _keep(cells), finite.frame).se, r("SE(svymean(~awards, finite))"))

    def test_a_score_by_category(self, r: R, strat: SurveyDesign) -> None:
        r.do("apistrat$level <- cut(apistrat$avg.ed, c(0, 2, 3, 4, 5), labels = FALSE)")
        r.do("strat <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = apistrat)")
        cells = tally(strat.strata, strat.weights, r.codes("apistrat$level"))
        ours = scores(cells, np.arange(1.0, cells.w.shape[-1] + 1), strat.frame)
        r.do("m <- svymean(~level, strat, na.rm = TRUE)")
        same([ours.value, ours.se], r("c(coef(m), SE(m))"))

    def test_totals(self, r: R, strat: SurveyDesign) -> None:
        ours = totals(tally(strat.strata, strat.weights, r.codes("apistrat$awards")), strat.frame)
        same(ours.value, r("coef(svytotal(~awards, strat))"))
        same(ours.se, r("SE(svytotal(~awards, strat))"))

    def test_kish(self, r: R, strat: SurveyDesign) -> None:
        whole = tally(strat.strata, strat.weights)
        same(kish(whole), r("w <- apistrat$pw; 1 + mean((w - mean(w))^2) / mean(w)^2"))

    def test_intervals_of_a_share(self, r: R, strat: SurveyDesign) -> None:
        cells = tally(strat.strata, strat.weights, r.codes("apistrat$awards"))
        ours = shares(cells, _keep(cells), strat.frame)
        r.do("p <- function(m) attr(svyciprop(~I(awards == 'Yes'), strat, method = m), 'ci')")
        same([bound[1] for bound in proportions.wald(ours)], r("p('mean')"))
        same([bound[1] for bound in proportions.logit(ours)], r("p('xlogit')"))
        same([bound[1] for bound in proportions.korn_graubard(ours, 200)], r("p('beta')"))


class TestLonelyStrata:
    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            (LonelyPsu.CERTAINTY, "certainty"),
            (LonelyPsu.AVERAGE, "average"),
            (LonelyPsu.ADJUST, "adjust"),
        ],
    )
    def test_a_stratum_of_one(self, r: R, ours: LonelyPsu, theirs: str) -> None:
        r.do("few <- apistrat[apistrat$stype != 'H' | cumsum(apistrat$stype == 'H') == 1, ]")
        r.do("alone <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = few)")
        r.do(f"options(survey.lonely.psu = '{theirs}')")
        strata, weights = r.codes("few$stype"), r("few$pw")
        found = microdata.means(
            SurveyDesign(strata, weights, lonely=ours), r("few$api00")
        ).estimates
        same([found.value, found.se], r("m <- svymean(~api00, alone); c(coef(m), SE(m))"))
        cells = tally(strata, weights, r.codes("few$awards"))
        frame = SurveyDesign(strata, weights, lonely=ours).frame
        same(shares(cells, _keep(cells), frame).se, r("SE(svymean(~awards, alone))"))
        r.do("options(survey.lonely.psu = 'fail')")

    def test_is_refused_by_default_in_both(self, r: R) -> None:
        assert r("inherits(try(svymean(~api00, alone), silent = TRUE), 'try-error')") == [1]
        strata, weights = r.codes("few$stype"), r("few$pw")
        with pytest.raises(UnusableData, match="has one unit"):
            microdata.means(SurveyDesign(strata, weights), r("few$api00"))


class TestCrosstabs:
    def test_weighted_table(self, r: R, strat: SurveyDesign) -> None:
        stype, awards = r.codes("apistrat$stype"), r.codes("apistrat$awards")
        ours = microdata.crosstab(stype, awards, (3, 2), strat.weights)
        same(ours.T, r("svytable(~stype + awards, strat)"))

    @pytest.mark.parametrize(
        ("order", "statistic"), [(CorrectionOrder.SECOND, "F"), (CorrectionOrder.FIRST, "Chisq")]
    )
    @pytest.mark.parametrize("design", ["strat", "finite"])
    def test_chi_square_of_a_tally(
        self,
        r: R,
        request: pytest.FixtureRequest,
        design: str,
        order: CorrectionOrder,
        statistic: str,
    ) -> None:
        ours: SurveyDesign = request.getfixturevalue(design)
        one, two = r.codes("apistrat$awards"), r.codes("apistrat$sch.wide")
        for row, call in ((r.codes("apistrat$stype"), "stype"), (two, "sch.wide")):
            found = rao_scott(tally(ours.strata, ours.weights, row, one), ours.frame, order)
            r.do(f"t <- svychisq(~{call} + awards, {design}, statistic = '{statistic}')")
            same(_parts(found, order), r("c(t$statistic, t$parameter, t$p.value)"))

    @pytest.mark.parametrize(
        ("order", "statistic"), [(CorrectionOrder.SECOND, "F"), (CorrectionOrder.FIRST, "Chisq")]
    )
    def test_chi_square_in_clusters(
        self, r: R, clus: SurveyDesign, order: CorrectionOrder, statistic: str
    ) -> None:
        one, two = r.codes("apiclus1$stype"), r.codes("apiclus1$sch.wide")
        found = rao_scott_rows(clus, one, two, (3, 2), order)
        r.do(f"t <- svychisq(~stype + sch.wide, clus, statistic = '{statistic}')")
        same(_parts(found, order), r("c(t$statistic, t$parameter, t$p.value)"))

    def test_chi_square_with_missing_answers(self, r: R, health: SurveyDesign) -> None:
        one, two = r.codes("nhanes$race"), r.codes("nhanes$HI_CHOL")
        found = rao_scott_rows(health, one, two, (4, 2))
        r.do("t <- svychisq(~race + HI_CHOL, health)")
        same(_parts(found, CorrectionOrder.SECOND), r("c(t$statistic, t$parameter, t$p.value)"))

    def test_chi_square_with_an_empty_cell(self, r: R, strat: SurveyDesign) -> None:
        r.do("apistrat$hole <- ifelse(apistrat$stype == 'H', 'a', as.character(apistrat$awards))")
        r.do("hole <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = apistrat)")
        cells = tally(strat.strata, strat.weights, strat.strata, r.codes("apistrat$hole"))
        assert (cells.w.sum(0) == 0).any()
        found = rao_scott(cells, strat.frame)
        r.do("t <- svychisq(~stype + hole, hole)")
        same(_parts(found, CorrectionOrder.SECOND), r("c(t$statistic, t$parameter, t$p.value)"))

    def test_so_many_empty_cells_that_neither_can_tell(self, r: R, strat: SurveyDesign) -> None:
        cells = tally(strat.strata, strat.weights, strat.strata, strat.strata)
        with pytest.raises(UnusableData, match="cells are empty"):
            rao_scott(cells, strat.frame)
        r.do("strat <- update(strat, again = stype)")
        call = "try(svychisq(~stype + again, strat), silent = TRUE)"
        assert r(f"inherits({call}, 'try-error')") == [1]


class TestRaking:
    def test_weights_and_the_table_they_give(self, r: R, clus: SurveyDesign) -> None:
        stype, wide = r.codes("apiclus1$stype"), r.codes("apiclus1$sch.wide")
        margins = [
            Margin("stype", stype, r("table(apipop$stype)")),
            Margin("sch.wide", wide, r("table(apipop$sch.wide)")),
        ]
        ours = rake(margins, clus.weights, tolerance=1e-13)
        r.do("""raked <- rake(clus, list(~stype, ~sch.wide),
             list(xtabs(~stype, apipop), xtabs(~sch.wide, apipop)),
             control = list(maxit = 1000, epsilon = 1e-14))""")
        same(ours.weights, r("weights(raked)"))
        table = microdata.crosstab(stype, wide, (3, 2), ours.weights)
        same(table.T, r("svytable(~stype + sch.wide, raked)"))
        same(
            microdata.means(
                SurveyDesign(clus.strata, ours.weights, clus.clusters), r("apiclus1$api00")
            ).estimates.value,
            r("coef(svymean(~api00, raked))"),
        )

    def test_standard_errors_know_of_the_raking(self, r: R, clus: SurveyDesign) -> None:
        stype, wide = r.codes("apiclus1$stype"), r.codes("apiclus1$sch.wide")
        margins = [
            Margin("stype", stype, r("table(apipop$stype)")),
            Margin("sch.wide", wide, r("table(apipop$sch.wide)")),
        ]
        design = SurveyDesign(clus.strata, rake(margins, tolerance=1e-13).weights, clus.clusters)
        answers = np.stack([r("apiclus1$api00"), r("apiclus1$enroll")], 1)
        r.do("""raked <- rake(clus, list(~stype, ~sch.wide),
             list(xtabs(~stype, apipop), xtabs(~sch.wide, apipop)),
             control = list(maxit = 1000, epsilon = 1e-14))""")
        found = means_raked(design, margins, answers)
        same(found.estimates.value, r("coef(svymean(~api00 + enroll, raked))"))
        same(found.covariance, r("vcov(svymean(~api00 + enroll, raked))"))

    def test_three_margins(self, r: R, strat: SurveyDesign) -> None:
        names = ("stype", "sch.wide", "awards")
        margins = [
            Margin(name, r.codes(f"apistrat${name}"), r(f"table(apipop${name})")) for name in names
        ]
        r.do("""raked <- rake(strat, list(~stype, ~sch.wide, ~awards), list(xtabs(~stype, apipop),
             xtabs(~sch.wide, apipop), xtabs(~awards, apipop)),
             control = list(maxit = 1000, epsilon = 1e-14))""")
        same(rake(margins, strat.weights, tolerance=1e-13).weights, r("weights(raked)"))


class TestWithoutWeights:
    def test_chi_square(self, r: R) -> None:
        ours = chi_square(np.array([[639, 454], [92, 188], [85, 179]]))
        r.do("t <- chisq.test(matrix(c(639, 92, 85, 454, 188, 179), 3), correct = FALSE)")
        same([ours.statistic, ours.df, ours.p], r("c(t$statistic, t$parameter, t$p.value)"))

    def test_fisher(self, r: R) -> None:
        ours = fisher(np.array([[3, 9], [11, 4]]))
        same(ours.p, r("fisher.test(matrix(c(3, 11, 9, 4), 2))$p.value"))

    def test_wilson(self, r: R) -> None:
        ours = proportions.wilson(np.array([393.0]), np.array([821.0]))
        same(ours, r("prop.test(393, 821, correct = FALSE)$conf.int"))

    def test_paired_t(self, r: R) -> None:
        ours = t_paired(r("apistrat$api00"), r("apistrat$api99"))
        r.do("t <- t.test(apistrat$api00, apistrat$api99, paired = TRUE)")
        same([ours.statistic, ours.df, ours.p], r("c(t$statistic, t$parameter, t$p.value)"))

    @pytest.mark.parametrize(
        ("ours", "theirs"), [(Correction.HOLM, "holm"), (Correction.BENJAMINI_HOCHBERG, "BH")]
    )
    def test_families(self, r: R, ours: Correction, theirs: str) -> None:
        p = np.array([0.01, 0.9, 0.03, np.nan, 0.03, 0.2, 0.004])
        call = f"p.adjust(c(.01, .9, .03, NA, .03, .2, .004), '{theirs}')"
        same(adjust_p(p, ours).p, r(call))


def _keep(cells: WeightedCounts) -> WeightedCounts:
    """The base of shares: the sum over the last axis, kept as an axis of one."""
    return WeightedCounts(*(sums.sum(-1, keepdims=True) for sums in (cells.n, cells.w, cells.w2)))


def _parts(found: object, order: CorrectionOrder) -> list[float]:
    parts = [found.statistic, found.df, found.df2, found.p]  # type: ignore[attr-defined]
    return parts if order is CorrectionOrder.SECOND else [parts[0], parts[1], parts[3]]
