"""Three languages say the same things, and nothing comes from elsewhere."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import jinja2
import pytest

from page import wording
from tests.modules import ROOT

PAGE = ROOT / "page"
TEMPLATES = sorted((PAGE / "templates").glob("*.html"))
STATIC = sorted(file for file in (PAGE / "static").iterdir() if file.suffix in (".js", ".css", ".svg"))
OTHERS = [language for language in wording.LANGUAGES if language != "zh-Hans"]
FILLED_BY_SCRIPTS = ("inbox.sending", "inbox.sent", "inbox.hidden")
#: Names of XML's own languages, which nobody asks for anything.
_NAMES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")


def places(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _how in Formatter().parse(sentence) if name is not None}


def sentence(language: str, key: str) -> str:
    return wording.of(language)._sentences[key]


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_the_same_keys(language: str) -> None:
    assert wording.of(language).keys() ^ wording.of("zh-Hans").keys() == frozenset()


@pytest.mark.parametrize("language", OTHERS)
def test_each_sentence_has_the_same_places_to_fill(language: str) -> None:
    ours = wording.of("zh-Hans").keys()

    assert {key: places(sentence(language, key)) for key in ours} == {
        key: places(sentence("zh-Hans", key)) for key in ours
    }


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_no_sentence_is_empty(language: str) -> None:
    assert [key for key in sorted(wording.of(language).keys()) if not sentence(language, key).strip()] == []


def test_each_room_has_a_file_in_each_language_and_no_key_twice() -> None:
    rooms: dict[str, set[str]] = {}
    for file in sorted((PAGE / "wording").glob("*.toml")):
        language, room, _ = file.name.split(".")
        rooms.setdefault(room, set()).add(language)
    tables = [set(tomllib.loads(file.read_text("utf-8"))) for file in (PAGE / "wording").glob("zh-Hans.*.toml")]

    assert rooms == {room: set(wording.LANGUAGES) for room in rooms}
    assert len(set().union(*tables)) == sum(map(len, tables)), "a table stands in two files"


def test_traditional_chinese_is_no_copy() -> None:
    """It has its own words where Taiwan and Hong Kong have others, so most of its longer sentences differ."""
    long = [
        key for key in sorted(wording.of("zh-Hans").keys()) if len(re.findall("[一-鿿]", sentence("zh-Hans", key))) > 9
    ]
    same = [key for key in long if sentence("zh-Hans", key) == sentence("zh-Hant", key)]

    assert long
    assert same == []


@cache
def modules() -> list[tuple[str, list[ast.AST]]]:
    return [(file.name, [*ast.walk(ast.parse(file.read_text("utf-8")))]) for file in PAGE.rglob("*.py")]


def asked_for() -> set[str]:
    """Keys that templates and modules ask for as they stand there."""
    found, tables = set(), "room|guard|refused|standing|inbox|stream|login|wrong"
    for template in TEMPLATES:
        found |= set(re.findall(r"""\bt\(\s*["']([\w.-]+)["']\s*[,)]""", template.read_text("utf-8")))
    for _, nodes in modules():
        for node in nodes:
            said = node.value if isinstance(node, ast.Constant) else None
            if isinstance(said, str) and re.fullmatch(rf"({tables})\.(?!html$)[\w-]+", said):
                found.add(said)
    return found


def test_each_key_that_is_asked_for_is_there() -> None:
    asked = asked_for()

    assert len(asked) > 60
    assert asked - wording.of("zh-Hans").keys() == set()


def said_with() -> Iterator[tuple[str, str, set[str]]]:
    """Sentences that modules and templates say by a key that stands there, with the names of what they give to be filled in."""
    for module, nodes in modules():
        for call in (node for node in nodes if isinstance(node, ast.Call)):
            keys = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if ast.unparse(call.func) != "_sentence":  # of a pattern of what can be said
                yield from ((module, key, {str(one.arg) for one in call.keywords}) for key in keys)
    for template in TEMPLATES:
        for told in jinja2.Environment(autoescape=True).parse(template.read_text("utf-8")).find_all(jinja2.nodes.Call):
            if isinstance(told.node, jinja2.nodes.Name) and told.node.name == "t":
                yield from (
                    (template.name, str(one.value), {str(given.key) for given in told.kwargs})
                    for one in told.args
                    if isinstance(one, jinja2.nodes.Const)
                )


def test_every_place_of_a_sentence_is_filled() -> None:
    """And no value is given that it has no place for; those that scripts fill are handed to them as they are."""
    known = wording.of("en").keys()
    said = [one for one in said_with() if one[1] in known and one[1] not in FILLED_BY_SCRIPTS]

    assert len(said) > 450
    assert [one for one in said if one[2] != places(sentence("en", one[1]))] == []


@pytest.mark.parametrize("file", [*TEMPLATES, *STATIC], ids=lambda file: file.name)
def test_nothing_comes_from_elsewhere(file: Path) -> None:
    text = file.read_text("utf-8")
    for name in _NAMES:
        text = text.replace(name, "")

    assert re.findall(r"\b(?:https?|wss?|ftp):|(?:src|href|action)\s*=\s*[\"']//|url\(\s*[\"']?//|@import", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_templates_have_no_style_and_no_handler_of_their_own(template: Path) -> None:
    """The policy would stop them; and what a report says is never taken for markup."""
    text = template.read_text("utf-8")

    assert re.findall(r"\sstyle\s*=\s*[\"']|<style\b|\son\w+\s*=\s*[\"']|javascript:", text) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag] == []
    assert re.findall(r"\|\s*safe\b|\bautoescape\s+false|Markup\(", text) == []


@pytest.mark.parametrize("script", [file for file in STATIC if file.suffix == ".js"], ids=lambda file: file.name)
def test_scripts_make_no_code_and_no_markup_of_text(script: Path) -> None:
    found = r"\beval\(|new Function\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setAttribute\(\s*[\"'](?:style|on)"

    assert re.findall(found, script.read_text("utf-8")) == []


def test_every_form_that_changes_something_has_the_token() -> None:
    for template in TEMPLATES:
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", template.read_text("utf-8"), re.DOTALL):
            assert 'name="form_token" value="{{ form_token }}"' in form, template.name


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-CN,en;q=0.5", "zh-Hans"),
        ("en-GB", "en"),
        ("fr,en;q=0.3", "en"),
        ("fr", "zh-Hans"),
        ("", "zh-Hans"),
        ("zh-Hant-HK", "zh-Hant"),
    ],
)
def test_the_browser_says_which_language(client, asked: str, language: str) -> None:  # type: ignore[no-untyped-def]
    assert f'<html lang="{language}">' in client.get("/", headers={"accept-language": asked}).text


def test_a_chosen_language_stays(client) -> None:  # type: ignore[no-untyped-def]
    client.get("/?lang=en")

    assert '<html lang="en">' in client.get("/", headers={"accept-language": "zh-TW"}).text


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("figures.count", {"count": 1}, "1 figure"),
        ("figures.count", {"count": "1,001"}, "1,001 figures"),
        ("compare.also", {"count": 1}, "1 more place says the same:"),
        ("places.summary", {"reports": 0, "figures": 21}, "0 reports, 21 figures"),
    ],
)
def test_one_is_one_in_english(key: str, values: dict[str, object], said: str) -> None:
    assert wording.of("en")(key, **values) == said
