"""What one look found."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

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
