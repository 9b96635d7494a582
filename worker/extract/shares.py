"""The parts of a structure: 三次产业结构为8.3:41.4:50.3 gives the shares of the first, second and third industry."""

from collections.abc import Sequence

from worker.extract.clauses import Spot

# GB/T 4754 and the communiqués give the three sectors in this order.
_WHOLE = "三次产业"
_PARTS = ("第一产业", "第二产业", "第三产业")


def name_parts(spots: Sequence[Spot], names: Sequence[str]) -> list[str]:
    """The names of the figures, those of the three sectors' shares each with its sector."""
    named = list(names)
    place = 0
    for at, (spot, name) in enumerate(zip(spots, names, strict=True)):
        follows = at and spots[at - 1].figure.form == "share" and spots[at - 1].figure.end + 1 == spot.figure.start
        place = place + 1 if follows else 0
        if spot.figure.form == "share" and _WHOLE in name and place < len(_PARTS):
            named[at] = name.replace(_WHOLE, _PARTS[place]).replace("结构", "比重")
    return named
