"""Two names held against each other, and put together."""

_CASE = ("案", "案件")


def run_together(part: str, whole: str) -> str:
    """The two as one name, with the word that ends one and opens the other said once: 刑事赔偿 + 赔偿案件."""
    most = min(len(part), len(whole)) - 1
    shared = next((size for size in range(most, 1, -1) if part.endswith(whole[:size])), 0)
    return part + whole[shared:]


def overlap(one: str, other: str) -> bool:
    """Whether one name holds the other, or both end in the same two characters, or name cases: 行劫案 of 暴力罪案."""
    if one.endswith(_CASE) and other.endswith(_CASE):
        return True
    return bool(one and other) and (one in other or other in one or one[-2:] == other[-2:])
