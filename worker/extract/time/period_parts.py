"""Years and months of a period as it is written: 2023, 2021/2025, ..2023-11."""

import re
from functools import lru_cache

_YEAR = re.compile("[0-9]{4}")


# A report has few periods, each of which is asked for with every figure.
@lru_cache(maxsize=1024)
def years_of(period: str) -> tuple[int, ...]:
    """The years that a period names, in order.

    >>> years_of("2021/2025"), years_of("..2023-12")
    ((2021, 2025), (2023,))
    """
    return tuple(map(int, _YEAR.findall(period)))


def whole_years(period: str) -> str:
    """A period without its months: what is so each year is not of one.

    >>> whole_years("2023-11"), whole_years("..2023-12"), whole_years("2022-04/2023-03")
    ('2023', '2023', '2022/2023')
    """
    years = sorted({str(year) for year in years_of(period)})
    return "/".join(years)


def names_month(period: str) -> bool:
    """Whether a period is finer than a year."""
    return "-" in period or "H" in period


def first_month(period: str) -> tuple[int, int]:
    """Year and month that a period begins with.

    >>> first_month("2023H2"), first_month("2023-01/2023-11"), first_month("2023")
    ((2023, 7), (2023, 1), (2023, 1))
    """
    return _month(period.strip(".").split("/")[0], (1, 7), 1)


def last_month(period: str) -> tuple[int, int]:
    """Year and month that a period ends with.

    >>> last_month("2023H1"), last_month("2023-01/2023-11"), last_month("..2023"), last_month("..2023-11-05")
    ((2023, 6), (2023, 11), (2023, 12), (2023, 11))
    """
    return _month(period.strip(".").split("/")[-1], (6, 12), 12)


def _month(part: str, halves: tuple[int, int], otherwise: int) -> tuple[int, int]:
    if "H" in part:
        return int(part[:4]), halves[int(part[5]) - 1]
    return int(part[:4]), int(part[5:7]) if "-" in part else otherwise
