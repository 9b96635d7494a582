"""What people have said of figures holds in every room and every file."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from panels.reviews import Reviews
from schemas.review import Review
from tests.unit.page.made_archive import client, metric, report

GRAIN = "agriculture.grain.output"
AT = "2026-01-05T07:00:00Z"


@pytest.fixture
def page(tmp_path: Path) -> TestClient:
    first = report(
        metric("粮食产量", "9", "吨", indicator_id=GRAIN, at=3, confidence=0.4), metric("旧事", "3", "件", at=20)
    )
    second = report(metric("粮食产量", "8", "吨", indicator_id=GRAIN, at=3), place="乙市", code="110200")
    return client(tmp_path, first, second)


def said(tmp_path: Path, page: TestClient, quote: str, **more: Any) -> None:
    """Write down a review of the figure of that quote."""
    row = next(row for row in page.get("/figures.json").json() if row["quote"] == quote)
    about = {name: row[name] for name in ("start", "end", "quote", "sentence")}
    review = Review(at=AT, document=row["id"], by="甲", **about, **more)
    Reviews(tmp_path / "state" / "reviews.jsonl").add(review)


def values(text: str) -> list[str]:
    return re.findall(r'class="figure-value"><b>([^<]*)</b>', text)


def test_a_corrected_figure_has_what_is_right(tmp_path: Path, page: TestClient) -> None:
    """In the list, in files, in a comparison; what was read is told in the file."""
    said(tmp_path, page, "9吨", action="correct", value="90", unit="吨")

    assert values(page.get("/figures").text) == ["8", "3", "90"]
    row = page.get("/figures.json").json()[-1]
    assert (row["value"], row["base"], row["review"], row["read_value"]) == ("90", "90", "corrected", "9")
    text = page.get(f"/compare?i={GRAIN}").text
    assert re.findall(r'<div><a class="point[^>]*>(\d+)', text) == ["90", "8"]
    assert "已更正" in text
    assert "待核" not in text
    assert "90" in page.get("/p/110100").text
    assert values(page.get(f"/i/{GRAIN}").text.split("最近读到的")[1])[:2] == ["8", "90"]


def test_a_struck_figure_is_crossed_out_and_in_no_file(tmp_path: Path, page: TestClient) -> None:
    """A comparison lists it among what is left out."""
    said(tmp_path, page, "9吨", action="strike", note="是目标")

    text = page.get("/figures").text
    assert text.count('class="figure is-struck"') == 1
    assert [row["value"] for row in page.get("/figures.json").json()] == ["8", "3"]
    compared = page.get(f"/compare?i={GRAIN}").text
    assert re.findall(r'<div><a class="point[^>]*>(\d+)', compared) == ["8"]
    assert "已人工剔除" in compared.split('class="left-out"')[1]


def test_a_confirmed_figure_is_sure(tmp_path: Path, page: TestClient) -> None:
    """Whatever the rules thought of it; other figures stay as they were."""
    assert "待核" in page.get("/figures").text
    said(tmp_path, page, "9吨", action="confirm")

    text = page.get("/figures").text
    assert values(text) == ["8", "3", "9"]
    assert "待核" not in text
    assert text.count("已确认") == 1


def test_a_record_that_cannot_be_read_is_said(tmp_path: Path, page: TestClient) -> None:
    """No room shows figures as if nothing had been said of them."""
    (tmp_path / "state" / "reviews.jsonl").write_text('{"at": 1}\n', "utf-8")

    for address in ("/figures", "/figures.csv", f"/compare?i={GRAIN}", f"/i/{GRAIN}", "/p/110100"):
        answer = page.get(address)
        assert answer.status_code == 422, address
        assert "reviews.jsonl, line 1" in answer.text
