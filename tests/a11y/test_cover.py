from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tests.a11y.cover import cover

VALUES = st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=4, unique=True)


@given(st.dictionaries(st.sampled_from("pqrst"), VALUES, min_size=2, max_size=4))
def test_every_pair_of_values_is_in_a_chosen_row(factors):
    rows = cover(factors)
    for one, other in combinations(factors, 2):
        for a in factors[one]:
            for b in factors[other]:
                assert any(row[one] == a and row[other] == b for row in rows)


@given(st.dictionaries(st.sampled_from("pqrst"), VALUES, max_size=4))
def test_every_row_is_a_whole_combination_and_comes_once(factors):
    rows = cover(factors)
    for row in rows:
        assert row.keys() == factors.keys()
        assert all(row[name] in values for name, values in factors.items())
    assert len({tuple(row.values()) for row in rows}) == len(rows)


def test_a_cover_is_far_smaller_than_the_product():
    sizes = {"role": 5, "theme": 2, "contrast": 2, "language": 2, "width": 2}
    factors = {name: [f"{name}{n}" for n in range(size)] for name, size in sizes.items()}
    assert len(cover(factors)) <= 12
