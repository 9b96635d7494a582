"""How binding a target is put."""

import pytest

from exports.columns import rows_of
from panels.tones import tone_of
from tests.unit.panels.made import growth, report


@pytest.mark.parametrize(
    ("sentence", "said", "tone"),
    [
        ("地区生产总值增长5%左右。", {"qualifier": "about"}, "soft"),
        ("地区生产总值增长5%至6%。", {"value_high": "6"}, "soft"),
        ("地区生产总值增长5%以上。", {"qualifier": "over"}, "hard"),
        ("城镇调查失业率控制在5%以内。", {"qualifier": "under"}, "hard"),
        ("城镇调查失业率5%以内。", {"qualifier": "under"}, "hard"),
        *((f"确保安全{mark}地区生产总值增长5%。", dict[str, str](), "plain") for mark in "，,；;。:："),
        ("失业率控制在5%左右。", {"qualifier": "about"}, "soft"),
        ("确保地区生产总值增长5%。", {}, "hard"),
        ("增速不低于5%。", {}, "hard"),
        ("地区生产总值力争增长5%。", {}, "strive"),
        ("地区生产总值力争增长5%以上。", {"qualifier": "over"}, "strive"),
        ("奋力实现地区生产总值增长5%。", {}, "strive"),
        ("地区生产总值增长5%。", {}, "plain"),
        ("力争取得更好结果，地区生产总值增长5%。", {}, "plain"),
        ("地区生产总值增长5%，力争取得更好结果。", {}, "plain"),
        ("确保粮食安全；地区生产总值增长5%。", {}, "plain"),
    ],
)
def test_the_number_s_own_words_decide_then_its_verb(sentence: str, said: dict[str, str], tone: str) -> None:
    """Words of another clause do not."""
    figure = growth("5", sentence=sentence, quote="5%", status="planned", period="2026", **said)

    assert tone_of(next(rows_of(report(figure)))) == tone


@pytest.mark.parametrize(
    ("words", "tone"),
    [
        ("力争 争取 努力实现 努力达到 奋力", "strive"),
        ("确保 不低于 不少于 不超过 不高于 控制在 必须 务必 至少 保证", "hard"),
        ("预期 有望 计划", "plain"),
    ],
)
def test_each_verb_has_its_tone(words: str, tone: str) -> None:
    for word in words.split():
        figure = growth("5", sentence=f"地区生产总值{word}增长5%。", quote="5%", status="planned", period="2026")
        assert tone_of(next(rows_of(report(figure)))) == tone, word
