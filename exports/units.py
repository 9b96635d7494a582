"""A value in the base of its unit's kind: 2斤 and 0.001吨 are one quantity. Exact, in fractions."""

import tomllib
from fractions import Fraction
from functools import cache
from importlib.resources import files


@cache
def _bases() -> dict[str, tuple[str, Fraction]]:
    """Unit -> its base unit, and how many of that it is."""
    table = tomllib.loads((files("exports") / "data" / "unit_bases.toml").read_text(encoding="utf-8"))
    known = {}
    for row in table["bases"]:
        known[row["base"]] = (row["base"], Fraction(1))
        known |= {unit: (row["base"], Fraction(factor)) for unit, factor in row["factors"].items()}
    return known


@cache
def _measured() -> frozenset[str]:
    """The bases of units that measure something, 元 and % among them."""
    table = tomllib.loads((files("exports") / "data" / "unit_bases.toml").read_text(encoding="utf-8"))
    return frozenset(row["base"] for row in table["bases"] if not row.get("counts")) | {"%", "‰", "个百分点"}


def measures(unit: str) -> bool:
    """Whether a unit measures something, or only counts (件, 项, none at all).

    >>> measures("亩"), measures("件"), measures("")
    (True, False, False)
    """
    return base_of(unit) in _measured()


def base_of(unit: str) -> str:
    """The base unit that a unit's values are given in to compare them; the unit itself where it has no other.

    >>> base_of("亩"), base_of("件次")
    ('公顷', '件次')
    """
    return _bases().get(unit, (unit, Fraction(1)))[0]


def in_base(value: str, unit: str) -> Fraction:
    """A metric's ``value`` (a decimal or a fraction) in the base of its unit.

    >>> in_base("1600", "斤")
    Fraction(4, 5)
    """
    return Fraction(value) * _bases().get(unit, (unit, Fraction(1)))[1]


def near_in_base(value: str, unit: str) -> float:
    """The same as the nearest floating-point number, and much sooner where the unit is its own base.

    >>> near_in_base("1600", "斤"), near_in_base("1.5", "件"), near_in_base("1/3", "件")
    (0.8, 1.5, 0.3333333333333333)
    """
    _, factor = _bases().get(unit, ("", 1))
    return float(in_base(value, unit)) if factor != 1 or "/" in value else float(value)


def decimal_text(number: Fraction, digits: int = 12) -> str:
    """A fraction as a plain decimal: exact where it ends, else rounded to ``digits`` places; never with an exponent.

    >>> decimal_text(Fraction(4, 5)), decimal_text(Fraction(1, 3)), decimal_text(Fraction(12_000_000))
    ('0.8', '0.333333333333', '12000000')
    """
    scaled = round(number * 10**digits)
    whole, part = divmod(abs(scaled), 10**digits)
    text = f"{whole}.{part:0{digits}d}".rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text
