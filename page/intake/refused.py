"""Why something that was dropped is not taken."""


class Refused(Exception):
    """``key`` is that of the sentence in the wording, ``values`` fill its places, ``name`` is what was dropped."""

    def __init__(self, name: str, key: str, **values: object) -> None:
        super().__init__(name, key, values)
        self.name = name
        self.key = key
        self.values = values
