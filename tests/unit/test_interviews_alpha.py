"""Alpha against published examples, by hand, and on text that was coded or not."""

from __future__ import annotations

import pytest

from blikveld.interviews.coding.compare import NotNumbers, Scale, alpha, coincidences

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: four observers,
# twelve units, missing values. The paper prints .743 nominal, .815 ordinal, .849 interval and
# .797 ratio.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
FOUR_BY_TWELVE = tuple(zip(*OBSERVERS, strict=True))

# The example of ten segments and two coders, of whom six agree: the same paper, example A (two
# observers, ten articles, values 0 and 1). ATLAS.ti's manual on inter-coder agreement walks through
# an example of its own with as many ones and as much agreement, alpha .095 ("Methods for testing
# inter-coder agreement", percent agreement). It stands below coder by coder as the manual has it.
TEN_SEGMENTS = tuple(
    zip((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0), strict=True)
)

MANUAL = tuple(zip((1, 1, 0, 0, 0, 0, 0, 0, 0, 0), (0, 1, 1, 0, 0, 1, 0, 1, 0, 0), strict=True))


@pytest.mark.parametrize(
    ("scale", "published"),
    [
        (Scale.NOMINAL, 0.743),
        (Scale.ORDINAL, 0.815),
        (Scale.INTERVAL, 0.849),
        (Scale.RATIO, 0.797),
    ],
)
def test_four_observers_and_twelve_units(scale: Scale, published: float) -> None:
    found = alpha(FOUR_BY_TWELVE, scale)
    assert found.alpha == pytest.approx(published, abs=0.0005)
    assert (found.values, found.units) == (40, 11)


@pytest.mark.parametrize("segments", [TEN_SEGMENTS, MANUAL])
def test_ten_segments_agree_hardly_beyond_chance(segments: tuple[tuple[int, int], ...]) -> None:
    found = alpha(segments)
    assert found.alpha == pytest.approx(0.095, abs=0.0005)
    assert found.values == 20
    assert sum(one == other for one, other in segments) == 6


def test_the_coincidence_matrix_of_the_ten_segments() -> None:
    assert coincidences(TEN_SEGMENTS) == {(0, 0): 10, (0, 1): 4, (1, 0): 4, (1, 1): 2}


def test_complete_agreement_is_one_on_every_scale() -> None:
    for scale in Scale:
        assert alpha([(1, 1), (2, 2), (5, 5)], scale).alpha == 1


def test_two_coders_who_always_differ_are_below_chance() -> None:
    # By hand: 1 - (4 - 1) * 4 / (2 * 2 * 2) = -0.5.
    assert alpha([(0, 1), (1, 0)]).alpha == pytest.approx(-0.5)


def test_one_value_leaves_nothing_to_agree_on() -> None:
    assert alpha([("a", "a"), ("a", "a")]).alpha is None
    assert alpha([]).alpha is None
    assert alpha([("a", None)]).alpha is None


def test_a_unit_with_one_value_adds_nothing() -> None:
    assert alpha([*TEN_SEGMENTS, (1, None), (None, None)]) == alpha(TEN_SEGMENTS)


def test_words_have_no_place_on_a_scale_of_numbers() -> None:
    with pytest.raises(NotNumbers, match="no place on the interval scale"):
        alpha([("low", "high")], Scale.INTERVAL)
    with pytest.raises(NotNumbers):
        alpha([(-1, 2)], Scale.RATIO)


def test_a_ratio_scale_with_two_zeros_divides_by_nothing() -> None:
    assert alpha([(0, 0), (1, 1)], Scale.RATIO).alpha == 1
