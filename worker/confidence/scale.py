"""What each reason is worth: the weights of ``worker/data/confidence.toml``."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from typing import Any

from worker.facts import load_facts
from worker.once import Once

#: Stands in place of the base, which is that of figures of the prose.
IN_A_TABLE = "in_a_table"
_SETS_OF_RULES = 1024


@dataclass(frozen=True)
class Scale:
    """The weights by reason, in log-odds; the rules of fields that are a reason; the words that reasons look for."""

    base: float
    weights: Mapping[str, float]
    rules: Mapping[str, frozenset[str]]
    vague_end: re.Pattern[str]
    years: re.Pattern[str]

    @Once
    def of_rules(self) -> Callable[[frozenset[str]], tuple[str, ...]]:
        """The reasons that these rules are, which decided a figure's fields: most figures have few of them."""
        return lru_cache(maxsize=_SETS_OF_RULES)(self._of_rules)

    def _of_rules(self, deciding: frozenset[str]) -> tuple[str, ...]:
        return tuple(reason for reason, rules in self.rules.items() if not rules.isdisjoint(deciding))

    def confidence(self, reasons: Collection[str]) -> float:
        """Between 0 and 1, to two decimals, cut off."""
        odds = (0.0 if IN_A_TABLE in reasons else self.base) + sum(self.weights[reason] for reason in reasons)
        return int(100 / (1 + exp(-odds))) / 100


def load_scale() -> Scale:
    """Read the weights. About a millisecond; hold on to the result."""
    facts: dict[str, Any] = load_facts("confidence")
    return Scale(
        base=facts["base"],
        weights={row["name"]: row["weight"] for row in facts["reason"]},
        rules={row["name"]: frozenset(row["rules"]) for row in facts["reason"] if "rules" in row},
        vague_end=re.compile(f"(?:{'|'.join(facts['vague_verbs'])})$"),
        years=re.compile("|".join(facts["years_words"])),
    )
