"""Settings of the page, beside those that every process shares."""

from typing import Self

from pydantic import Field, SecretStr, model_validator

from delivery.settings import SharedSettings

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class PageSettings(SharedSettings):
    """Where the page is served, and to whom."""

    page_address: str = Field(
        default="127.0.0.1", description="address that the page is served on; beyond loopback it needs a token"
    )
    page_port: int = Field(default=8480, ge=1, le=65_535, description="port of the page")
    page_token: SecretStr | None = Field(
        default=None, min_length=32, description="secret that people log in with; unset: none is asked for on loopback"
    )
    page_hosts: str = Field(
        default="", description="names that the page may be called by besides its address, with commas between"
    )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.page_address in LOOPBACK

    @model_validator(mode="after")
    def _is_guarded(self) -> Self:
        if not self.is_local and self.page_token is None:
            raise ValueError(
                "ZHIBIAO_PAGE_ADDRESS is open to others: ZHIBIAO_PAGE_TOKEN of 32 characters or more is needed"
            )
        return self


def address_of(settings: PageSettings) -> str:
    """What to type into a browser."""
    host = settings.page_address
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{shown}:{settings.page_port}/"
