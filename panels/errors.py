"""What is wrong with a file that people write for a panel."""


class DocumentsError(ValueError):
    """What people say of a document cannot be: its path, what was seen and what would be right."""


class CodebookError(ValueError):
    """A codebook, or a list of documents, that cannot be used: file, line, what was seen and what would be right."""

    def __init__(self, file: str, line: int, seen: str, right: str) -> None:
        super().__init__(f"{file}, line {line}: {seen}; right would be: {right}")
