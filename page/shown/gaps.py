"""Whether numbers of a report are lost or were left out, as lists of reports say of each."""

import json

from schemas.gaps import has_gaps


def stored_gaps(warnings: str) -> bool:
    """Whether something could not be read, by a report's warnings as the store has them, which is JSON.

    >>> stored_gaps('[{"code": "decode_damage", "message": "…"}]')
    True
    """
    return has_gaps(warning["code"] for warning in json.loads(warnings))
