"""What people say in the room of a report: written by the one writer, shown at once, taken back, refused where it cannot be."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from page.report.said import NotSaid, Said, added, review_of, said_of
from page.rooms.report import SHELF
from panels.corrections import corrections
from panels.errors import CodebookError
from panels.reviews import Reviews, ReviewsError
from tests.unit.page.conftest import OURS, form_token
from tests.unit.page.made_large import file_away
from tests.unit.page.made_rooms import room_of

TEXT = "某市2023年度法治政府建设工作报告\n\n全市审结行政复议案件1,234件，同比增长12.5%。举办培训12场。另有第三批调解室。受理许可申请120件，其中办结99件，退回21件。\n"
ROOM = room_of(TEXT)
ID = ROOM.report.id
AT = f"/r/{ID}/1"


@pytest.fixture
def room(client_over: Callable[..., TestClient], tmp_path: Path) -> TestClient:
    """A page over one report."""
    SHELF.clear()
    file_away(tmp_path, [(ROOM.report, ROOM.reading)])
    return client_over()


def say(client: TestClient, path: str = "review", **form: str) -> int:
    token = form_token(client, AT)
    answer = client.post(f"{AT}/{path}", data={"form_token": token, **form}, headers=OURS)
    return answer.status_code


def record(folder: Path) -> Reviews:
    return Reviews(folder / "state" / "reviews.jsonl")


@pytest.mark.parametrize(("action", "shown"), [("confirm", "已确认"), ("strike", "已剔除")])
def test_a_figure_is_confirmed_or_struck(room: TestClient, tmp_path: Path, action: str, shown: str) -> None:
    assert say(room, action=action, figure="1") == 303

    (held,) = record(tmp_path).read()
    assert (held.action, held.quote, held.sha256) == (action, "1,234件", ROOM.report.source.sha256)
    assert shown in room.get(f"{AT}/figure/1").text
    assert 'data-review="' in room.get(AT).text


def test_only_what_differs_is_corrected(room: TestClient, tmp_path: Path) -> None:
    """The form has all fields; those that stay as they were read are not said."""
    metric = ROOM.figures[0].metric
    form = {"indicator": metric.indicator, "unit": metric.unit, "period": "2022", "status": "achieved"}

    assert say(room, action="correct", figure="1", value="1 254", **form) == 303

    (held,) = record(tmp_path).read()
    assert (held.value, held.period, held.indicator, held.unit, held.status) == ("1254", "2022", None, None, None)
    assert "1,254" in room.get(f"{AT}/figure/1").text


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ({"action": "confirm"}, False),
        ({"action": "correct", "indicator": "结案"}, False),
        ({"action": "correct", "value": "98"}, True),
        ({"action": "strike"}, True),
    ],
)
def test_a_relation_of_a_figure_that_was_put_right_is_of_what_was_read(
    room: TestClient, said: dict[str, str], *, is_told: bool
) -> None:
    """Whatever it says, it says of the value before."""
    told = "按读到的数字；其中有数字后来已更正或剔除"

    assert told not in room.get(f"{AT}/figure/4").text
    assert say(room, figure="4", **said) == 303
    assert (told in room.get(f"{AT}/figure/4").text) == is_told
    assert (told in room.get(f"{AT}?tab=relations").text) == is_told


@pytest.mark.parametrize(
    ("period", "held"),
    [("2022年上半年", "2022H1"), ("截至2022年6月30日", "..2022-06-30"), ("2021年至2022年", "2021/2022")],
)
def test_a_period_is_said_in_the_words_of_the_page(room: TestClient, tmp_path: Path, period: str, held: str) -> None:
    assert say(room, action="correct", figure="1", period=period) == 303

    assert [one.period for one in record(tmp_path).read()] == [held]
    assert f'value="{period}"' in room.get(f"{AT}/figure/1").text


def test_a_corrected_figure_is_shown_as_it_is_right(room: TestClient) -> None:
    """In its card, in the list, and in the form, so that a second correction keeps the first."""
    read = ROOM.figures[0].metric.indicator
    say(room, action="correct", figure="1", indicator="复议案件审结", value="1254")

    card, listed = room.get(f"{AT}/figure/1").text, room.get(f"{AT}/figures").text
    assert "<h2>复议案件审结</h2>" in card
    assert 'name="indicator" value="复议案件审结"' in card
    assert 'name="value" value="1254"' in card
    assert f"原读作 <del>{read} 1,234" in card
    row = card[card.index('<template class="row">') :]
    assert '<span class="name">复议案件审结</span><b>1,254' in row
    assert '<span class="name">复议案件审结</span><b>1,254' in listed
    assert f'<span class="name">{read}</span>' not in listed


def test_a_struck_figure_keeps_what_was_read(room: TestClient) -> None:
    say(room, action="strike", figure="1")

    card = room.get(f"{AT}/figure/1").text
    assert f"<h2>{ROOM.figures[0].metric.indicator}</h2>" in card
    assert "原读作" not in card


def test_a_review_is_taken_back(room: TestClient, tmp_path: Path) -> None:
    say(room, action="strike", figure="2")
    (held,) = record(tmp_path).read()
    about = {"at": held.at, "start": str(held.start), "end": str(held.end), "was": "strike", "figure": "2"}

    assert say(room, action="withdraw", **about) == 303
    assert record(tmp_path).read() == ()
    assert say(room, action="withdraw", **about) == 400


def test_a_figure_that_was_not_read_is_added(room: TestClient, tmp_path: Path) -> None:
    start = ROOM.reading.raw.index("三批")
    said = {"start": str(start), "end": str(start + 2), "value": "3", "unit": "批", "indicator": "调解室"}

    assert say(room, action="add", **said) == 303

    (held,) = record(tmp_path).read()
    assert (held.quote, held.value, held.sentence) == ("三批", "3", TEXT.split("\n")[2])
    assert f'data-added="{start}-{start + 2}"' in room.get(f"{AT}?tab=reviews").text


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"action": "add", "start": "0", "end": "99999", "value": "1", "indicator": "甲"}, "没有可以补录的文字"),
        ({"action": "add", "start": "-1", "end": "２", "value": "1", "indicator": "甲"}, "没有可以补录的文字"),
        ({"action": "add", "start": "29", "end": "32", "value": "1", "indicator": "甲"}, "已经读出一个数字"),
        ({"action": "add", "start": "2", "end": "6", "value": "", "indicator": "甲"}, "请填写名称和数值"),
        ({"action": "add", "start": "2", "end": "6", "value": "多", "indicator": "甲"}, "请只写数字"),
        ({"action": "confirm", "figure": "999"}, "没有这个数字"),
        ({"action": "confirm", "figure": "0"}, "没有这个数字"),
        ({"action": "confirm", "figure": "9" * 5000}, "没有这个数字"),
        ({"action": "confirm"}, "没有这个数字"),
        ({"action": "burn", "figure": "1"}, "没有这个数字"),
        ({"action": "correct", "figure": "1"}, "没有改动任何一项"),
        ({"action": "correct", "figure": "1", "value": "1/0"}, "不能这样写"),
        ({"action": "correct", "figure": "1", "period": "2024年冬"}, "可以写 2024年、2024年上半年"),
        ({"action": "correct", "figure": "1", "period": "去年"}, "2021年至2025年： 去年"),
        ({"action": "correct", "figure": "1", "value": "约5件"}, "请只写数字"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(
    room: TestClient, tmp_path: Path, form: dict[str, str], why: str
) -> None:
    token = form_token(room, AT)

    answer = room.post(f"{AT}/review", data={"form_token": token, **form}, headers=OURS)

    assert answer.status_code == 400
    assert why in answer.text
    assert record(tmp_path).read() == ()


def test_a_form_without_its_token_says_nothing(room: TestClient, tmp_path: Path) -> None:
    form_token(room, AT)

    assert room.post(f"{AT}/review", data={"action": "confirm", "figure": "1"}, headers=OURS).status_code == 403
    assert record(tmp_path).read() == ()


def test_place_and_year_of_a_document_are_corrected(room: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "processed" / "documents.csv"

    assert say(room, "document", place="湛江市", year="2022", title="") == 303
    (row,) = corrections(file.read_bytes(), file.name)
    assert (row["path"], row["place"], row["year"]) == ("a.txt", "湛江市", "2022")
    assert "人工更正" in room.get(AT).text
    assert say(room, "document", place="", year="", title=f" {'题' * 300}") == 303
    assert [row["title"] for row in corrections(file.read_bytes(), file.name)] == ["题" * 200]
    assert say(room, "document", place="", year="", title="") == 303
    assert corrections(file.read_bytes(), file.name) == ()
    assert say(room, "document", place="", year="二〇二二", title="") == 400


def test_what_was_typed_of_a_document_stays_to_be_put_right(room: TestClient) -> None:
    """In a form that is open, beside what was wrong; and is called nobody's correction."""
    token = form_token(room, AT)

    wrong = {"form_token": token, "place": "湛江市", "year": "20x", "title": ""}
    text = room.post(f"{AT}/document", data=wrong, headers=OURS).text

    assert '<details class="amend small no-print" open>' in text
    assert 'name="place" value="湛江市"' in text
    assert 'name="year" value="20x"' in text
    assert "人工更正" not in text
    assert '<details class="amend small no-print">' in room.get(AT).text


def test_a_record_that_cannot_be_read_is_told_and_the_report_shown(room: TestClient, tmp_path: Path) -> None:
    (tmp_path / "state" / "reviews.jsonl").write_text('{"action": "confirm"}\nhalf\n', "utf-8")

    answer = room.get(AT)

    assert answer.status_code == 200
    assert "复核记录读不出来" in answer.text
    assert "1,234件" in answer.text


def test_what_is_downloaded_is_as_it_was_reviewed(room: TestClient, tmp_path: Path) -> None:
    """A figure that was struck is in no table, and one that was corrected has its right value there."""
    say(room, action="strike", figure="2")
    say(room, action="correct", figure="1", value="5678")

    lines = room.get(f"{AT}.csv").text.splitlines()

    assert len(lines) == len(ROOM.figures)
    assert "5678" in lines[1]
    (tmp_path / "state" / "reviews.jsonl").write_text("no\n", "utf-8")
    assert room.get(f"{AT}.csv").status_code == 503


def test_hostile_notes_are_text(room: TestClient) -> None:
    say(room, action="correct", figure="1", value="5", note='<img src=x onerror="a()">\u202e')

    assert "<img" not in room.get(f"{AT}/figure/1").text
    assert "\u202e" not in room.get(f"{AT}?tab=reviews").text


def test_what_no_longer_fits_is_told() -> None:
    """A review of words that this report does not have stands among those that fit nothing."""
    lost = review_of(ROOM.figures[0], ROOM, "confirm", {}).model_copy(update={"quote": "9999件", "start": 0, "end": 5})

    said = said_of([lost], ROOM)

    assert (said.lost, dict(said.of_figure)) == ((lost,), {})
    assert Said().count == 0


def test_an_added_figure_may_not_lie_on_one_that_was_read() -> None:
    source = ROOM.figures[1].metric.source

    with pytest.raises(NotSaid) as refused:
        added(ROOM, {"start": str(source.start + 1), "end": str(source.end), "value": "1", "indicator": "甲"})

    assert refused.value.why == "report.review.read_there"


@pytest.mark.parametrize(
    ("harm", "status", "said"),
    [
        (OSError(28, "No space left on device"), 503, "No space left on device"),
        (ReviewsError("reviews.jsonl, line 3: no"), 400, "reviews.jsonl, line 3: no"),
        (CodebookError("documents.csv", 2, "no", "yes"), 400, "documents.csv, line 2: no"),
    ],
)
def test_what_cannot_be_written_is_said_in_the_room(
    room: TestClient, monkeypatch: pytest.MonkeyPatch, harm: Exception, status: int, said: str
) -> None:
    """With the report, which is there all the same."""
    token = form_token(room, AT)

    def harmed(*_: object, **__: object) -> None:
        raise harm

    monkeypatch.setattr("page.rooms.reviewing.write_row", harmed)
    answer = room.post(f"{AT}/document", data={"form_token": token, "place": "甲市"}, headers=OURS)

    assert answer.status_code == status
    assert said in answer.text
    assert "1,234件" in answer.text
    gone = room.post(f"/r/{'9' * 20}/1/document", data={"form_token": token}, headers=OURS)
    assert gone.status_code == 404


def test_a_room_goes_on_where_the_figure_stands(room: TestClient) -> None:
    token = form_token(room, AT)
    for form, back in (
        ({"action": "confirm", "figure": "2"}, "?f=2#f2"),
        ({"action": "add", "start": "2", "end": "6", "value": "1", "indicator": "甲"}, "?tab=reviews"),
    ):
        answer = room.post(f"{AT}/review", data={"form_token": token, **form}, headers=OURS)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}{back}")


def test_a_range_is_corrected_as_a_whole() -> None:
    """Of a figure with two ends both are said, so that neither is lost; its status is the cell's where it is said in one."""
    figure = ROOM.figures[0]
    ranged = figure._replace(metric=figure.metric.model_copy(update={"value": "3", "value_high": "5"}))
    said = [
        review_of(ranged, ROOM, "correct", {"value": "4"}),
        review_of(ranged, ROOM, "correct", {"period": "2022"}),
        review_of(figure, ROOM, "correct", {"unit": "项", "note": " 看过 "}),
        review_of(figure, ROOM, "correct", {"period": "2022"}),
    ]
    assert [(one.value, one.value_high) for one in said] == [
        ("4", "5"),
        ("3", "5"),
        (figure.metric.value, None),
        (None, None),
    ]
    assert [one.note for one in said] == ["", "", "看过", ""]

    cell = {"series": "a", "year": "2022", "status": "planned"}
    held = [one.model_copy(update=more) for one in said[:2] for more in ({}, cell, {"status": "planned"})]
    shown = [Said({figure.number: one}).metric(ranged) for one in held]
    assert [one.status for one in shown] == ["achieved", "achieved", "planned"] * 2
    assert [(one.value, one.value_high, one.period) for one in shown[::3]] == [
        ("4", "5", figure.metric.period),
        ("3", "5", "2022"),
    ]
    narrowed = said[0].model_copy(update={"value_high": None})
    assert Said({figure.number: narrowed}).metric(ranged).value_high is None
