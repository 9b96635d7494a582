"""A sink that gets nothing is told of, with the reason."""

from watcher.sending.sinks import GRACE_S, UNFED, SinkSigns


def test_what_is_wrong_is_told_at_once_and_who_is_missing_after_a_while() -> None:
    """At the start, and each time after its last sign: whoever feeds it may be on its way."""
    signs = SinkSigns(now_s=100.0)
    looks = [
        (100.0, {"a": None, "b": "disk full"}),
        (100.0 + GRACE_S, {"a": None, "b": ""}),
        (101.0 + GRACE_S, {"a": "", "b": None}),
        (101.0 + 2 * GRACE_S, {"a": None, "b": None}),
        (102.0 + 2 * GRACE_S, {"a": "", "b": None}),
    ]

    assert [dict(signs.note(seen, now_s)) for now_s, seen in looks] == [
        {"a": "", "b": "disk full"},
        {"a": UNFED, "b": ""},
        {"a": "", "b": ""},
        {"a": UNFED, "b": UNFED},
        {"a": "", "b": UNFED},
    ]


def test_without_sinks_nothing_is_told() -> None:
    assert dict(SinkSigns(0.0).note({}, 1000.0)) == {}
