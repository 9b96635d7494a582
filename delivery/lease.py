"""A worker's hold on a task: renewed while it works, so that no other worker is given the same."""

from dataclasses import dataclass

import redis

from delivery import attempt_log
from delivery.connect import names_of
from schemas.handover import HandOver


@dataclass(frozen=True)
class Lease:
    """``delivery_tag`` is the broker's name for this delivery, None where there is no broker."""

    client: redis.Redis
    handover: HandOver
    delivery_tag: str | None

    def renew(self, now_s: float, heartbeat_ttl_s: float) -> None:
        """Count the visibility timeout from ``now_s`` (wall time) again, and say that the hand-over is being read.

        Raises one of :data:`delivery.connect.UNREACHABLE` when Redis is away.
        """
        with self.client.pipeline(transaction=False) as pipe:
            if self.delivery_tag:
                pipe.zadd(names_of(self.client).unacked_index_key, {self.delivery_tag: now_s}, xx=True)
            attempt_log.heartbeat(pipe, self.handover, heartbeat_ttl_s, names_of(self.client))
            pipe.execute()
