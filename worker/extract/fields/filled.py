"""What the rules for a clause's phrase give, and how long what they take over may be."""

from typing import NamedTuple

from worker.extract.language.words_before import Phrase

LONGEST_ABOUT = 9  # characters
LONGEST_WHOLE = 20


class Filled(NamedTuple):
    """A phrase with what it lacked, and the words that were taken over for it."""

    phrase: Phrase
    taken: str = ""
