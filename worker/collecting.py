"""How often a process that reads report after report lets Python look for cycles."""

import gc

#: Reading makes hardly any. With Python's own thresholds a report of 15 000 figures is gone through again and again while it
#: grows, a third of the time that it takes; of an ordinary one it is a twentieth.
_AFTER = (50_000, 20, 100)


def collect_less() -> None:
    """Look for cycles seldom from now on, in this process."""
    gc.set_threshold(*_AFTER)


def keep_what_is_there() -> None:
    """Leave out of all further looking what has been loaded; processes that are forked go on sharing its memory."""
    gc.collect()
    gc.freeze()
