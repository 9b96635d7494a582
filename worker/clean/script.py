"""Traditional to simplified script, one character for one character."""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import islice

from worker.facts import load_facts
from worker.patterns import any_of

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(f"[{HAN}]+")

#: A paragraph with fewer telling characters than this is taken to be in the script of the whole.
FEWEST_TELLING = 3
_LAST_IDEOGRAPH = 0x3FFFF
_RUNS_REMEMBERED = 4096


class Script:
    """Tells the script of a text and converts it; remembers what it has converted.

    ``to_simplified`` is OpenCC's ``t2s``, which keeps the length of any text. It is slow, so characters that convert
    alike everywhere go through a table that is filled as they turn up, and only the runs of Han characters that hold
    one of the others are handed to it.
    """

    def __init__(self, to_simplified: Callable[[str], str]) -> None:
        self._to_simplified = lru_cache(maxsize=_RUNS_REMEMBERED)(to_simplified)
        facts = load_facts("script")
        self._alone = _Alone(to_simplified)
        self._after_alone = _AfterAlone(_words(facts["characters"]))
        self._keep = _words(facts["keep"])
        self._context = re.compile(f"[{facts['context']['characters']}]")
        self._kept = re.compile(any_of(self._keep))
        self._not_simplified, self._only_simplified = _telling()
        self._zhu = re.compile(f"(?<=[{facts['zhu']['before']}])著|著(?=[{facts['zhu']['after']}])")

    def characters(self, text: str) -> str:
        """The text with every character simplified by itself: good enough to compare words by."""
        return text.translate(self._alone)

    def convert(self, text: str) -> str:
        """Traditional text in simplified script, of the same length.

        >>> from worker.tools import load_tools
        >>> Script(load_tools().to_simplified).convert("顯著提高公眾衞生水平")
        '显著提高公众卫生水平'
        """
        simple = text.translate(self._alone)
        if self._context.search(text):
            simple = self._by_context(text, simple)
        kept = {match.start(): "著" for match in self._zhu.finditer(simple)}
        kept.update({match.start(): self._keep[match[0]] for match in self._kept.finditer(text)})
        return _with(simple.translate(self._after_alone), kept)

    def is_traditional(self, text: str, *, otherwise: bool) -> bool:
        """Whether most of the telling characters are traditional; ``otherwise`` where there are too few to tell."""
        traditional, simplified = self.telling(text)
        if traditional + simplified < FEWEST_TELLING:
            return otherwise
        return traditional >= simplified

    def has_traditional(self, text: str) -> bool:
        """Whether a text has any character that only traditional script has."""
        return self._traditional(text) > 0

    def is_mostly_traditional(self, text: str) -> bool:
        """Whether a whole text has more characters of traditional script alone than of simplified script alone."""
        traditional = self._traditional(text)
        return sum(1 for _ in islice(self._only_simplified.finditer(text), traditional)) < traditional

    def telling(self, text: str) -> tuple[int, int]:
        """How many characters only traditional script has, and how many only simplified script."""
        return self._traditional(text), len(self._only_simplified.findall(text))

    def _traditional(self, text: str) -> int:
        return sum(self._alone[ord(char)] != char for char in self._not_simplified.findall(text))

    def _by_context(self, text: str, simple: str) -> str:
        parts = []
        place = 0
        for run in _HAN_RUN.finditer(text):
            if self._context.search(run[0]):
                converted = self._to_simplified(run[0])
                if len(converted) == len(run[0]):
                    # Alone, 於 converts to 于; only rare names keep it, and those are in the data.
                    converted = converted.replace("於", "于")
                    parts.append(simple[place : run.start()] + converted)
                    place = run.end()
        return "".join(parts) + simple[place:]


class _Alone(dict[int, str]):
    """What each character converts to by itself; filled as characters turn up."""

    def __init__(self, to_simplified: Callable[[str], str]) -> None:
        super().__init__()
        self._to_simplified = to_simplified

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if code > _LAST_IDEOGRAPH:
            return char  # and no text can fill the memory with them
        new = self._to_simplified(char) if code > 0x33FF else char
        self[code] = new if len(new) == 1 else char
        return self[code]


class _AfterAlone(dict[int, str]):
    """Conversions that follow the others, keyed by code point as ``str.translate`` wants it."""

    def __init__(self, pairs: dict[str, str]) -> None:
        super().__init__({ord(key): new for key, new in pairs.items()})


def _telling() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The ideographs that simplified script lacks, and those that only simplified script has.

    GB2312 is the character set of simplified script and Big5 that of traditional: what one lacks tells.
    """
    simplified = "".join(map(chr, range(0x4E00, 0xA000))).encode("gb2312", "ignore").decode("gb2312")
    in_both = set(simplified.encode("big5", "ignore").decode("big5"))
    only = "".join(char for char in simplified if char not in in_both)
    return re.compile(f"[^\x00-\u4dff\ua000-\U0010ffff{simplified}]"), re.compile(f"[{only}]")


def _words(table: dict[str, str]) -> dict[str, str]:
    return {key: new for key, new in table.items() if key != "source"}


def _with(text: str, words: dict[int, str]) -> str:
    """The text with each word written over what stands at its place."""
    if not words:
        return text
    chars = list(text)
    for place, word in words.items():
        chars[place : place + len(word)] = word
    return "".join(chars)


@lru_cache(maxsize=4)
def script_of(to_simplified: Callable[[str], str]) -> Script:
    """The :class:`Script` of a converter, made once per process."""
    return Script(to_simplified)
