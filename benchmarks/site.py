"""Hooks of ``make docs``: the READMEs as first pages, heads named as code hosts name them, links that stay on the site.

A link to a file of the project that is no page becomes the name of the file.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
#: Pages that lie beside docs/, and what they are called on the site.
READMES = {"README.md": "index.md", "README.zh-CN.md": "zh/index.md"}
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|`[^`]*`)*)\]\((?!https?://|#)([^)#]+)(#[^)]*)?\)")
_FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Heads have the names that links between the pages give them."""
    config.mdx_configs["toc"] = {"slugify": slug, "permalink": False}
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The READMEs are pages, too."""
    for name, page in READMES.items():
        text = linked((ROOT / name).read_text("utf-8"), name, page)
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_others: Any) -> str:
    """Links of a page, as the site has them."""
    uri = page.file.src_uri
    return markdown if uri in READMES.values() else linked(markdown, f"docs/{uri}", uri)


def slug(head: str, _separator: str = "-") -> str:
    """The name of a head.

    >>> slug("One figure, as `--explain` prints it"), slug("核对记录")
    ('one-figure-as---explain-prints-it', '核对记录')
    """
    return re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-")


def linked(text: str, source: str, page: str) -> str:
    """A page's text with its links as they are on the site; ``source`` is its file, from the project's root."""
    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _LINK.sub(_moved(source, page), part) for part in parts)


def _moved(source: str, page: str) -> Any:
    def move(found: re.Match[str]) -> str:
        mark, words, target, anchor = found.groups(default="")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if place in READMES:
            goal = READMES[place]
        elif place.startswith("docs/"):
            goal = place.removeprefix("docs/")
        else:
            return words if "`" in words or words == place else f"{words} (`{place}`)"
        return f"{mark}[{words}]({posixpath.relpath(goal, posixpath.dirname(page))}{anchor})"

    return move


def on_post_page(output: str, page: Any, **_others: Any) -> str:
    """A page in Chinese says so."""
    return output.replace('<html lang="en"', '<html lang="zh-CN"', 1) if page.file.src_uri.startswith("zh/") else output
