"""URLs without their secrets, and what Celery makes of them."""

import pytest

from delivery.connect import redacted
from delivery.queue import celery_settings


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("redis://:pw@host/1", "redis://:***@host/1"),
        (
            "rediss://user:p%40s/s:w@host:6380/0?ssl_ca_certs=/ca.pem",
            "rediss://user:***@host:6380/0?ssl_ca_certs=/ca.pem",
        ),
        ("rediss://user:p@ss@host/0", "rediss://user:***@host/0"),
        ("unix://user:pw@/run/redis.sock?db=2", "unix://user:***@/run/redis.sock?db=2"),
        ("unix:///run/redis.sock?Password=pw&db=2", "unix:///run/redis.sock?Password=***&db=2"),
        ("cannot reach redis://a:b@h/0, nor redis://c:d@h/1", "cannot reach redis://a:***@h/0, nor redis://c:***@h/1"),
        ("see https://example.org/a@b", "see https://example.org/a@b"),
    ],
)
def test_no_password_is_shown(url: str, shown: str) -> None:
    """In a URL, in its query, or in a sentence."""
    assert redacted(url) == shown


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://:pw@host:6379/1", "redis://:pw@host:6379/1"),
        ("rediss://user:pw@host/0", "rediss://user:pw@host/0?ssl_cert_reqs=required"),
        ("rediss://host/0?ssl_cert_reqs=none", "rediss://host/0?ssl_cert_reqs=none"),
        ("rediss://host/0?ssl_ca_certs=/a%20b.pem", "rediss://host/0?ssl_ca_certs=%2Fa+b.pem&ssl_cert_reqs=required"),
        ("unix:///run/my%20redis.sock", "redis+socket:///run/my%20redis.sock"),
        ("unix://user:pw@/run/redis.sock?db=2", "redis+socket://user:pw@/run/redis.sock?virtual_host=2"),
        ("unix:///run/redis.sock?password=p%40w&db=2", "redis+socket://:p%40w@/run/redis.sock?virtual_host=2"),
        ("unix:///run/redis.sock?username=u&password=pw", "redis+socket://u:pw@/run/redis.sock"),
    ],
)
def test_celery_is_told_the_same_place(url: str, broker: str) -> None:
    """In its own spelling; TLS without verification only when asked for."""
    assert celery_settings(url)["broker_url"] == broker
