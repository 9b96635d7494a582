"""The room Panel shows what may be meant by an empty cell, says why it does not stand there, and lets nobody take it by a key."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.testclient import TestClient

from tests.unit.page.made_archive import metric
from tests.unit.page.test_panel_room import JOBS, province, say, squares

OTHER = "120000|2023|urban_new_jobs|achieved"


def test_what_was_read_as_something_else_says_why_and_is_taken_by_no_key(
    client_over: Callable[..., TestClient], archive: Callable[..., None]
) -> None:
    """With the name of what it is, and the way to its report; a person may still say that it is the cell's."""
    gained = metric("城镇新增就业净增", "7", "人", at=5, indicator_id="employment.urban_net")
    archive(province(gained, place="乙省", code="120000"))
    page = client_over()
    text = page.get(f"/panel/work_report?{urlencode({'c': OTHER})}&lang=en").text
    pane = text.split('id="pane"')[1]

    assert squares(text)[OTHER] == "read as another ≠"
    assert "Read, but not of this series: it is another indicator" in pane
    assert re.search(r'href="/r/[0-9a-f]{20}/1\?f=1"', pane)
    assert 'data-key="y"' not in pane
    assert say(page, OTHER, OTHER, action="confirm").status_code == 303
    assert squares(page.get("/panel/work_report").text)[OTHER] == "7 ✓"


def test_what_several_series_are_offered_says_that_it_is_of_one(
    client_over: Callable[..., TestClient], archive: Callable[..., None]
) -> None:
    """And what stands behind another figure may be meant: no sign says that it was read as another."""
    said = {"kind": "rule_of_law"}
    ended = metric("行政复议调解终止", "28", "件", at=5)
    behind = metric("抽查", "280", "件", at=40, confidence=0.4, sentence="开展案卷评查2轮，抽查280件。")
    archive(province(ended, behind, **said))
    page, names = (
        client_over(),
        [f"110000|2023|{key}|achieved" for key in ("reconsideration_cases_ended", "enforcement_files_reviewed")],
    )
    panes = [page.get(f"/panel/rule_of_law?{urlencode({'c': name})}&lang=en").text for name in names]

    assert [squares(panes[0])[name] for name in names] == ["not found ?", "not found ?"]
    assert "Also offered to 行政复议调解和解: it can belong to one alone." in panes[0]
    assert "May be meant: the words of this series stand in its sentence" in panes[1]


def test_a_column_of_several_units_has_them_all_and_each_cell_its_own(
    client_over: Callable[..., TestClient], archive: Callable[..., None]
) -> None:
    counted = {"indicator_id": "enforcement.inspections.done"}
    archive(
        province(metric("行政检查", "19400", "次", at=5, **counted), kind="rule_of_law"),
        province(metric("行政检查", "3200000", "件", at=5, **counted), place="乙省", code="120000", kind="rule_of_law"),
    )
    text = client_over().get("/panel/rule_of_law").text

    assert '<span class="unit">万件、万次</span>' in text
    assert [squares(text)[f"{code}|2023|enforcement_inspections_done|achieved"] for code in ("110000", "120000")] == [
        "1.94 万次",
        "320 万件",
    ]


def test_what_is_in_another_unit_leads_to_its_report_alone(
    client_over: Callable[..., TestClient], archive: Callable[..., None]
) -> None:
    archive(province(metric("城镇新增就业", "7", "%", at=5, **JOBS), place="乙省", code="120000"))
    pane = client_over().get(f"/panel/work_report?{urlencode({'c': OTHER})}&lang=en").text.split('id="pane"')[1]

    assert "its unit is another" in pane
    assert 'class="say' not in pane


def test_a_candidate_of_an_organ_says_so_and_is_taken_by_no_key(
    client_over: Callable[..., TestClient], archive: Callable[..., None]
) -> None:
    """Its report is listed with the reason."""
    bureau = province(metric("行政复议申请收到", "7", "件", indicator_id="reconsideration.applications.received"))
    said = {"kind": "rule_of_law", "title": "甲省水利厅2023年法治政府建设年度报告"}
    archive(bureau.model_copy(update={"document": bureau.document.model_copy(update=said)}))
    name = "110000|2023|reconsideration_applications_received|achieved"
    text = client_over().get(f"/panel/rule_of_law?{urlencode({'c': name})}&lang=en").text
    pane = text.split('id="pane"')[1]

    assert squares(text) == {name: "not found ?"}
    assert "Of a report of an organ below this place" in pane
    assert ('data-key="y"' in pane, "This is it" in pane) == (False, True)
    assert "of an organ, 甲省水利厅" in text
