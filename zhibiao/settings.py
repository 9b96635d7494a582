"""Settings of the one-machine service, beside those that every process shares."""

from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from delivery.settings import SharedSettings, SinkSettings, complaints

Settings = TypeVar("Settings", bound=BaseSettings)


class SpeechSettings(BaseSettings):
    """Apart from all others: a command tells which of those is wrong in the language that this one names."""

    model_config = SettingsConfigDict(
        env_prefix="ZHIBIAO_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    lang: Literal["auto", "en", "zh"] = Field(
        default="auto", description="language of what commands say to people: en or zh; auto: that of the locale"
    )


class ServiceSettings(SinkSettings):
    """What ``zhibiao up`` starts and how it stops."""

    redis_port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="port on 127.0.0.1 of the Redis that `zhibiao up` starts; unset: a socket alone",
    )
    workers: int = Field(default=2, ge=1, le=64, description="worker processes that `zhibiao up` starts")
    store: bool = Field(
        default=True, description="whether `zhibiao up` keeps state/store.sqlite, all figures to be asked"
    )
    page: bool = Field(default=True, description="whether `zhibiao up` serves the page, where its extra is installed")
    drain_s: float = Field(
        default=30.0, gt=0, description="seconds that `zhibiao up` gives running reports to finish when it stops"
    )


class BadSettings(Exception):
    """A setting has a value that cannot be used; says which, and never the value of a secret."""


def load(kind: type[Settings]) -> Settings:
    """Settings of one kind from the environment and ``.env``.

    Raises:
        BadSettings: a value cannot be used.
    """
    try:
        return kind()
    except OSError as error:
        raise BadSettings(
            f"{error.filename}: {error.strerror}; a file that this user may read would be right"
        ) from None
    except ValidationError as error:
        raise BadSettings(complaints(kind, error)) from None


def environment(settings: SharedSettings, redis_url: str) -> dict[str, str]:
    """The settings as environment variables for child processes: absolute folders, this Redis."""
    values: dict[str, Any] = {
        name: getattr(settings, name) for name in SharedSettings.model_fields if name != "redis_url"
    }
    for name in ("inbox", "processed", "quarantine", "state"):
        values[name] = values[name].absolute()
    chosen = {f"ZHIBIAO_{name.upper()}": str(value) for name, value in values.items() if value is not None}
    return {**chosen, "ZHIBIAO_REDIS_URL": redis_url}
