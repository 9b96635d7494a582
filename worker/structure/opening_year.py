"""The year that a report names where it begins: 现将2023年工作情况报告如下, or a first paragraph that opens with 2023年."""

import re
from itertools import islice

from worker.clean.lines import lines_of

_YEAR = r"(?<!\d)((?:19|20)\d{2}) ?年"
#: 现将我县2023年法治政府建设情况报告如下. A span of years (2021年至2023年) is no year.
_ANNOUNCED = re.compile(
    rf"(?:现将|现就)[^。；;\d]{{0,40}}{_YEAR}(?! ?[至到—–~-])[^。；;]{{0,60}}?(?:报告|汇报|公告|公布|通报|通告|总结|说明)如下"
)
#: 所列数据统计期限自2023年1月1日至12月31日: the year that the law's reports on disclosure count.
_COUNTED = re.compile(
    rf"(?:统计|报告)(?:期限|期间|时限|周期)[^。；;\d]{{0,8}}{_YEAR} ?1 ?月 ?1 ?日[^。；;]{{0,16}}?12 ?月 ?31 ?日"
)
_OPENS = re.compile(rf"(?:^|(?<=[。！!]))[\s\u3000]*{_YEAR}度?(?:全年)?[,，](?P<told>[^。！!]*)")
#: What is said of a year that is reviewed, rather than of an event in it: under whose lead, how work went, what was counted.
_REVIEWED = re.compile(
    r"[领指]导下|贯彻|围绕|坚持|立足|工作|履[职行]|职能|运行|如下|(?:共|受理|办理|办结|审结|查处|开展|完成|实现)[^，,；;]{0,20}?\d"
)
#: Behind an event of old stands what has been since: 1998年，我县遭遇洪水。此后….
_SINCE = re.compile("目前|现有|此后|至今|如今|之后|从此")
_NAMED = re.compile(_YEAR)
#: A report says what it is, and of which time it speaks, within so many characters.
LONGEST_BEGINNING = 600
#: Whoever speaks greets first: what was done comes within the first paragraphs.
OPENING_PARAGRAPHS = 4


def opening_year(text: str) -> str | None:
    """The year, as four digits, that the first paragraphs of a text name as the one told of; None where they name none.

    A paragraph that only opens with a year tells of that year where it reviews it, and no later one but the next is named
    anywhere: a history begins so, too.

    >>> opening_year("现将我县2023年法治政府建设情况报告如下。"), opening_year("2023年，办理案件12件。2024年，计划新建3个。")
    ('2023', '2023')
    >>> opening_year("2015年，全县林场共12个。2019年造林3000亩。"), opening_year("1998年，我县遭遇特大洪水。水库32座。")
    (None, None)
    """
    beginning = text[:LONGEST_BEGINNING]
    told = _ANNOUNCED.search(beginning) or _COUNTED.search(beginning)
    if told:
        return told[1]
    sentences = (line.text for line in lines_of(text) if line.is_prose or line.text.endswith("。"))
    paragraphs = islice(sentences, OPENING_PARAGRAPHS)
    opened = next((year for paragraph in paragraphs if (year := _opened(paragraph))), None)
    if opened is None or max(map(int, _NAMED.findall(text))) > int(opened) + 1:
        return None
    return opened


def _opened(paragraph: str) -> str | None:
    found = _OPENS.search(paragraph)
    if found is None or not _REVIEWED.search(found["told"]) or _SINCE.search(paragraph):
        return None
    return found[1]
