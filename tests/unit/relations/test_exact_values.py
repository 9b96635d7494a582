"""What a written value is worth, exactly: as Fraction has it, whatever is written."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.relations.terms import _value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.integers(0, 10**30).map(Decimal))
def test_a_value_is_worth_what_fraction_makes_of_it(value: Decimal) -> None:
    written = format(value, "f")
    assert _value(written) == Fraction(written)


@pytest.mark.parametrize("written", ["0.10", "-3.5", "007", "5.", "1e3", "12.345678901234567890"])
def test_odd_ones_too(written: str) -> None:
    assert _value(written) == Fraction(written)


@pytest.mark.parametrize("written", ["", ".", "一", "1.2.3", "²"])
def test_what_fraction_refuses_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        _value(written)
