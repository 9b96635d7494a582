"""What holds in every room: nothing from elsewhere, no serious barrier, no word missing, in each language and light."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from page.wording import LANGUAGES
from tests.page.conftest import Site

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
OpenPage = Callable[..., Any]


@pytest.mark.parametrize("path", ROOMS)
@pytest.mark.parametrize(
    "language", [LANGUAGES[0], *(pytest.param(one, marks=pytest.mark.slow_page) for one in LANGUAGES[1:])]
)
def test_no_barrier_no_word_missing_and_nothing_wider_than_a_telephone(
    seeded: Site, open_page: OpenPage, path: str, language: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # Colours that are on their way from light to dark are no contrast that anybody reads by.
    page = open_page(seeded.at, f"{path}{'&' if '?' in path else '?'}lang={language}", reduced_motion="reduce")
    page.wait_for_load_state("load")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        grave = [f"{one['id']}: {node['html']}" for one in found if one["impact"] in SERIOUS for node in one["nodes"]]
        assert grave == [], scheme
    assert page.get_attribute("html", "lang") == language
    assert re.findall(r"\{\w+\}|\bUndefined\b|\b[a-z]+\.[a-z_]{3,}\b(?=</)", page.inner_text("main")) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


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
