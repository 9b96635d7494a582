"""Numbers as people read them: exact, short where that loses nothing."""

from fractions import Fraction

from exports.units import decimal_text

#: Multipliers by language: of 10 to the power of.
_MULTIPLIERS = {
    "zh-Hans": ((12, "万亿"), (8, "亿"), (4, "万")),
    "zh-Hant": ((12, "萬億"), (8, "億"), (4, "萬")),
    "en": ((12, " trillion"), (9, " billion"), (6, " million")),
}
_SHORT_FROM = 100_000  # below it digits are read as easily as a multiplier
_MOST_DECIMALS = 2


def grouped(value: str) -> str:
    """Digits in groups of three; a fraction stays one.

    >>> grouped("14580000.5"), grouped("-1200"), grouped("2/3")
    ('14,580,000.5', '-1,200', '2/3')
    """
    if "/" in value:
        return value
    whole, point, part = value.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-') or '0'):,}{point}{part}"


def short(value: str, language: str) -> str:
    """A value with 万 or 亿 where two decimals of that are all of it, else its digits in groups.

    >>> short("14580000000000", "zh-Hans"), short("13510000", "zh-Hant"), short("1215", "zh-Hans"), short("6766523", "en")
    ('14.58万亿', '1,351萬', '1,215', '6,766,523')
    """
    if "/" in value or abs(Fraction(value)) < _SHORT_FROM:
        return grouped(value)
    for power, name in _MULTIPLIERS[language]:
        part = Fraction(value) / 10**power
        text = decimal_text(part)
        if abs(part) >= 1 and len(text.partition(".")[2]) <= _MOST_DECIMALS and Fraction(text) == part:
            return grouped(text) + name
    return grouped(value)


def scale_of(values: list[Fraction], language: str) -> tuple[int, str]:
    """One multiplier for all values of a table: power of ten, and its name; of the middle one of those that are not 0.

    >>> scale_of([Fraction(5 * 10**12), Fraction(7 * 10**11), Fraction(3 * 10**10)], "zh-Hans")
    (8, '亿')
    """
    sizes = sorted(abs(value) for value in values if value)
    if not sizes or sizes[-1] < _SHORT_FROM:
        return 0, ""
    middle = sizes[len(sizes) // 2]
    # 万亿 would leave decimals to most of what is counted in 亿.
    usable = [(power, name) for power, name in _MULTIPLIERS[language] if power < 12]
    return next(((power, name.strip()) for power, name in usable if middle >= 10**power), (0, ""))


def scaled(value: Fraction, power: int) -> str:
    """A value over that power of ten, exact, its digits in groups."""
    return grouped(decimal_text(value / 10**power))


def unit_text(multiplier: str, unit: str, language: str) -> str:
    """A unit with its multiplier before it.

    >>> unit_text("亿", "元", "zh-Hans"), unit_text("million", "吨", "en")
    ('亿元', 'million 吨')
    """
    return f"{multiplier} {unit}".strip() if language == "en" else f"{multiplier}{unit}"
