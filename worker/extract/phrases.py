"""A small grammar of the words around a figure: what was counted (thing) and what was done to it (act)."""

from collections.abc import Iterable
from dataclasses import dataclass

from worker.extract.lexicon import Lexicon
from worker.extract.words import Word, Words

TYPICAL = 20  # characters; a longer phrase is cut back to its core
_MARKS = frozenset(" ,;:、。()[]·.的和与及等各-—\n")
_ACTOR_ENDS = (
    "局",
    "部门",
    "委",
    "院",
    "厅",
    "办",
    "市",
    "县",
    "区",
    "镇",
    "省",
    "政府",
    "机关",
    "街道",
    "处",
    "办公室",
    "委员会",
    "州",
    "乡",
    "旗",
    "国",
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """``modifier`` + ``thing`` + ``act`` in this order make the indicator; each may be empty."""

    thing: str = ""
    act: str = ""
    modifier: str = ""
    actor: str = ""

    def __bool__(self) -> bool:
        return bool(self.thing or self.act)

    @property
    def name(self) -> str:
        """The indicator in canonical order."""
        return self.modifier + self.thing + self.act


def read_left(text: str, words: Words, lexicon: Lexicon) -> Phrase:
    """The phrase in the words before a figure."""
    found = _trimmed(words.cut(text), lexicon)
    if not found:
        return Phrase()
    return _within(_parsed(found, lexicon), found, lexicon)


def read_right(text: str, words: Words, lexicon: Lexicon) -> tuple[str, str]:
    """The noun phrase that a figure counts in the words behind it, and the predicate that follows."""
    found = words.cut(text)
    while found and (found[0].text in _MARKS or found[0].text in ("以上", "左右", "以下", "以内", "多", "余")):
        found = found[1:]
    stop = next((at for at, word in enumerate(found) if _ends_noun(word, at, found)), len(found))
    noun = _joined(found[:stop]).strip(" 、和与及的(")
    predicate = [word for word in found[stop:] if not _is_dropped(word, lexicon) and word.tag != "d"]
    return noun, _joined(predicate).strip(" 、和与及的(,")


def _ends_noun(word: Word, at: int, found: list[Word]) -> bool:
    if word.text in ("的", "和", "与", "及", "、", "等"):
        return False
    if word.tag in ("d", "p", "c", "zg", "uj") or word.text in (
        "在",
        "为",
        "已",
        "均",
        "是",
        "进行",
        "分别",
        "被",
        "由",
    ):
        return True
    if not _is_verb(word):
        return False
    # A verb right before a noun and right behind the number is part of a compound: 3个监测点, 20项服务岗位.
    return not (
        at + 1 < len(found) and _is_noun(found[at + 1]) and at <= 1 and len(found[at + 1].text) > 1 and word.tag == "vn"
    )


def _is_verb(word: Word) -> bool:
    return word.tag[0] == "v"


def _is_noun(word: Word) -> bool:
    return word.tag[0] in "nlijxbsr" or word.tag in ("an", "vn", "eng")


def _is_dropped(word: Word, lexicon: Lexicon) -> bool:
    return word.text in lexicon.grammar["dropped"]


def _trimmed(found: list[Word], lexicon: Lexicon) -> list[Word]:
    found = [word for word in found if not _is_dropped(word, lexicon)]
    before, opening = lexicon.grammar["before_number"], lexicon.grammar["opening"]
    end = len(found)
    while end and (
        (found[end - 1].text in before and _may_drop(found, end, lexicon)) or found[end - 1].text in _MARKS - {")"}
    ):
        end -= 1
    start = 0
    while start < end and (
        found[start].text in opening or found[start].text in _MARKS or found[start].tag in ("d", "c", "y", "t")
    ):
        start += 1
    return found[start:end]


def _may_drop(found: list[Word], end: int, lexicon: Lexicon) -> bool:
    # 完成 and 实现 are acts of their own, unless a thing stands before them: 财政收入完成29亿元.
    if found[end - 1].text not in ("完成", "实现"):
        return True
    return any(
        _is_noun(word) and word.text not in lexicon.grammar["opening"] and word.text not in _MARKS
        for word in found[: end - 1]
    ) and not any(_is_verb(word) and word.tag != "vn" for word in found[: end - 1])


def _parsed(found: list[Word], lexicon: Lexicon) -> Phrase:
    prepositions = lexicon.grammar["prepositions"]
    modifier = ""
    if found[0].text in prepositions and len(found) > 2:
        verb = next((at for at, word in enumerate(found) if at > 1 and _is_verb(word) and word.tag != "vn"), None)
        if verb is None:
            found = found[1:]
        elif verb < len(found):
            modifier = _joined(word for word in found[1:verb] if word.tag != "d" and word.tag != "f").strip("的、,")
            found = found[verb:]
    if not found:
        return Phrase()
    head = _leading_verbs(found)
    if head and head < len(found):
        return Phrase(_joined(found[head:]), _joined(found[:head]), modifier)
    if head:
        return Phrase("", _joined(found), modifier)
    tail = _trailing_verbs(found)
    if tail:
        thing = found[: len(found) - tail]
        middle = next((at for at, word in enumerate(thing) if at and word.tag == "v"), None)
        if middle is None or middle == len(thing) - 1:
            return Phrase(_joined(thing), _joined(found[len(found) - tail :]), modifier)
    middle = next((at for at, word in enumerate(found) if at and word.tag == "v" and at + 1 < len(found)), None)
    if middle is None:
        return Phrase(_joined(found), "", modifier)
    actor = _joined(found[:middle])
    rest = found[middle:]
    head = max(1, _leading_verbs(rest))
    keep = "" if actor.endswith(_ACTOR_ENDS) else actor
    return Phrase(_joined(rest[head:]), _joined(rest[:head]), modifier + keep.strip("的"), actor)


def _leading_verbs(found: list[Word]) -> int:
    count = 0
    while count < len(found) and (_is_verb(found[count]) or (count and found[count].text in "了、并和")) and count < 4:
        if found[count].tag == "vn" and count + 1 < len(found) and _is_noun(found[count + 1]) and not count:
            return 0 if len(found) > 3 else 1
        count += 1
    return count


def _trailing_verbs(found: list[Word]) -> int:
    count = 0
    while count < len(found) - 1 and _is_verb(found[-1 - count]) and count < 2:
        count += 1
    return count


def _within(phrase: Phrase, found: list[Word], lexicon: Lexicon) -> Phrase:
    """The phrase without what makes it longer than a reader would name it."""
    if len(phrase.name) <= TYPICAL:
        return phrase
    if phrase.modifier and len(phrase.thing + phrase.act) >= 4:
        return _within(Phrase(phrase.thing, phrase.act, "", phrase.actor), found, lexicon)
    words = found
    while len(_joined(words)) > TYPICAL:
        cut = next((at for at, word in enumerate(words) if at and (word.tag == "v" or word.text in "的、,")), None)
        if cut is None or cut >= len(words) - 1:
            break
        words = words[cut + (words[cut].text in "的、,") :]
    if len(words) < len(found):
        shorter = _parsed(words, lexicon)
        return Phrase(shorter.thing, shorter.act or phrase.act, "", phrase.actor)
    return phrase


def _joined(words: Iterable[Word]) -> str:
    return "".join(word.text for word in words).replace(" ", "")
