"""Whose a report is: its place's, or that of an organ below it."""

import pytest

from panels.whose import organ_of
from schemas.report import Document


def of(title: str | None, issuer: str | None = None, kind: str | None = "rule_of_law") -> str:
    place = {"province": "四川省", "city": "广元市", "region": "石桥县"}
    said = dict.fromkeys(("published", "signed", "document_number"), None)
    return organ_of(Document(title=title, issuer=issuer, kind=kind, region_code=None, period="2023", **place, **said))


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        ("石桥县市场监督管理局2023年法治政府建设工作报告", "石桥县市场监督管理局"),
        ("关于石桥县水利局2023年度法治政府建设情况的报告", "石桥县水利局"),
        ("四川省广元市石桥县公安局关于2023年度法治建设的报告", "四川省广元市石桥县公安局"),
        ("石桥县竹溪镇人民政府二〇二三年法治政府建设年度报告", "石桥县竹溪镇人民政府"),
        ("石桥县东关街道办事处2023年法治政府建设年度报告", "石桥县东关街道办事处"),
        ("石桥县 卫生健康委员会 2023年法治政府建设年度报告", "石桥县卫生健康委员会"),
        ("石桥县司法局2023年法治政府建设年度报告", "石桥县司法局"),
        ("石桥縣教育局2023年法治政府建設年度報告", "石桥縣教育局"),
        ("石桥县人民政府关于2023年法治政府建设情况的报告", ""),
        ("石桥2023年法治政府建设年度报告", ""),
        ("石桥县司法局关于2023年法治政府建设情况的报告", ""),
        ("石桥县人民政府办公室关于2023年法治政府建设情况的报告", ""),
        ("石桥县财政局关于全县2023年法治政府建设情况的报告", ""),
        ("中共石桥县委全面依法治县委员会办公室关于石桥县2023年法治政府建设情况的报告", ""),
        ("中共石桥县委 石桥县人民政府关于2023年法治政府建设情况的报告", ""),
    ],
)
def test_the_title_says_who_reports(title: str, organ: str) -> None:
    """Who stands before the year; what a bureau reports of the whole place is the place's."""
    assert of(title) == organ


@pytest.mark.parametrize(
    ("issuer", "organ"),
    [
        ("石桥县教育局", "石桥县教育局"),
        ("石桥县司法局", ""),
        ("石桥县人民政府", ""),
        ("石桥县人民政府办公室", ""),
        (None, ""),
    ],
)
def test_where_the_title_names_nobody_the_issuer_does(issuer: str | None, organ: str) -> None:
    """But for offices that publish what the whole government reports."""
    assert of("2023年法治政府建设年度报告", issuer) == organ
    assert of("石桥县2023年法治政府建设年度报告", issuer) == ""


@pytest.mark.parametrize(
    ("kind", "organ"),
    [("disclosure", "石桥县统计局"), (None, "石桥县统计局"), ("statistical_communique", ""), ("court_work", "")],
)
def test_only_kinds_that_organs_write_of_themselves_can_be_theirs(kind: str | None, organ: str) -> None:
    assert of("石桥县统计局2023年报告", kind=kind) == organ
