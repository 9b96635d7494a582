"""What a report says about itself, weighed from labels, title, head and signature."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice, pairwise

from schemas.report import Document, ReportWarning
from worker.clean.dates import read_date
from worker.clean.lines import lines_of
from worker.draft import Draft
from worker.facts import load_facts
from worker.parts import Heading
from worker.patterns import Pattern
from worker.structure.chains import NamedPlace
from worker.structure.evidence import Evidence
from worker.structure.gazetteer import Location, locate
from worker.structure.kind import report_kind
from worker.structure.opening_year import OPENING_PARAGRAPHS
from worker.structure.original import original_names
from worker.structure.period import find_period, year_signed
from worker.structure.places import (
    is_named,
    is_organ,
    national_organ_at_start,
    office_holder,
    organ_at_start,
    organ_of_report,
)
from worker.structure.region import find_region, met_in
from worker.structure.signature import SignedAt
from worker.structure.title import DOCUMENT_NUMBER, find_title, head_lines, without_masthead

_SPOKEN_FOR = re.compile(r"我(?:代表|受)(?:中共)?([\u4e00-\u9fff]{0,20}?(?:人民政府|国务院|政府))")
#: An organ's line may end with the day: 云山市统计局 2024年7月22日.
_DATE_BEHIND = re.compile(r"[ \u3000]*[(（]?\d{4} ?[年.-] ?\d{1,2} ?[月.-] ?\d{1,2} ?日?[)）]?$")
#: A government's work report is that of the place's government, which its title does not say in full.
_OF_A_GOVERNMENT = re.compile("(?<!人民)政府工作报告")
#: Names of places with a people's government end so (宪法 第九十五条); that of a zone is another organ, as are those of a 盟 or 地区.
_GOVERNED = ("省", "市", "自治区", "自治州", "自治县", "自治旗", "县", "旗", "区", "乡", "镇")
#: 本报告由云山县统计局会同气象局编制.
_MADE_BY = Pattern(
    "{document.made.papers}(?:[由系]|是由)(?P<organ>[\u4e00-\u9fff]{3,30}?)(?:{document.made.beside}[^，。；]{2,40}?)?(?:负责|组织)?{document.made}"
)
#: A year of the Republic of China in a date that says no more: 114年3月5日, 114/03/05.
_REPUBLIC_DAY = re.compile(r"(?<!\d)(1[0-2]\d) ?(?=[年./-] ?\d{1,2} ?[月./-] ?\d{1,2}(?!\d))")
_DAY_BELOW = re.compile(
    r"(?:(?P<organ>[\u4e00-\u9fff]{4,30})[ \u3000]*)?(?P<day>\d{4} ?[年./-] ?\d{1,2} ?[月./-] ?\d{1,2} ?日?)(?: \d{1,2}:\d{2}(?::\d{2})?)?"
)
_BLANKS = re.compile(r"\s+")
_NO_ANSWER = ("/", "-", "—", "无", "暂无")


def read_document(
    draft: Draft, headings: Sequence[Heading], signature: SignedAt, is_word: Callable[[str], bool]
) -> tuple[Document, tuple[ReportWarning, ...]]:
    """The document's data, and a warning wherever two sources of it disagree. ``is_word`` knows the dictionary's words."""
    text = draft.text.now
    labels = _labels(draft)
    head = head_lines(text)
    opening = tuple(islice((line.text for line in lines_of(text) if line.is_prose), OPENING_PARAGRAPHS))
    title = find_title(head, labels.get("名称"))
    evidence = Evidence(labels, head, opening, title, signature)
    put_out, made = _days_below_title(evidence)
    published = _date_of(labels, "发文日期", draft) or put_out
    signed = signature.signed or _date_of(labels, "成文日期", draft) or made
    issuer = _issuer(evidence) or _maker(text)
    place = find_region(evidence, issuer, text, is_word)
    outline = [heading.title for heading in headings]
    kind = report_kind(title, opening, outline, labels.get("来源"))
    period = find_period(title, head, outline, text, published) or year_signed(text[: signature.start], signed)
    if period is None and kind == "news" and published:
        period = str(published.year)  # what a paper writes is of its day
    location = _location(evidence, issuer, place, period)
    if issuer is None and place and _OF_A_GOVERNMENT.search(title or ""):
        issuer = _government_of(place, location, is_traditional=draft.script == "traditional")
    document = Document(
        title=title,
        issuer=issuer,
        region=place.name if place else None,
        period=period,
        document_number=_number(evidence),
        published=published.isoformat() if published else None,
        signed=signed.isoformat() if signed else None,
        script="traditional" if draft.script == "traditional" else "simplified",
        kind=kind,
        region_code=location.code,
        province=location.province,
        city=location.city,
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


def _date_of(labels: dict[str, str], name: str, draft: Draft) -> date | None:
    """The day that a label gives; in traditional script years of three digits are those of the Republic of China."""
    said = labels.get(name, "")
    if draft.script == "traditional":
        said = _REPUBLIC_DAY.sub(lambda match: str(int(match[1]) + 1911), said)
    return read_date(said)


def _days_below_title(evidence: Evidence) -> tuple[date | None, date | None]:
    """The day on a line of its own below the title: the second where an organ signs with it, else the first, the page's own.

    One in brackets, or below who speaks, is the day on which the report was given, and neither.
    """
    if not evidence.title or any(office_holder(line.text) for line in evidence.head):
        return None, None
    below = False
    for above, line in pairwise(evidence.head):
        below = below or above.text.strip() in evidence.title
        day = _DAY_BELOW.fullmatch(line.text) if below else None
        if day and (is_organ(day["organ"] or "") or (not day["organ"] and is_organ(above.text))):
            return None, read_date(day["day"])
        if day and not day["organ"]:
            return read_date(day["day"]), None
    return None, None


def _maker(text: str) -> str | None:
    """Who made the report, where it says so of itself."""
    made = _MADE_BY.search(text)
    return made["organ"] if made and is_organ(made["organ"]) and is_named(made["organ"]) else None


def _issuer(evidence: Evidence) -> str | None:
    """Who reports. The report's own words come first; a page names an office that merely put it out."""
    signature = evidence.signature.issuer
    titled = organ_at_start(evidence.title) if evidence.title else None
    above = (without_masthead(_DATE_BEHIND.sub("", line.text)) for line in evidence.head)
    heads = next((name for name in above if is_organ(name) and is_named(name)), None)
    source = evidence.labels.get("来源")
    return (
        signature
        or titled
        or _spoken_for(evidence)
        or (national_organ_at_start(evidence.title) if evidence.title else None)
        or (organ_of_report(evidence.title) if evidence.title else None)
        or heads
        or evidence.labels.get("发文机关")
        or (source if source and is_organ(source) else None)
    )


def _spoken_for(evidence: Evidence) -> str | None:
    match = _SPOKEN_FOR.search("\n".join(evidence.opening))
    if match and (is_named(match[1])):
        return match[1]
    place = met_in(evidence.head)
    if match and place and place.name.endswith(match[1].removesuffix("人民政府") or "-"):
        return f"{place.name}人民政府"
    for line in evidence.head:
        holder = office_holder(line.text)
        if holder and is_organ(holder["organ"]) and is_named(holder["organ"]):
            return holder["organ"]
    return None


def _location(evidence: Evidence, issuer: str | None, place: NamedPlace | None, period: str | None) -> Location:
    if place is None:
        return Location()
    return locate(place.name, place.above, evidence.words(issuer), int(period) if period and period.isdigit() else None)


def _government_of(place: NamedPlace, location: Location, *, is_traditional: bool) -> str | None:
    """The people's government of a place; None where it has none, or where that cannot be told.

    A place of Taiwan has a government without the word, and one that no list has may lie there if its report is in
    traditional characters.
    """
    suffixes = load_facts("document")["places"]["suffixes"]
    ends = max(filter(place.name.endswith, suffixes), key=len, default="")
    is_elsewhere = location.province == "台湾省" or (location.province is None and is_traditional)
    return None if is_elsewhere or ends not in _GOVERNED else f"{place.name}人民政府"


def _number(evidence: Evidence) -> str | None:
    labelled = DOCUMENT_NUMBER.search(evidence.labels.get("文号", ""))
    if labelled:
        return labelled[0]
    return next((line.text for line in evidence.head if DOCUMENT_NUMBER.fullmatch(line.text)), None)


def _disagreements(
    evidence: Evidence, issuer: str | None, published: date | None, signed: date | None
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
