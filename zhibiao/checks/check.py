"""What one look found."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from watcher.risks import Risk
from watcher.settings import WatcherSettings
from zhibiao.wording import say, told

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Check:
    """``seen`` is what was found; ``advice`` says what to do about it, where something is to be done."""

    name: str
    level: Level
    seen: str
    advice: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def ok(name: str, seen: str) -> Check:
    """All is well."""
    return Check(name, "ok", seen)


def warn(name: str, seen: str, advice: str) -> Check:
    """It works, with a reservation."""
    return Check(name, "warn", seen, advice)


def fail(name: str, seen: str, advice: str) -> Check:
    """It does not work, or files or results could be lost."""
    return Check(name, "fail", seen, advice)


def weighed(name: str, risk: Risk, settings: WatcherSettings) -> Check:
    """A danger that nothing starts with: a failure, or a warning where it was accepted."""
    seen = say("seen.risk", setting=told(risk.setting), seen=told(risk.seen))
    if risk.code in settings.accept_risks:
        return warn(name, seen, say("advice.risk_accepted", loses=told(risk.loses)))
    advice = say("advice.risk", loses=told(risk.loses), right=told(risk.right), code=risk.code)
    return fail(name, seen, advice)
