"""Settings of a worker, on top of those that every process shares."""

from functools import lru_cache

from pydantic import Field, ValidationError

from delivery.settings import SharedSettings, complaints


class WorkerSettings(SharedSettings):
    """How a worker reads; read once per process by :func:`worker_settings`."""

    concurrency: int | None = Field(
        default=None, ge=1, description="reports that a worker reads at once; unset: one per processor"
    )
    soft_time_limit_s: int = Field(default=120, gt=0, description="seconds after which reading a report is broken off")
    hard_time_limit_s: int = Field(default=180, gt=0, description="seconds after which its process is killed")
    max_event_bytes: int = Field(
        default=64_000_000, gt=0, description="a report whose figures make a larger event goes to quarantine"
    )
    max_child_memory_kib: int = Field(
        default=1_500_000, gt=0, description="a worker process that has grown beyond this is replaced"
    )
    max_child_address_space_bytes: int = Field(
        default=4_000_000_000, ge=0, description="most memory a worker process may ask for; 0: no limit"
    )


@lru_cache(maxsize=1)
def worker_settings() -> WorkerSettings:
    """The settings of this process.

    Raises:
        SystemExit: a value cannot be used; Celery's command ends with the reason.
    """
    try:
        return WorkerSettings()
    except ValidationError as error:
        raise SystemExit(f"worker: {complaints(WorkerSettings, error)}") from None
