"""What can go wrong with a report, classed by what to do next."""

#: Codes of a failure that says which of the worker's limits every attempt, or the last one, was over.
OUT_OF_TIME = "out_of_time"
OUT_OF_MEMORY = "out_of_memory"


class IngestError(Exception):
    """Base of the declared errors. All arguments are positional, so that the class survives pickling by the queue.

    ``code`` is a stable word for programs, ``stage`` the pipeline's stage, ``place`` where in the file
    (``byte 512``, ``page 3``), ``message`` says what was seen and what would be right.
    """

    def __init__(self, code: str, stage: str, message: str, place: str | None = None) -> None:
        super().__init__(code, stage, message, place)
        self.code = code
        self.stage = stage
        self.message = message
        self.place = place

    def __str__(self) -> str:
        at = f" at {self.place}" if self.place else ""
        return f"stage {self.stage}{at}: {self.message}"


class BadReport(IngestError):
    """The bytes can never be read as a report: final, the file goes to quarantine."""


class Exhausted(IngestError):
    """Time or memory gave out while a report was read. That says nothing of the report: try again, and count it."""


class Unavailable(IngestError):
    """Something around the report is missing for now: try again later."""
