"""How binding a target is put: soft, hard, strive or plain."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from exports.columns import Row

Tone = Literal["soft", "hard", "strive", "plain"]
TITLES: dict[Tone, str] = {"soft": "软", "hard": "硬", "strive": "力争", "plain": "无"}

_STOP = re.compile(r"[,，;；。:：]")


@cache
def _verbs() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads((files("panels") / "data" / "tones.toml").read_text(encoding="utf-8"))
    return {tone: tuple(row["words"]) for tone, row in table.items()}


def tone_of(row: Row) -> Tone:
    """The tone of a planned figure.

    What qualifies the number decides first: a range, 左右 and 约 are soft; 以上, 以内 and their like are hard. Then the words of its
    own clause before it: 力争 strives, 确保 is hard. A bare number is plain.
    """
    if row["value_high"] is not None or row["qualifier"] == "about":
        return "soft"
    before = _clause_before(str(row["sentence"] or ""), str(row["quote"] or ""))
    if any(word in before for word in _verbs()["strive"]):
        return "strive"
    if row["qualifier"] in ("over", "under") or any(word in before for word in _verbs()["hard"]):
        return "hard"
    return "plain"


def _clause_before(sentence: str, quote: str) -> str:
    """The words between the last mark and the number; nothing where the number stands otherwise in the sentence."""
    at = sentence.find(quote)
    return _STOP.split(sentence[:at])[-1] if at >= 0 else ""
