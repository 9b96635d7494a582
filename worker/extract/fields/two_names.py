"""Two names held against each other, and put together."""

from worker.patterns import words_of

_SHORTEST_STEM = 2  # characters
_CASE = ("案", "案件")
_SAME_MEASURE = 4  # characters


def run_together(part: str, whole: str) -> str:
    """The two as one name, with the word that ends one and opens the other said once: 刑事赔偿 + 赔偿案件."""
    most = min(len(part), len(whole)) - 1
    shared = next((size for size in range(most, 1, -1) if part.endswith(whole[:size])), 0)
    return part + whole[shared:]


def overlap(one: str, other: str) -> bool:
    """Whether one name holds the other, or both end in the same two characters, or name cases: 行劫案 of 暴力罪案."""
    if one.endswith(_CASE) and other.endswith(_CASE):
        return True
    return bool(one and other) and (one in other or other in one or one[-2:] == other[-2:])


def is_body(part: str, whole: str) -> bool:
    """Whether a part names a kind of bodies by itself, of which the whole only says so: 医院 of 卫生机构."""
    return whole.endswith(words_of("indicators.bodies")) and part.endswith(words_of("indicators.kinds_of_bodies"))


def is_sum_of(part: str, whole: str) -> bool:
    """Whether a sum needs no name of the account that it is a part of: 公务接待费 of 经费支出, 结转结余 of 收入."""
    sums, sides = words_of("indicators.named_sums"), words_of("indicators.sides")
    is_named = part.endswith(sums) or (part.endswith(sides) and part not in sides)
    return is_named and whole.endswith((*sums, *sides))


def part_of_total(part: str, whole: str) -> str:
    """A sum of the same kind as a total, with what the total is of: 货物支出 of 政府采购支出总额; empty where it is none."""
    total = next((end for end in words_of("indicators.totals") if whole.endswith(end)), "")
    kind = next((end for end in words_of("indicators.sums") if total and whole.removesuffix(total).endswith(end)), "")
    of = whole.removesuffix(kind + total) if kind and part.endswith(kind) else ""
    return of + part if of and not part.startswith(of) else ""


def is_sum_of_its_own(part: str, whole: str) -> bool:
    """Whether a sum says of what it is, and is a part of another: 第三产业增加值 of 地区生产总值, 出口额 of 进出口总额."""
    sums = words_of("indicators.sums")
    is_named = part.endswith(sums) and part not in sums
    return is_named and whole.endswith((*sums, *words_of("indicators.adding_up")))


def says_all(part: str, whole: str) -> bool:
    """Whether a part has the words of the whole in its name, or measures something of its own: 零售额.

    杨溪水库蓄水 needs no 水库蓄水总量: it measures the same, and is no total.
    """
    total = next((end for end in words_of("indicators.totals") if whole.endswith(end)), "")
    if total and part[-_SAME_MEASURE:] == whole.removesuffix(total)[-_SAME_MEASURE:]:
        return True
    attributes = words_of("indicators.attributes")
    is_own = is_sum_of(part, whole) or is_sum_of_its_own(part, whole)
    return is_own or overlap(part, whole) or (part.endswith(attributes) and whole.endswith(attributes))


def without_stem(context: str, rate: str) -> str:
    """What a rate is of, where its own word stands in the name before: 优良率 of 空气质量优良天数, 死亡率 of 死亡人口."""
    stem = rate.removesuffix("率")
    if stem == rate or len(stem) < _SHORTEST_STEM or stem not in context:
        return context
    head, _, tail = context.partition(stem)
    return head or tail
