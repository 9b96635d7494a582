"""What a report's document data is read from."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.clean.lines import Line
from worker.structure.signature import SignedAt


@dataclass(frozen=True)
class Evidence:
    """The page's labels, the lines above the body, the first paragraphs, the title and the signature."""

    labels: dict[str, str]
    head: Sequence[Line]
    opening: Sequence[str]
    title: str | None
    signature: SignedAt

    def words(self, issuer: str | None) -> str:
        """The words that may name the places above the one reported on."""
        words = [issuer or "", self.title or "", *(line.text for line in self.head), *self.opening[:1]]
        return "\n".join([*words, *(self.labels.get(name, "") for name in ("发文机关", "来源"))])
