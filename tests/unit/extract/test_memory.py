"""What reading holds on to: nothing that only a search for cycles gives back."""

import gc

from worker.extract.fields.in_frame import Naming
from worker.extract.sentence.seen import Passage, Seen
from worker.pipeline import read_draft
from worker.tools import load_tools


def test_what_a_figure_was_seen_by_goes_with_its_sentence() -> None:
    """Nothing of it lies in a cycle, so that each sentence has the memory of the one before."""
    text = "2023年度工作报告\n\n全年立案186件，比上年增加12件，其中结案97件，结案率52.2%。\n"
    gc.collect()
    gc.disable()
    try:
        figures = read_draft(text.encode(), "report.txt", load_tools()).figures
        left = [one for one in gc.get_objects() if isinstance(one, Naming | Seen | Passage)]
    finally:
        gc.enable()

    assert len(figures) == 4
    assert left == []
