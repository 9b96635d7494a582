"""Every word kept in ``tests/golden/words/relations.txt`` is known for what its list is for, whole."""

import pytest

from tests.golden.test_kept_words import kept
from worker.relations.grammar import load_grammar

GRAMMAR = load_grammar()
#: Words of two kinds of the same things -> whether there is no third kind.
PAIRS = (
    (("行政编制",), ("事业编制",), True),
    (("市直", "市本级", "市级"), ("县", "区级", "各区"), True),
    (("部门内", "部门内部"), ("跨部门",), True),
    (("政府规范性文件",), ("部门规范性文件",), True),
    (("专职",), ("兼职",), True),
    (("男",), ("女",), True),
    (("城镇",), ("农村", "乡村"), True),
    (("中央",), ("地方",), True),
    (("线上",), ("线下",), True),
    (("本年开始", "新开工", "新建"), ("继续", "续建"), True),
    (("完成", "落实", "办结", "整改", "销号"), ("推进", "办理中", "正在", "未完成", "未办结"), False),
    (("优秀",), ("良好",), False),
    (("化解", "成功"), ("引导", "未化解", "未成功"), False),
)


@pytest.mark.parametrize(("one", "other", "closed"), PAIRS)
def test_words_of_two_kinds(one: tuple[str, ...], other: tuple[str, ...], *, closed: bool) -> None:
    """Goals that are broken down are reached or not, whatever else is open."""
    for first in one:
        for second in other:
            pairs = [GRAMMAR.pair_of(f"甲{first}", f"乙{second}"), GRAMMAR.pair_of(f"乙{second}", f"甲{first}")]
            assert [pair and pair.closed for pair in pairs] == [closed, closed], (first, second)
            for pair in pairs:
                assert pair is not None
                assert {pair.is_closed(whole) for whole in ("分解任务", "细化任务")} == {closed or "完成" in one}
                assert pair.is_closed("任务") is closed


def test_words_that_tell_of_a_relation() -> None:
    """Each is found whole, and only where it may stand."""
    patterns = {
        "among": GRAMMAR.among, "open_lists": GRAMMAR.open_list, "not_additive": GRAMMAR.not_additive, "shares": GRAMMAR.shares, "neutral": GRAMMAR.neutral, "own_base": GRAMMAR.own_base,
        "constant_prices": GRAMMAR.constant_prices, "last_year": GRAMMAR.last_year, "this_year": GRAMMAR.this_year, "complements": GRAMMAR.complements, "old_terms": GRAMMAR.old,
        "new_terms": GRAMMAR.new, "more": GRAMMAR.more, "less": GRAMMAR.less, "demands": GRAMMAR.demands, "reached_above": GRAMMAR.reached_above, "reached_below": GRAMMAR.reached_below,
    }  # fmt: skip
    missed = [
        (place, word)
        for place, pattern in patterns.items()
        for word in kept("relations", place)
        if not ((found := pattern.search(f"玄{word}玄")) and found[0] == word)
    ]

    assert missed == []
    assert {*kept("relations", "generic_units")} == GRAMMAR.generic_units
    assert [word for word in kept("relations", "total") if not GRAMMAR.total.search(f"玄{word}玄")] == []
    for word in kept("relations", "total_not_before"):
        assert not GRAMMAR.total.search(f"{word}{kept('relations', 'total')[0]}"), word
    for word in kept("relations", "total_not_after"):
        assert not GRAMMAR.total.search(f"{kept('relations', 'total')[0]}{word}"), word
    for word in kept("relations", "plus"):
        assert GRAMMAR.plus.search(f",{word}玄")
    assert [after for after in kept("relations", "plus_not_after") if GRAMMAR.plus.search(f",加{after}")] == []
    assert [word for word in kept("relations", "change_clause") if not GRAMMAR.change_clause.fullmatch(word)] == []
    assert [word for word in kept("relations", "table_totals") if not GRAMMAR.table_total.fullmatch(f"玄{word}")] == []
