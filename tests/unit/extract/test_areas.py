"""The area that a figure holds for."""

import pytest

from schemas.report import Document
from worker.draft import Draft
from worker.edits import Text
from worker.extract.sentence.areas import rank_of
from worker.report_writer import metrics_of
from worker.stages.extract import extract
from worker.tools import load_tools

TOOLS = load_tools()


def scopes(text: str, region: str | None = "青川省") -> list[str]:
    draft = Draft(b"", "report.txt", text=Text.of(text), document=Document(period="2023", region=region))
    return [metric.scope or "" for metric in metrics_of(extract(draft, TOOLS))]


@pytest.mark.parametrize("region", ["青川省", "青川市", None])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("出口增长7%，高于全国2个百分点。", ["", ""]),
        ("出口增速高于全国平均水平2个百分点，进口增长4%。", ["", ""]),
        ("研发投入增长9%，比全国快3个百分点。", ["", ""]),
        ("茶叶产量居全国第三，出口茶叶12万吨。", [""]),
        ("蚕茧产量跃居全国首位、增长6%。", [""]),
        ("水电装机占全国的8%，新增机组5台。", ["", ""]),
        ("钛材产量约占全国四成，同比增长11%。", ["", ""]),
        ("茶叶贡献了全国15%的增量。", [""]),
        ("全国首个零碳园区投产，年发电9亿千瓦时。", [""]),
        ("出租车万人拥有量全国最低，投放车辆300辆。", [""]),
        ("治理经验叫响全国，接待考察60批次。", [""]),
        ("累计建成全国文明村镇45个。", [""]),
        ("拥有全国重点实验室9家。", [""]),
        ("提请全国人大常委会审议议案12件。", [""]),
        ("在全国率先开展排污权交易，成交8笔。", [""]),
        ("入选“全国十大考古新发现”，接待游客70万人次。", [""]),
    ],
)
def test_what_is_only_compared_with_is_no_scope(text: str, expected: list[str], region: str | None) -> None:
    """Nor what gives a rank, a share or a title."""
    assert scopes(text, region) == expected


@pytest.mark.parametrize("area", ["全省", "全市", "全县"])
def test_the_same_holds_for_every_area(area: str) -> None:
    """A county is compared with its city, a city with its province."""
    assert scopes(f"入库税收增长7%，高于{area}2个百分点，占{area}的9%，居{area}第四，新增企业30家。", None) == [""] * 4


def test_a_share_of_the_nation_is_a_figure_of_the_place() -> None:
    """What the sentence speaks of goes on behind the comparison."""
    text = "全省稀土产量4万吨、占全国12%，增速高于全国3个百分点，建成矿山6座。"
    assert scopes(text) == ["全省"] * 4


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("全国粮食产量达到1.4万亿斤，增长2%。", "青川省", ["全国", "全国"]),
        ("2023年全国平均水平为62%。", "青川市", ["全国"]),
        ("由于工资提高，全国职工增加收入12亿元。", None, ["全国"]),
        ("全市最低生活保障对象3100人。", "青川市", ["全市"]),
        ("全省第三产业增加值增长8%。", "青川省", ["全省"]),
        ("全市首次开展集中演练4场。", "青川市", ["全市"]),
        ("全县平均降水量520毫米。", "青川县", ["全县"]),
        ("全市推广应用新能源汽车800辆。", "青川市", ["全市"]),
        ("对全区14个景区进行改造；新建酒店10家。", "青川区", ["全区", "全区"]),
        ("我市获表彰模范调解员4名。", "青川市", ["我市"]),
        ("全区进出口增长9%，民营企业增长12%。", "青川自治区", ["全区", "全区"]),
        ("覆盖12个国家、全国31个省区市，50个团体参加。", "青川省", ["", "全国", ""]),
    ],
)
def test_an_area_that_is_spoken_of_is_a_scope(text: str, region: str | None, expected: list[str]) -> None:
    """As the subject, and, where it is the report's own, in the object."""
    assert scopes(text, region) == expected


def test_a_region_has_a_rank_by_its_name() -> None:
    """Where its last character says so."""
    regions = ("全国", "青川省", "青川壮族自治区", "青川市", "青川州", "青川旗", "青川镇", "青川街道", None)
    assert [rank_of(region) for region in regions] == [0, 1, 1, 2, 2, 3, 4, None, None]
