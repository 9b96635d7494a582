"""Names that are another's are left alone, and asked for again."""

from pathlib import Path

import pytest
import redis

from delivery.owner import Other, Service
from watcher.running.alarms import Alarms
from watcher.running.claim import AGAIN_S, ALARM, RENEW_S, Claim
from watcher.settings import WatcherSettings

OTHER = Other(Service("2", "b", "/srv/b"), is_alive=True)


class Registry:
    """Gives what it is told to; None are ours."""

    def __init__(self) -> None:
        self.owner: Other | Exception | None = None
        self.asked: list[tuple[str, bool]] = []
        self.released = 0

    def claim(self, service: Service, *, may_replace: bool) -> Other | None:
        self.asked.append((service.id, may_replace))
        if isinstance(self.owner, Exception):
            raise self.owner
        return self.owner

    def release(self, service: Service) -> None:
        self.released += 1
        raise redis.ConnectionError("away")


@pytest.fixture
def now() -> list[float]:
    return [100.0]


def claim_of(folder: Path, registry: Registry, now: list[float], alarms: Alarms, *accepted: str) -> Claim:
    settings = WatcherSettings(state=folder, accept_risks=accepted, _env_file=None)  # type: ignore[call-arg, arg-type]
    return Claim(registry, settings, "redis://h/0", alarms, lambda: now[0])


def test_it_is_asked_for_again_in_its_time(tmp_path: Path, now: list[float]) -> None:
    registry, alarms = Registry(), Alarms(lambda: now[0])
    claim = claim_of(tmp_path, registry, now, alarms)
    assert not claim.is_held()  # nobody has been asked
    for owner, wait_s, held in (
        (None, RENEW_S, True),
        (OTHER, AGAIN_S, False),
        (OTHER, AGAIN_S, False),
        (None, 0.0, True),
    ):
        registry.owner = owner
        claim.renew()
        claim.renew()
        assert claim.is_held() is held
        assert (ALARM in alarms.texts()) is not held
        now[0] += wait_s
    assert len(registry.asked) == 4
    assert not any(may_replace for _, may_replace in registry.asked)


def test_a_redis_that_is_away_changes_nothing(tmp_path: Path, now: list[float]) -> None:
    registry = Registry()
    claim = claim_of(tmp_path, registry, now, Alarms(lambda: now[0]), "other-service")
    claim.renew()
    registry.owner = redis.ConnectionError("away")
    now[0] += RENEW_S
    for _ in range(2):
        with pytest.raises(redis.ConnectionError):
            claim.renew()
    assert claim.is_held()
    assert registry.asked[0][1]
    claim.release()
    assert registry.released == 1
