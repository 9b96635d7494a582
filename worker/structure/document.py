"""What a report says about itself, weighed from labels, title, head and signature."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from schemas.report import Document, ReportWarning
from worker.clean.dates import read_date
from worker.clean.lines import Line, lines_of
from worker.draft import Draft, Heading
from worker.facts import load_facts
from worker.structure.gazetteer import province_or_prefecture, region_code
from worker.structure.kind import report_kind
from worker.structure.original import original_names
from worker.structure.period import find_period
from worker.structure.places import (
    is_named,
    is_organ,
    national_organ_at_start,
    office_holder,
    organ_at_start,
    own_name,
    place_at_start,
    place_of,
)
from worker.structure.signature import Signature
from worker.structure.title import DOCUMENT_NUMBER, find_title, head_lines

_SPOKEN_FOR = re.compile(r"我代表(?:中共)?([\u4e00-\u9fff]{0,20}?(?:人民政府|国务院|政府))")
_MET_IN = re.compile(r"在([\u4e00-\u9fff]{2,20}?)第[一二三四五六七八九十]{1,3}届")
_YEAR_FIRST = re.compile(r"(?:今年|去年|过去一年|一年|日前|近日|\d{4}年(?:度|以来)?)[来,，、]*")
_MONTHS_FIRST = re.compile(
    r"(?:\d{1,2}(?:[-—–至]\d{1,2})?月份?|[上下]半年|前?第?[一二三四]季度|前[\d一二三四五六七八九十]+个?月)?"
)
_BLANKS = re.compile(r"\s+")
#: Whoever gives a report says so in one of its first paragraphs.
OPENING_PARAGRAPHS = 4
_NO_ANSWER = ("/", "-", "—", "无", "暂无")


@dataclass(frozen=True)
class _Evidence:
    labels: dict[str, str]
    head: Sequence[Line]
    opening: Sequence[str]
    title: str | None
    signature: Signature


def read_document(
    draft: Draft, headings: Sequence[Heading], signature: Signature, is_word: Callable[[str], bool]
) -> tuple[Document, tuple[ReportWarning, ...]]:
    """The document's data, and a warning wherever two sources of it disagree. ``is_word`` knows the dictionary's words."""
    text = draft.text.now
    labels = _labels(draft)
    head = head_lines(text)
    opening = tuple(islice((line.text for line in lines_of(text) if line.is_prose), OPENING_PARAGRAPHS))
    title = find_title(head, labels.get("名称"))
    evidence = _Evidence(labels, head, opening, title, signature)
    published = read_date(labels.get("发文日期", ""))
    signed = signature.signed or read_date(labels.get("成文日期", ""))
    issuer = _issuer(evidence)
    region = _region(evidence, issuer, is_word) or _seat(issuer, title, head, text)
    outline = [heading.title for heading in headings]
    kind = report_kind(title, opening, outline, labels.get("来源"))
    period = find_period(title, head, outline, text)
    if period is None and kind == "news" and published:
        period = str(published.year)  # what a paper writes is of its day
    document = Document(
        title=title,
        issuer=issuer,
        region=region,
        period=period,
        document_number=_number(evidence),
        published=published.isoformat() if published else None,
        signed=signed.isoformat() if signed else None,
        script="traditional" if draft.script == "traditional" else "simplified",
        kind=kind,
        region_code=_region_code(evidence, issuer, region, period),
    )
    document = document.model_copy(update={"original": original_names(draft, document)})
    return document, tuple(_disagreements(evidence, issuer, published, signed))


def _labels(draft: Draft) -> dict[str, str]:
    """The first value that each label has."""
    values: dict[str, str] = {}
    for label in draft.labels:
        value = label.value.strip()
        if value and value not in _NO_ANSWER:
            values.setdefault(label.name, value)
    return values


def _issuer(evidence: _Evidence) -> str | None:
    """Who reports. The report's own words come first; a page names an office that merely put it out."""
    signature = evidence.signature.issuer
    titled = organ_at_start(evidence.title) if evidence.title else None
    heads = next((line.text for line in evidence.head if is_organ(line.text) and is_named(line.text)), None)
    source = evidence.labels.get("来源")
    return (
        signature
        or titled
        or _spoken_for(evidence)
        or (national_organ_at_start(evidence.title) if evidence.title else None)
        or heads
        or evidence.labels.get("发文机关")
        or (source if source and is_organ(source) else None)
    )


def _spoken_for(evidence: _Evidence) -> str | None:
    match = _SPOKEN_FOR.search("\n".join(evidence.opening))
    if match and (is_named(match[1])):
        return match[1]
    place = _met_in(evidence.head)
    if match and place and place.endswith(match[1].removesuffix("人民政府") or "-"):
        return f"{place}人民政府"
    for line in evidence.head:
        holder = office_holder(line.text)
        if holder and is_organ(holder["organ"]) and is_named(holder["organ"]):
            return holder["organ"]
    return None


def _region(evidence: _Evidence, issuer: str | None, is_word: Callable[[str], bool]) -> str | None:
    """The place reported on: that of whoever reports, else the one that title, head or first paragraph begin with."""
    candidates = [place_of(organ) for organ in (issuer or "").split()]
    if evidence.title:
        _, _, about = evidence.title.partition("关于")
        candidates += [
            place_at_start(_YEAR_FIRST.sub("", words, count=1), is_word) for words in (evidence.title, about)
        ]
        candidates.append(province_or_prefecture(_MONTHS_FIRST.sub("", _YEAR_FIRST.sub("", evidence.title), count=1)))
    for line in evidence.head:
        holder = office_holder(line.text)
        if holder:
            candidates += [place_of(holder["organ"]), own_name(holder["organ"])]
    candidates.append(_met_in(evidence.head))
    for paragraph in evidence.opening[:1]:
        candidates.append(place_at_start(_YEAR_FIRST.sub("", paragraph.partition("】")[2] or paragraph, count=1)))
    return next((place for place in candidates if place), None)


def _seat(issuer: str | None, title: str | None, head: Sequence[Line], text: str) -> str | None:
    """The place of an organ whose name does not say it; for one that two regions have, the region named more often."""
    seats = load_facts("document")["seats"]
    named = next((seats["places"][organ] for organ in (issuer or "").split() if organ in seats["places"]), None)
    if named:
        return str(named)
    words = "\n".join((issuer or "", title or "", *(line.text for line in head)))
    if not any(word in words for word in seats["shared"]):
        return None
    one, other = seats["regions"]
    counts = text.count(one), text.count(other)
    return None if counts[0] == counts[1] else str(one if counts[0] > counts[1] else other)


def _region_code(evidence: _Evidence, issuer: str | None, region: str | None, period: str | None) -> str | None:
    """The region's code; the places above it are looked for in issuer, title, head, labels and the first paragraph."""
    if region is None:
        return None
    words = [issuer or "", evidence.title or "", *(line.text for line in evidence.head), *evidence.opening[:1]]
    words += [evidence.labels.get(name, "") for name in ("发文机关", "来源")]
    return region_code(region, "\n".join(words), int(period) if period and period.isdigit() else None)


def _met_in(head: Sequence[Line]) -> str | None:
    """The place whose people's congress the report was given to."""
    for line in head:
        match = _MET_IN.search(line.text)
        place = place_at_start(match[1]) if match else None
        if place:
            return place
    return None


def _number(evidence: _Evidence) -> str | None:
    labelled = DOCUMENT_NUMBER.search(evidence.labels.get("文号", ""))
    if labelled:
        return labelled[0]
    return next((line.text for line in evidence.head if DOCUMENT_NUMBER.fullmatch(line.text)), None)


def _disagreements(
    evidence: _Evidence, issuer: str | None, published: date | None, signed: date | None
) -> list[ReportWarning]:
    found = []
    named = evidence.labels.get("名称")
    if named and evidence.title and _BLANKS.sub("", named) != _BLANKS.sub("", evidence.title):
        found.append(("title_disagrees", f"the page names it {named}, the report {evidence.title}"))
    office = evidence.labels.get("发文机关")
    if office and issuer and office != issuer:
        found.append(("issuer_disagrees", f"the page names {office}, the report {issuer}"))
    labelled = read_date(evidence.labels.get("成文日期", ""))
    if labelled and signed and labelled != signed:
        found.append(("signed_disagrees", f"the page gives {labelled.isoformat()}, the report {signed.isoformat()}"))
    if published and signed and signed > published:
        found.append(("signed_after_published", f"signed {signed.isoformat()}, put out {published.isoformat()}"))
    return [ReportWarning(code=code, message=message) for code, message in found]
