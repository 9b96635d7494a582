"""Points in the past as people write them, and as a stream knows them."""

import re
from datetime import UTC, datetime, timedelta

from zhibiao.wording import say

_ID = re.compile(r"\d{1,19}-\d{1,19}")
_AGO = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def stream_id(text: str, now: datetime) -> str:
    """The id from which a stream is to be read to get what came at ``text`` or later. A time without zone is local.

    >>> stream_id("10m", datetime(2026, 11, 24, tzinfo=UTC))
    '1795477800000-0'
    >>> stream_id("0", datetime(2026, 11, 24, tzinfo=UTC))
    '0-0'

    Raises:
        ValueError: the text is no point in the past; says what would be one.
    """
    text = text.strip()
    if text == "0":
        return "0-0"
    if _ID.fullmatch(text):
        return text
    try:
        if ago := _AGO.fullmatch(text):
            return _at(now - timedelta(seconds=float(ago[1]) * _SECONDS[ago[2]]))
        return _at(datetime.fromisoformat(text).astimezone(UTC))
    except (ValueError, OverflowError):
        raise ValueError(say("usage.no_time", value=repr(text))) from None


def before(entry_id: str) -> str:
    """The id right before ``entry_id``, for readers that begin after the id they are given.

    >>> before("1732430000000-0"), before("5-3"), before("0-0")
    ('1732429999999-18446744073709551615', '5-2', '0-0')
    """
    milliseconds, sequence = (int(part) for part in entry_id.split("-"))
    if sequence:
        return f"{milliseconds}-{sequence - 1}"
    return f"{milliseconds - 1}-{2**64 - 1}" if milliseconds else "0-0"


def _at(moment: datetime) -> str:
    return f"{max(0, round(moment.timestamp() * 1000))}-0"
