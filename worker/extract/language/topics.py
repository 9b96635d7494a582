"""What clauses pass on: the topic of one without a figure, the words that things named together share."""

from worker.extract.language.lexicon import Lexicon
from worker.extract.language.trimming import trimmed
from worker.extract.language.words import Word, Words, is_action, is_noun, is_verb, joined
from worker.extract.language.words_before import read_words
from worker.patterns import set_of, words_of


def read_topic(text: str, words: Words, lexicon: Lexicon) -> tuple[str, bool]:
    """What a clause without a figure speaks of, and whether that is its subject, or the object of its verb."""
    cut = words.cut(text)
    if (verb := _pushed(cut, lexicon)) and text.startswith(how := joined(cut[:verb])):
        text, cut = text[len(how) :], cut[verb:]
    if cut and (cut[0].text in lexicon.grammar["asides"] or cut[-1].text in lexicon.grammar["speaking"]):
        return "", False
    if _tells_occasion(cut):
        return "", False
    found = trimmed(cut, lexicon)
    verb = next((at for at, word in enumerate(found) if _is_predicate(found, at)), len(found))
    comment = next((at for at, word in enumerate(found) if at and word.text in lexicon.grammar["comments"]), verb)
    end = verb = min(verb, comment)
    while end and found[end - 1].tag[0] in "adf":
        end -= 1
    if end > 0 and verb < len(found) and all(is_noun(word) or word.text in "的、和与及" for word in found[:end]):
        return joined(found[: _without_activity(found, end)]), True
    phrase = read_words(text, cut, found, words, lexicon)
    thing, comments = phrase.thing, lexicon.grammar["comments"]
    if (phrase.core or thing).endswith(words_of("indicators.heights")):
        heights = words_of("indicators.heights")
        end = next((at for at, word in enumerate(found) if not is_noun(word) or word.text.endswith(heights)), 0)
        return joined(found[:end]), end > 0  # 粮食按人口平均占有量超过历史最高水平
    idle = max((word for word in comments if thing.endswith(word)), key=len, default="")
    if idle and len(thing) > len(idle):
        return thing.removesuffix(idle).removeprefix("对"), False  # 安居工程建设 of 加大安居工程建设力度
    says_little = phrase.core in lexicon.grammar["attributes"] or phrase.core in set_of("indicators.compound_heads")
    return (thing if says_little else phrase.core) or thing, False


def _tells_occasion(cut: list[Word]) -> bool:
    """Whether a clause only says under what or in the course of what all was done: 在县委指导下, 集中行动中."""
    if len(cut) < _FEWEST:
        return False
    if cut[-1].text == "方面":
        return True  # 治理方面，
    if cut[-1].tag != "f":
        return False
    is_activity = len(cut) == _FEWEST and is_verb(cut[0])  # 答复中
    is_course = cut[-1].text in ("中", "里", "期间") and (is_activity or cut[-2].text in set_of("indicators.occasions"))
    return is_course or (cut[0].text == "在" and cut[-1].text in ("下", "后", "前", "上", "之下", "时"))


_FEWEST = 2  # words
_AND = frozenset("和与及")


def _pushed(cut: list[Word], lexicon: Lexicon) -> int:
    """Where the verb stands, where nothing but how it is done stands before it: 科学有序推进; 0 where a subject does."""
    grammar = lexicon.grammar
    verb = next((at for at, word in enumerate(cut) if word.text in grammar["pushing"]), 0)
    return verb if all(word.text in grammar["how"] or word.tag in ("d", "ad") for word in cut[:verb]) else 0


def _without_activity(found: list[Word], end: int) -> int:
    """Where a subject ends without the activity that is its head: 中老铁路 of 中老铁路发展(远超预期)."""
    return end - 1 if end > 1 and found[end - 1].text in set_of("indicators.activities") else end


def _is_predicate(found: list[Word], at: int) -> bool:
    word = found[at]
    return is_action(word) or (word.tag in ("d", "p") and len(word.text) > 1)


def shared_tail(first: list[Word], last: list[Word], attributes: tuple[str, ...]) -> str:
    """What the last of several things named together says for all: 收入 of 城镇和农村收入.

    It stands after what is parallel in both: a single word, or a verb (集中养育和社会散居孤儿津贴).
    """
    if len(first) == len(last) == 1:
        ends = words_of("indicators.cases")
        end = next((one for one in ends if last[0].text.endswith(one) and last[0].text != one), "")
        return "" if first[0].text.endswith(ends) else end  # 刑事、治安案件
    if len(last) < 2 or (is_action(first[0]) and first[-1].tag[0] == "n"):
        return ""
    if (
        last[-1].text in words_of("indicators.cases")
        and first[-1].text != last[-1].text
        and len(first) > 1
        and len(last) > _FEWEST
    ):
        return last[-1].text  # 买卖合同、民间借贷案件
    repeated = next((at for at in range(len(last) - 1) if last[at].text == first[-1].text), None)
    if repeated is not None:
        return joined(last[repeated + 1 :])
    if first[-1].text.endswith((*attributes, "数")):
        return ""
    if is_verb(first[-1]):
        verb = next((at for at in range(len(last) - 2, -1, -1) if is_verb(last[at]) or last[at].tag == "b"), None)
        if verb is not None:
            shared = last[verb + 1 :]
            return "" if all(map(is_verb, shared)) else joined(shared)  # 废止和宣布失效
    is_pair = any(word.text in _AND for word in last[1:-1])  # 金融业、软件和信息服务业增加值
    if len(first) == 1 and is_noun(first[0]) and is_noun(last[0]) and not last[0].text.isdigit() and not is_pair:
        return joined(last[1:])
    return last[-1].text if last[-1].text.endswith(attributes) else ""
