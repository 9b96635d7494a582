"""The forms in which a text states times, as one pattern."""

import re
from functools import lru_cache

from worker.extract.time.named_period import MONTH, REPUBLIC_NUMBER, YEAR
from worker.patterns import filled

_DAY = r"(?:[0-9]{1,2}|[一二三]?十?[一二三四五六七八九十])"
_COUNT = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]+)"
_ZERO_TO_NINE = "[〇零一二三四五六七八九]"
_DASH = r"(?:至|到|[-—–~]{1,2})"
_PART = (
    rf"(?!一、二月){MONTH}(?:、{MONTH}){{1,5}} ?[两三四五六]?个?月份?(?![底末]|[0-9]{{1,2}} ?日)"
    rf"|(?<![提之以])[前头首]{_COUNT}个?月(?![底末]|[0-9]{{1,2}} ?日)"
    rf"|{MONTH} ?月?份?{_DASH}{MONTH} ?月份?"
    rf"|{MONTH} ?月[上中下]旬(?:{_DASH}{MONTH} ?月[上中下]旬)?"
    rf"|{MONTH} ?月(?:份|月?底|末|{_DAY} ?日)?"
    rf"|(?:(?<=[^\n])一、二|一、二、三(?:、四)?|二、三(?:、四)?|三、四)季度|[一二三四1-4]{_DASH}[一二三四1-4]季度|第?[一二三四1-4]季度|第[一二三四1-4]季|前[二三两]个?季度|{{times.parts}}"
)
# A point before a part of a year is that of a list's mark, of one or two digits (3.10月底前建成), or of none: no 2.5个月.
_NO_DECIMAL = r"(?:(?<![0-9.第])|(?<=[^0-9.][0-9]\.)|(?<=[^0-9.][0-9][0-9]\.))"
_END = "年?[底末](?![{times.no_ends}])"
_UNTIL = r"截[至止]?到?|至|到"
# Words that begin or end with those of a time: 以前年度, 安全年, 60岁以上年龄, 文明年.
_RELATIVE = (
    r"(?:今|(?<!过)去|(?<![文透])明|(?<![以目之此])前|(?<![资成基文样版课])本|(?<![相适])当|同|翌|(?<=[,。;、(于到至])次|(?<!以)上|(?<!年)来)"
    r"年度?(?![龄轻纪老级])|(?<![安健])全年|(?<![0-9几多两半一二三四五六七八九十])年内"
    r"|(?<=完成)年度(?=投资)"
    r"|(?<!以)[上下]一?个?(?:财政)?年度|(?<!以)[上下]一年|本(?:财政年度|财年)|(?<![^\s,;:。、()])新的?一年(?!度)"
)
_SINCE = "{times.since}|起(?![{times.since.no_start}])"
# 自2021年持续亏损至2023年: words between the ends, no number and no mark.
_APART = r"[^,。;:()0-9、]{1,10}?(?:至|到)"
_SPAN = r"年(?:以?来|间|中(?=[^小等期])|(?=[累合共总]计?))"
_NAMED = "(?!{times.named_spans}|{times.no_spans})"
# Every time holds one of these, with no more before the first than two years of the Republic written out.
_TIME_SIGNS = "年月季目现今初末期间底来周"
_TIME_SIGN = re.compile(f"[{_TIME_SIGNS}]")
_SIGN_AHEAD = f"[^{_TIME_SIGNS}]{{0,30}}+[{_TIME_SIGNS}]"
# 国庆黄金周期间, “五一”假期
_HOLIDAY = (
    r"“?(?P<feast>{times.holidays.names})”?节?(?:[、和]?“?{times.holidays.names}”?节?)?"
    r"(?:黄金周(?:假期)?(?:期间)?|小?长假(?:期间)?|假[期日](?:期间)?|期间)"
)


@lru_cache(maxsize=2)
def time_pattern(*, in_republic: bool) -> re.Pattern[str]:
    """The forms of times; ``in_republic`` says that a bare 114年 is a year of the Republic of China."""
    bare = rf"{REPUBLIC_NUMBER}(?= ?年(?![来间以内后的])| ?{_DASH} ?1[0-2][0-9] ?年)"
    year = rf"(?:{YEAR}|{bare})" if in_republic else YEAR
    form = (
        r"(?=[元春清五劳端中国十截至到0-9〇一二三四五六七八九十两民中今去明前头首本当同翌次上下全第年底目现迄近过最这来未新建改后几数多历长任往换成规“])"
        rf"(?={_SIGN_AHEAD})(?:"
        rf"(?:(?P<from_year>{year}) ?年 ?)?(?P<from_month>{MONTH}) ?月 ?(?P<from_day>{_DAY}) ?日 ?起? ?{_DASH} ?(?:(?P<to_year>{year}) ?年 ?)?(?:(?P<to_month>{MONTH}) ?月 ?)?(?P<to_day>{_DAY}) ?日止?"
        rf"|(?P<first_year>{year}) ?年 ?(?P<first_part>{_PART}|初) ?起?{_DASH} ?(?:(?P<last_year>{year}) ?|[次翌])年 ?(?P<last_part>{_PART}|[底末])"
        rf"|(?<=[自从])(?P<apart_from>{year}) ?年{_APART}(?P<apart_to>{year}) ?年"
        rf"|(?P<fiscal>(?:19|20)[0-9]{{2}}|[一二][九〇零]{_ZERO_TO_NINE}{{2}}) ?(?:[-—–/]|[至到](?=(?:[0-9]{{2}}|{_ZERO_TO_NINE}{{2}}) ?(?:财政|财|学)?年度|(?:19|20)[0-9]{{2}} ?(?:财政年|财年|学年))) ?(?P<fiscal_end>(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}}|{_ZERO_TO_NINE}{{2}})) ?(?:财政|财|学)?年度?"
        rf"|(?P<until>{_UNTIL})? ?(?P<base>{year} ?年? ?{_DASH} ?{year} ?年度?|{year}(?:、{year}){{1,5}} ?[两二三四五六]?年度?|{year} ?(?:学|财政?)?年度?|[今去本]\((?P<named>{year}|{REPUBLIC_NUMBER})\) ?年度?|{_RELATIVE})"
        rf"(?:的?全年)?(?:(?P<back>以?来)|[的,])?(?(back)|(?P<until_inside>截[至止]?到?(?= ?(?:{_PART}|{_END})))? ?(?P<part>{_PART}|{_END})?)(?:(?P<year_to>止的?(?:财政)?年度)|止)?"
        rf"(?P<since>{_SINCE})?"
        rf"|(?P<until_part>{_UNTIL})? ?{_NO_DECIMAL}(?P<alone>{_PART}|年[底末](?![{{times.no_ends}}]))(?:(?<=[度年底末季])|(?![0-9]|制))(?P<since_part>{_SINCE})?"
        r"|(?<=[由从])(?P<year_start>年初)(?=的?[约近]?[0-9])"
        r"|(?P<now>(?:截[至止]?到?)?{times.now}|迄今|(?:(?<![^\s,;:。、()])|(?<=[全我本][省市县区旗州镇乡村]))现共?有)"
        rf"|(?P<looking_back>{{times.now.back}}的?(?P<years>{_COUNT})年(?:以?来)?"
        rf"|(?<=的)(?P<years_of>{_COUNT})年(?=。|$)|(?<=[由从])(?P<years_ago>{_COUNT})年前|(?<![0-9十第])(?P<years_past>{_COUNT}){_SPAN}|(?<![^\s,;:。、()])(?P<years_bare>[2-9]|10|[二两三四五六七八九十])年{_NAMED})"
        rf"|(?P<ahead>(?:{{times.now.ahead}}的?(?P<years_ahead>{_COUNT})年|(?<![0-9十第])(?P<years_within>{_COUNT})年(?:之)?内))"
        r"|(?P<plan>“?(?P<plan_name>十?[一二三四五六七八九]五)”?(?:(?P<plan_span>{times.plan_spans})"
        rf"|的?(?P<plan_years>[前后]{_COUNT}年)|普法(?:规划)?(?:实施)?(?P<law_span>以来|期间|时期)"
        r"|(?<=”)(?P<plan_itself>(?=是[^,。;:0-9]{1,16}的[0-9一二两三四五六七八九十]{1,3}年。|规划[^,。;:0-9]{0,16}完成[。:]))))"
        r"|(?P<plan_term>规划期(?:内|间|末))"
        rf"|(?P<part_years>(?<![^\s,;:。、()中])[前后]{_COUNT}年(?![前后内之以]))"
        r"|(?P<vague>(?<![^\s,;:。、()])(?:{times.vague}|本届[^,。;:0-9]{0,8}以来|[几数多]年以?来|[一二两三四五六七八九十]年多以?来))"
        rf"|(?P<holiday>{_HOLIDAY})"
        r"|(?P<event>{times.events.years})以来)"
    )
    return re.compile(filled(form))


def may_state_time(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` has a character of those that every time has."""
    return _TIME_SIGN.search(text, start, end) is not None
