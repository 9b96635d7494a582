"""``make bench`` goes on over a text that is refused, and says so."""

import pytest

from benchmarks import speed
from worker.errors import BadReport
from worker.tools import load_tools


def test_a_text_that_is_refused_has_its_time_and_a_star() -> None:
    text = "全县办理行政复议案件12件。" * 20

    assert not speed.cost(text, load_tools()).endswith("*")
    assert speed.cost("1件" * 200_000, load_tools()).endswith("*")


def test_a_text_that_breaks_the_reading_is_no_figure_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a refusal is one; anything else ends the benchmark."""

    def broken(*_: object) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(speed, "read", broken)
    with pytest.raises(ValueError, match="of ours"):
        speed.cost("1", load_tools())
    assert not issubclass(ValueError, BadReport)
