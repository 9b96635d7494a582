"""How the service is, in words: pure, from what was seen of it."""

from dataclasses import dataclass, field
from typing import Literal

from page.wording import Wording
from watcher.whereabouts import Overview, Unfinished

Level = Literal["good", "warn", "bad"]
_GRAVE = (
    "not-taken",
    "redis-full",
    "ledger",
    "unsafe",
    "wrong-kind",
    "inbox-unavailable",
    "not-filed",
    "worker",
    "stuck",
)


@dataclass(frozen=True)
class Sentence:
    """One thing that is so; ``more`` is what the service itself says of it, ``command`` what would help."""

    level: Level
    text: str
    more: str = ""
    command: str = ""


@dataclass(frozen=True)
class Standing:
    """All that is to be said, the gravest first; ``counts`` are files by state, as the ledger has them."""

    sentences: tuple[Sentence, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """The gravest."""
        return self.sentences[0].level if self.sentences else "good"


def of(overview: Overview | None, words: Wording, *, has_redis: bool, has_store: bool) -> Standing:
    """In the words of one language; ``overview`` is None where no service has ever run."""
    said: list[Sentence] = []
    if overview is None:
        said.append(Sentence("bad", words("standing.never"), command="zhibiao up"))
        return Standing(tuple(said))
    if overview.watcher.startswith(("not running", "no sign")):
        said.append(Sentence("bad", words("standing.no_watcher"), command="zhibiao up"))
    elif not has_redis:
        said.append(Sentence("bad", words("standing.no_redis"), command="zhibiao doctor"))
    said += [Sentence("bad", words("standing.full"), more=words.told(text)) for text in overview.full]
    said += [_of_alarm(name, text, words) for name, text in overview.alarms.items()]
    if not has_store:
        said.append(Sentence("warn", words("standing.no_store"), command="zhibiao store rebuild"))
    if not said:
        said.append(Sentence("good", words("standing.well")))
    return Standing(tuple(sorted(said, key=lambda one: ("bad", "warn", "good").index(one.level))), overview.counts)


def held_up(overview: Overview | None) -> list[Unfinished]:
    """Files of which more is to be said than that they are on their way: not whole yet, or something is in their way."""
    return [one for one in overview.unfinished if one.state == "waiting" or ": " in one.why] if overview else []


def _of_alarm(name: str, text: str, words: Wording) -> Sentence:
    """What the service warns of, in the page's words where it has some for this kind; its own words always."""
    known = words.keys()
    kind = next((kind for kind in (name, name.partition("-")[0]) if f"alarm.{kind}" in known), "other")
    level: Level = "bad" if name.startswith(_GRAVE) else "warn"
    command = "zhibiao up" if name == "not-taken" else ""
    return Sentence(level, words(f"alarm.{kind}"), words.told(text), command)
