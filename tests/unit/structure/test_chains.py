"""Chains of places' names, the words that tell where a place lies, and what a page and its report disagree on."""

from worker.clean.lines import lines_of
from worker.draft import Draft
from worker.edits import Text
from worker.parts import Label
from worker.structure.chains import (
    NamedPlace,
    is_place_word,
    known_chain,
    longest_chain,
    name_at,
    read_chain,
    suffixed_name,
)
from worker.structure.document import read_document
from worker.structure.evidence import Evidence
from worker.structure.signature import SignedAt, find_signature


def is_end(text: str, at: int) -> bool:
    return at == len(text) or text[at] in "，2的"


def chain(found: tuple[NamedPlace, int] | None) -> tuple[str, int] | None:
    return (" ".join((*found[0].above, found[0].name)), found[1]) if found else None


#: Words -> the chain that they are, the full names that they begin with, and the name that they begin with by its suffix.
CHAINS: dict[str, tuple[tuple[str, int] | None, tuple[str, int] | None, str | None]] = {
    "广东省广州市天河区": (("广东省 广州市 天河区", 9), ("广东省 广州市 天河区", 9), None), "广州天河区2023年": (("广州市 天河区", 5), None, "广州天河区"), "广东广州天河区": (("广东省 广州市 天河区", 7), None, None),
    "徐州经济技术开发区": (("徐州经济技术开发区", 9), ("徐州经济技术开发区", 9), None), "徐州市经济开发区": (("徐州市 经济开发区", 8), ("徐州市", 3), "徐州市经济开发区"), "云山县": (("云山县", 3), None, "云山县"),
    "云山县石桥镇": (("云山县 石桥镇", 6), None, "云山县"), "城区": (None, None, None), "晋城市城区": (("晋城市 城区", 5), ("晋城市 城区", 5), None), "应县": (("应县", 2), None, None),
    "山西省应县": (("山西省 应县", 5), ("山西省 应县", 5), "山西省应县"), "广东省云山县": (("广东省 云山县", 6), ("广东省", 3), None), "长春农村": (None, None, None), "全市": (None, None, None),
    "市农业农村": (None, None, None), "和平区": (("和平区", 3), ("和平区", 3), None), "聊城市": (("聊城市", 3), ("聊城市", 3), None), "云山城市": (None, None, None),
    "凉山州西昌市": (("凉山彝族自治州 西昌市", 6), None, None), "凉山彝族自治州": (("凉山彝族自治州", 7), ("凉山彝族自治州", 7), None), "海河高新技术产业开发区": (("海河高新技术产业开发区", 11), None, "海河高新技术产业开发区"),
    "新疆生产建设兵团第一师阿拉尔市": (("新疆生产建设兵团 第一师 阿拉尔市", 15), None, None), "广州市里": (None, ("广州市", 3), None), "和广州市": (None, None, None), "云山": (None, None, None),
}  # fmt: skip


def test_chains_of_places() -> None:
    assert {
        text: (chain(read_chain(text, is_end)), chain(known_chain(text)), suffixed_name(text)) for text in CHAINS
    } == CHAINS
    longest = {
        "江苏省苏州市吴江区太湖新城": ("吴江区", ("江苏省", "苏州市")),
        "云山县石桥镇人民政府": ("石桥镇", ("云山县",)),
        "广州天河区": ("天河区", ("广州市",)),
        "凉山州": None,
        "全市": None,
    }
    assert {text: longest_chain(text) for text in longest} == {
        text: NamedPlace(*found) if found else None for text, found in longest.items()
    }
    assert [name_at(text, 1) for text in ("在广州市里", "在广州里", "在云山县")] == [
        (NamedPlace("广州市"), 4), (NamedPlace("广州市"), 3), None,
    ]  # fmt: skip
    assert chain(read_chain("在广州市", is_end, 1)) == ("广州市", 4)
    assert [is_place_word(word) for word in ("全市", "城区", "天河区")] == [True, True, False]


def test_words_that_may_name_the_places_above() -> None:
    """Of the issuer, the title, the head, the first paragraph and the page."""
    labels = {"发文机关": "甲", "来源": "乙", "名称": "丙"}
    evidence = Evidence(labels, list(lines_of("丁\n戊")), ("己", "庚"), "辛", SignedAt(None, None, 0))

    assert evidence.words("壬") == "壬\n辛\n丁\n戊\n己\n甲\n乙"
    assert Evidence({}, [], (), None, SignedAt(None, None, 0)).words(None) == "\n\n\n"


def read(text: str, **labels: str) -> tuple[str | None, list[str]]:
    """The issuer of a report, and what is warned of."""
    raw = "\n".join((*labels.values(), text))
    told = tuple(Label(name, value, raw.index(value), raw.index(value) + len(value)) for name, value in labels.items())
    draft = Draft(b"", "a.txt", text=Text.of(text), labels=told)
    document, warnings = read_document(draft, (), find_signature(text), lambda word: False)
    return document.issuer, [f"{warning.code}: {warning.message}" for warning in warnings]


PROSE = "2023年，全县坚持依法行政，扎实推进法治政府建设各项工作，取得了积极成效，现将有关情况报告如下。"
TITLE = "云山县法治政府建设情况报告"


def test_whoever_is_spoken_for_reports() -> None:
    for words, issuer in {
        "我代表云山县人民政府": "云山县人民政府", "我受云山县政府": "云山县政府", "我代表国务院": "国务院", "我代表中共云山县政府": "云山县政府", "我们代表云山县政府": None,
    }.items():  # fmt: skip
        assert (
            read(f"各位代表：\n现在，{words}，向大会报告工作，请予审议，并请各位委员提出宝贵的意见和建议。")[0]
            == issuer
        ), words


def test_where_page_and_report_disagree() -> None:
    signed = f"{TITLE}\n{PROSE}\n云山县人民政府\n2024年1月5日"

    assert (
        read(signed, 名称=TITLE, 发文机关="云山县人民政府", 成文日期="2024年1月5日", 发文日期="2024年1月5日")[1] == []
    )
    assert read(signed, 名称="云山县 法治政府建设情况报告")[1] == []
    assert read(signed, 名称="云山县报告")[1] == [f"title_disagrees: the page names it 云山县报告, the report {TITLE}"]
    assert read(signed, 成文日期="2024年1月6日")[1] == [
        "signed_disagrees: the page gives 2024-01-06, the report 2024-01-05"
    ]
    assert read(signed, 发文日期="2024年1月4日")[1] == ["signed_after_published: signed 2024-01-05, put out 2024-01-04"]
