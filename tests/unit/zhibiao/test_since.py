"""Points in the past."""

from datetime import UTC, datetime

import pytest

from zhibiao.since import before, stream_id

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("0", "0-0"),
        ("1732430000000-7", "1732430000000-7"),
        (" 90s ", "1795507110000-0"),
        ("1.5h", "1795501800000-0"),
        ("3d", "1795248000000-0"),
        ("2026-11-24T07:00:00Z", "1795503600000-0"),
        ("2026-11-24T08:00:00+08:00", "1795478400000-0"),
        ("1950-01-01T00:00:00Z", "0-0"),
    ],
)
def test_a_point_in_the_past_becomes_an_entrys_id(text: str, entry_id: str) -> None:
    """Ids stay, ages count back from now, times go by their zone; nothing is before the beginning."""
    assert stream_id(text, NOW) == entry_id


@pytest.mark.parametrize("text", ["", "yesterday", "10", "5w", "-", "1-2-3", "99999999999d", "2026-13-01"])
def test_anything_else_is_refused_with_the_forms(text: str) -> None:
    """The message says what would be right."""
    with pytest.raises(ValueError, match="is not an entry's id") as error:
        stream_id(text, NOW)
    assert str(error.value).startswith(repr(text))
    assert "an ISO date" in str(error.value)


def test_before_is_the_nearest_smaller_id() -> None:
    """A sequence counts down within its millisecond, then the millisecond does."""
    assert before("8-2") == "8-1"
    assert before("8-0") == "7-18446744073709551615"
    assert before("0-0") == "0-0"
