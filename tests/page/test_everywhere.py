"""What holds in every room: nothing from elsewhere, no serious barrier, no word missing, in each language and light."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from page.wording import LANGUAGES
from tests.page.conftest import Site, opening

#: Rooms over the seeds, each once with something in it.
ROOMS = (
    "/",
    "/reports",
    "/r/42ee291e14ded751d308?f=12",
    "/r/12f3caaf351bb087de4f?view=both",
    "/figures?q=案件",
    "/compare",
    "/panel",
    "/i",
    "/stream",
    "/nothing-here",
)
SERIOUS = ("serious", "critical")
#: What tells of colours; no other rule can find in the dark what it does not find in the light.
OF_COLOURS = ("color-contrast", "link-in-text-block")
#: Of what is alike (element, classes, what it stands in) twelve are looked at, as each takes milliseconds and some
#: reports have a thousand; all of them in the languages of ``make test-page``.
KEEP_TWELVE_OF_A_KIND = """() => {
  const seen = {};
  const kind = one => one.matches('main') ? '' : `${kind(one.parentElement)} ${one.tagName}.${one.className}`;
  for (const one of document.querySelectorAll('main *')) {
    if (!one.isConnected) continue;
    const name = kind(one);
    seen[name] = (seen[name] || 0) + 1;
    if (seen[name] > 12) one.remove();
  }
}"""
OpenPage = Callable[..., Any]


@pytest.fixture(scope="module")
def opened(seeded: Site, browser: Any) -> Iterator[tuple[Any, list[str]]]:
    """One page that goes from room to room, and what it did that none of ours may do."""
    with opening(browser) as (look, wrong):
        # Colours that are on their way from light to dark are no contrast that anybody reads by.
        yield look(seeded.at, reduced_motion="reduce"), wrong


@pytest.mark.parametrize("path", ROOMS)
@pytest.mark.parametrize(
    "language", [LANGUAGES[0], *(pytest.param(one, marks=pytest.mark.slow_page) for one in LANGUAGES[1:])]
)
def test_no_barrier_no_word_missing_and_nothing_wider_than_a_telephone(
    seeded: Site, opened: tuple[Any, list[str]], path: str, language: str
) -> None:
    page, wrong = opened
    wrong.clear()
    page.goto(f"{seeded.at}{path}{'&' if '?' in path else '?'}lang={language}")
    page.wait_for_load_state("load")
    assert page.get_attribute("html", "lang") == language
    assert re.findall(r"\{\w+\}|\bUndefined\b|\b[a-z]+\.[a-z_]{3,}\b(?=</)", page.inner_text("main")) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})
    if language == LANGUAGES[0]:
        page.evaluate(KEEP_TWELVE_OF_A_KIND)
    assert barriers(page, "light") == []
    assert barriers(page, "dark", OF_COLOURS) == []
    assert wrong == []


def barriers(page: Any, scheme: str, rules: tuple[str, ...] = ()) -> list[str]:
    """What is in the way of people in this light, by all rules or by these."""
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    asked = {"resultTypes": ["violations"]} | ({"runOnly": {"type": "rule", "values": list(rules)}} if rules else {})
    found = Axe().run(page, options=asked).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found if one["impact"] in SERIOUS for node in one["nodes"]]


def test_a_stranger_s_name_for_this_machine_is_refused(seeded: Site, open_page: OpenPage) -> None:
    """As a page does that has its own name lead here once it is open."""
    page = open_page(f"http://evil.example:{seeded.port}")

    assert "ZHIBIAO_PAGE_HOSTS" in page.inner_text("body")


def test_another_page_s_form_drops_nothing(seeded: Site, browser: Any) -> None:
    """Posted by a real browser, with the cookies that it would send along."""
    page = browser.new_page()
    page.goto(seeded.at)
    page.goto("data:text/html,<form method=post><input name=text value=x><input name=form_token value=x></form>")
    page.evaluate(f"document.forms[0].action = '{seeded.at}/inbox/text'")
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.evaluate("document.forms[0].submit()")

    assert answered.value.status == 403
    assert list(seeded.home.inbox.iterdir()) == []
    page.close()


def test_the_tab_key_reaches_everything_and_shows_where_it_is(seeded: Site, open_page: OpenPage) -> None:
    page = open_page(seeded.at)
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(() => { const one = document.activeElement, box = one.closest('label') || one;"
                " return [one.tagName, getComputedStyle(box).outlineStyle]; })()"
            )
        )

    reached = [tag for tag, _ in seen]
    assert {"A", "INPUT", "BUTTON", "SUMMARY"} <= set(reached)
    assert [one for one in seen if one[0] != "BODY" and one[1] == "none"] == []
