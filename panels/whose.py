"""Whose a report is: its place's, or that of an organ below it, whose figures are not the place's."""

import re

from schemas.report import Document

#: Kinds of reports that governments and their organs both write of themselves (监督管理 of 法治政府建设与责任落实督察工作规定
#: 第二十四条, 政府信息公开条例 第四十九条, 预算法 第十四条); None: of a kind that is not known.
OF_ORGANS_TOO = frozenset({"rule_of_law", "disclosure", "budget", "final_accounts", None})

#: Ends of the names of organs: departments, their offices, and what lies below a county (地方各级人民代表大会和地方各级人民政府组织法
#: 第七十九条, 第八十五条).
_ORGAN = re.compile(
    r"(?!.*(?:省|市|县|縣|区|區|旗|州|盟|党|黨)委$).*[^\W\d_](?:局|厅|廳|委员会|委員會|委|办公[室厅]|辦公[室廳]|办|辦|中心|[支大总總]队|镇|鎮|乡|鄉|街道|所|学校|學校|大学|大學|学院|學院|医院|醫院|集团|集團|公司)"
    r"(?:人民政府|政府|办事处|辦事處)?"
)
_GOVERNMENT = re.compile(r"(?:人民)?政府")
#: Whose offices publish what the whole government reports.
_FOR_ALL = re.compile(
    r"[省市县縣区區旗州]?(?:司法[局厅廳]|法治.*(?:办|辦|办公室|辦公室)|法制[办辦局](?:公室)?|依法治.*|.*政府(?:办公[室厅]|辦公[室廳]))"
)
#: Where the name of who reports ends.
_REPORTED = re.compile(
    r"\d|[二〇零○一]{2}[〇零○一二三四五六七八九]{2}年|关于|關於|法治|依法行政|政府信息|政务公开|信息公开|部门|单位|工作|年度"
)
_LED_IN = re.compile(r"(?:关于|關於)")
_SPACES = re.compile(r"\s+")
_ALL_OF_IT = re.compile(r"[全我本][省市县縣区區旗州]")


def organ_of(document: Document) -> str:
    """The organ below the place that a report is of; "" where it is the place's, or nothing tells whose.

    The title says it, by who stands before the year; where nobody stands there, the issuer does.
    """
    if document.kind not in OF_ORGANS_TOO:
        return ""
    title = _SPACES.sub("", document.title or "")
    reporting = _REPORTED.split(title, maxsplit=1)[0]
    about = title[len(reporting) :]
    if lead := _LED_IN.match(about):
        about = about[lead.end() :]
        subject = _REPORTED.split(about, maxsplit=1)[0]
        if _ALL_OF_IT.match(about) or _names(document, subject):
            reporting = subject
    own = _without_place(document, reporting)
    if own:
        return reporting if _is_organ(own) and not (lead and _FOR_ALL.fullmatch(own)) else ""
    if reporting:
        return ""  # the place itself
    issuer = _SPACES.sub("", document.issuer or "")
    own = _without_place(document, issuer)
    return issuer if _is_organ(own) and not _FOR_ALL.fullmatch(own) else ""


def _is_organ(own: str) -> bool:
    return _ORGAN.fullmatch(own) is not None and not _GOVERNMENT.fullmatch(own)


def _names(document: Document, text: str) -> bool:
    return _without_place(document, text) != text


def _without_place(document: Document, text: str) -> str:
    """What is left of a name without the place's and those above it, in full or without the word for their level."""
    for name in (document.province, document.city, document.region):
        for form in (name or "", (name or "")[:-1]):
            if len(form) > 1 and text.startswith(form):
                text = text[len(form) :]
                break
    return text
