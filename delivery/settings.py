"""Settings that every process shares, read once from the environment (prefix ``ZHIBIAO_``) and from ``.env``."""

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from schemas.names import SITE_PATTERN

#: A week: a hand-over that comes back later is counted from one again.
ATTEMPTS_TTL_S: Final = 7 * 24 * 3600
_SECRET = ("redis_url", "sinks", "page_token")
_URL_SCHEMES = ("redis", "rediss", "unix")


class SharedSettings(BaseSettings):
    """Where the folders and Redis are. The README's table names every field, and a test compares the two."""

    model_config = SettingsConfigDict(
        env_prefix="ZHIBIAO_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    redis_url: SecretStr | None = Field(
        default=None, description="Redis to use, redis:// or rediss:// (TLS); unset: `zhibiao up` starts its own"
    )
    site: str = Field(
        default="",
        pattern=SITE_PATTERN,
        description="this service's name among others on the same Redis: part of keys, channels, ids and source; a-z, 0-9, -",
    )
    inbox: Path = Field(default=Path("inbox"), description="folder that reports are dropped into")
    processed: Path = Field(default=Path("processed"), description="folder that read reports move to")
    quarantine: Path = Field(default=Path("quarantine"), description="folder that unreadable files move to")
    state: Path = Field(default=Path("state"), description="folder of the ledger and of the embedded Redis")
    max_file_bytes: int = Field(default=100_000_000, gt=0, description="larger files go to quarantine unread")
    max_attempts: int = Field(
        default=3,
        ge=1,
        description="times a report is begun before it is given up; at most twice where it is over the time limit",
    )
    report_ttl_s: int | None = Field(
        default=None, gt=0, description="how long reports stay under their keys; unset: for ever"
    )
    results_maxlen: int | None = Field(
        default=None, gt=0, description="about how many events the streams keep; unset: all"
    )
    done_ttl_s: int | None = Field(
        default=None, ge=86_400, description="how long it is known that an event was published; unset: for ever"
    )
    attempts_ttl_s: int = Field(
        default=ATTEMPTS_TTL_S, ge=3600, description="how long attempts at a report, and what they came to, are known"
    )
    # The 64 workers that `zhibiao up` may start have the ports behind it.
    metrics_port: int | None = Field(
        default=None, ge=1, le=65_471, description="port of /metrics for Prometheus; unset: none is served"
    )
    metrics_address: str = Field(default="127.0.0.1", description="address that /metrics is served on")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="least level logged")
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        description="auto: JSON, but text on a terminal, where `zhibiao up` has lines for people and logs to state/service.log",
    )

    plugins: bool = Field(
        default=True, description="whether readers and sinks that other packages bring along are used"
    )

    @field_validator("redis_url")
    @classmethod
    def _is_of_redis(cls, url: SecretStr | None) -> SecretStr | None:
        if url and urlsplit(url.get_secret_value()).scheme not in _URL_SCHEMES:
            raise ValueError("redis://host:port/db, rediss:// or unix:///path would be right")
        return url


class SinkSettings(SharedSettings):
    """For those that have to do with sinks, which no worker has: their URLs may hold passwords."""

    sinks: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="where events go besides Redis, by URLs with commas between: jsonl:///data/results.jsonl",
    )

    def sink_urls(self) -> tuple[str, ...]:
        """The sinks as they are; may hold passwords."""
        return tuple(sink.get_secret_value() for sink in self.sinks)

    @field_validator("sinks", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return listed(value)


def listed(value: Any) -> Any:
    """A list as people write it: words with commas between, or JSON."""
    if not isinstance(value, str):
        return value
    if not value.lstrip().startswith("["):
        return [word.strip() for word in value.split(",") if word.strip()]
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f'this is no JSON list: {error}; a,b or ["a", "b"] would be right') from None


def complaints(kind: type[BaseSettings], error: ValidationError) -> str:
    """Which settings cannot be used and why, in one line, without the value of a secret."""
    return "; ".join(_complaint(kind, row) for row in error.errors())


def _complaint(kind: type[BaseSettings], row: Any) -> str:
    reason = row["msg"].removeprefix("Value error, ")
    if not row["loc"]:
        return str(reason)
    name = str(row["loc"][0])
    is_secret = name in _SECRET
    return f"ZHIBIAO_{name.upper()}: {reason}" + ("" if is_secret else f", {row['input']!r} was given")
