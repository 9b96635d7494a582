"""The words after a figure: what it counts, and what is said of that."""

from worker.extract.language.lexicon import Lexicon
from worker.extract.language.words import MARKS, Word, Words, is_action, is_noun, is_verb, joined
from worker.patterns import set_of, words_of

LONGEST_PREDICATE = 16
_JOINS = ("和", "与", "及", "以及")
_LONGEST_TITLE = 8


def ends_in_enumeration(text: str) -> bool:
    """Whether the words before a figure are examples of what stands after it: 市公安局等7个部门."""
    return text.rstrip(" 共计").endswith(("等", "在内的", "、", "和", "以及"))


def read_right(text: str, words: Words, lexicon: Lexicon, *, is_object: bool = False) -> tuple[str, str]:
    """The noun phrase that a figure counts in the words after it, and the predicate that follows.

    ``is_object`` says that a verb in front of the figure takes the phrase, so that a verb at its start is part of it
    (发送2个打击非法采砂提示函).
    """
    found = words.cut(text)
    while found and found[0].text in MARKS:
        found = found[1:]
    if found and found[-1].text == "等":
        # 5轮强降雨和“海葵”等3个台风: what 等 gives examples of is counted by the next number.
        found = found[: next((at for at in range(len(found) - 1, 0, -1) if found[at].text in _JOINS), len(found))]
    first = 2 if is_object else 0
    stop = next(
        (at for at in range(len(found)) if _may_end(found[at], at, first) and _ends_noun(found, at)), len(found)
    )
    if among := next((at for at in range(1, stop) if _is_among(found, at)), 0):
        return joined(found[:among]), ""  # 37个行业大类中有25个实现增长
    return joined(found[:stop]), joined(_first(_predicate(found[stop:], lexicon), LONGEST_PREDICATE))


def _may_end(word: Word, at: int, first: int) -> bool:
    """Whether a noun that a verb takes as its object may end there: not in its first words, unless an adverb stands there."""
    return at >= first or (at > 0 and word.tag == "d")


def _predicate(found: list[Word], lexicon: Lexicon) -> list[Word]:
    """A predicate without adverbs and empty verbs, up to what another preposition opens."""
    negations = lexicon.grammar["negations"]
    found = [
        word
        for word in found
        if word.text in negations or (word.text not in lexicon.grammar["dropped"] and word.tag != "d")
    ]
    if len(found) > 1 and found[0].text in lexicon.grammar["empty"] and found[1].text not in MARKS:
        found = found[1:]
    end = next(
        (at for at, word in enumerate(found) if at > 1 and word.text in ("为", "给") and is_noun(found[at - 1])),
        len(found),
    )
    return found[1:end] if end and found[0].text == "了" else found[:end]


def _first(found: list[Word], most: int) -> list[Word]:
    """As many words as fit, long titles of documents left out."""
    kept: list[Word] = []
    for word in found:
        if word.text.startswith("《") and len(word.text) > _LONGEST_TITLE:
            continue
        most -= min(len(word.text), _LONGEST_TITLE)
        if most < 0:
            break
        kept.append(word)
    return kept


def _ends_noun(found: list[Word], at: int) -> bool:
    word = found[at]
    if word.text in ("的", "和", "与", "及", "、", "等"):
        return False
    is_use = at == 0 and word.text in set_of("indicators.spent_on")  # 74%以上用于民生
    is_denied = word.tag == "l" and word.text.startswith("未")  # 结余资金2190万元未按规定上缴
    if is_use or is_denied or word.tag in ("d", "p", "c") or word.text in set_of("indicators.predicate_openers"):
        return True
    if not is_verb(word):
        return False
    if word.text not in set_of("indicators.leading") and _heads_compound(found[at + 1 : at + 4]):
        return False
    # An activity with a noun after it is part of a compound: 20项服务岗位, 3个监测点.
    rest = at + 1
    while rest < len(found) - 1 and word.tag == found[rest].tag == "vn":
        rest += 1
    follows = found[rest] if rest < len(found) else None
    compound = follows and is_noun(follows) and (word.tag == "vn" or len(follows.text) == 1 or len(found) == 2)
    return not compound


def _is_among(found: list[Word], at: int) -> bool:
    """Whether what follows is said of some of the things alone: 商品中有6类需要竞价, 学员中女性占35%."""
    dropped = set_of("indicators.dropped")
    rest = [word for word in found[at + 1 :] if word.tag != "d" and word.text not in dropped]  # 指标中仍有9项
    follows = rest[0].text if rest and not (is_action(rest[0]) or rest[0].tag == "i") else ""  # 县区中排名第3
    return (
        found[at].text == "中"
        and found[at].tag == "f"
        and (is_noun(found[at - 1]) or found[at - 1].tag == "q")
        and (
            follows in ("", ",", *words_of("indicators.existence"), *words_of("indicators.leading_out"))
            or rest[-1].text == "占"
        )
    )


def _heads_compound(found: list[Word]) -> bool:
    """Whether verbs and nouns lead to a noun that activities are named with: 改扩建工程."""
    head = next((at for at, word in enumerate(found) if word.text in set_of("indicators.compound_heads")), None)
    return head is not None and all(is_verb(word) or is_noun(word) for word in found[:head])
