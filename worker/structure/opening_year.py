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
_OPENS = re.compile(rf"(?:^|(?<=[。！!]))[\s\u3000]*{_YEAR}度?(?:全年)?[,，]")
_NAMED = re.compile(_YEAR)
#: A report says what it is, and of which time it speaks, within so many characters.
LONGEST_BEGINNING = 600
#: Whoever speaks greets first: what was done comes within the first paragraphs.
OPENING_PARAGRAPHS = 4


def opening_year(text: str) -> str | None:
    """The year, as four digits, that the first paragraphs of a text name as the one told of; None where they name none.

    A paragraph that only opens with a year tells of that year where no later one but the next is named anywhere: a
    history begins so, too.

    >>> opening_year("现将我县2023年法治政府建设情况报告如下。"), opening_year("2023年，办理案件12件。2024年，计划新建3个。")
    ('2023', '2023')
    >>> opening_year("2015年，我县被列为试点。2019年造林3000亩。"), opening_year("截至2023年底，建成12个。")
    (None, None)
    """
    beginning = text[:LONGEST_BEGINNING]
    told = _ANNOUNCED.search(beginning) or _COUNTED.search(beginning)
    if told:
        return told[1]
    paragraphs = islice((line.text for line in lines_of(text) if line.is_prose), OPENING_PARAGRAPHS)
    opened = next((match[1] for paragraph in paragraphs if (match := _OPENS.search(paragraph))), None)
    if opened is None or max(map(int, _NAMED.findall(text))) > int(opened) + 1:
        return None
    return opened
