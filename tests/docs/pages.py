"""The pages that people read, in parts; and the code they write about."""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from local.workspace import ROOT

_PROSE = re.DOTALL | re.MULTILINE
_MARKDOWN = MarkdownIt("commonmark").enable("table")


@cache
def tracked() -> frozenset[str]:
    """Return the path of every file in git."""
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - the git of the developer
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return frozenset(path for path in listed.stdout.splitlines() if (ROOT / path).is_file())


def pages() -> list[str]:
    """Return the pages whose names and commands are checked."""
    return sorted(
        path
        for path in tracked()
        if path.endswith(".md") and path.startswith(("docs/", "README", "CONTRIBUTING"))
    )


@cache
def code() -> str:
    """Return the text of every file that is not prose: a name in a page can refer to it."""
    paths = sorted(
        path
        for path in tracked() - {"uv.lock", "package-lock.json"}
        # These name what is not ours.
        if not path.startswith(("tests/docs/", "components/"))
        and not path.endswith((".md", "LICENSE"))
    )
    return "\n".join(_text(path) for path in paths)


def _text(path: str) -> str:
    """
    Return the text of a file: of Python without docstrings and comments, of a
    picture nothing.
    """
    try:
        text = (ROOT / path).read_text()
    except UnicodeDecodeError:
        return ""
    return re.sub(r'""".*?"""|# .*?$', "", text, flags=_PROSE) if path.endswith(".py") else text


def quoted_code(page: str) -> list[str]:
    """
    Return what stands in backticks in *page*.

    Pages with the status superseded, and quoted passages, are left out: they no longer hold.
    """
    return [
        token.content
        for paragraph in _paragraphs_that_hold(page)
        for token in paragraph.children or []
        if token.type == "code_inline"
    ]


def paragraphs(page: str) -> str:
    """Return the running text of *page* that still holds, a paragraph a line."""
    texts = (paragraph.content for paragraph in _paragraphs_that_hold(page))
    return "\n".join(text.replace("\n", " ") for text in texts)


def commands(page: str) -> list[str]:
    """Return the commands of *page*: what is in backticks, and the lines of its code blocks."""
    return [*quoted_code(page), *"\n".join(text for _, text in blocks(page)).splitlines()]


def blocks(page: str) -> list[tuple[str, str]]:
    """Return the code blocks of *page*, each with its language."""
    fences = (token for token in _parsed(page) if token.type == "fence")
    return [(fence.info, fence.content) for fence in fences]


def links(page: str) -> list[str]:
    """Return the targets of the links and pictures of *page*."""
    tokens = (token for part in _parsed(page) for token in part.children or [])
    targets = (token.attrGet("href") or token.attrGet("src") for token in tokens)
    return [str(target) for target in targets if target is not None]


def anchors(page: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of *page*."""
    tokens = _parsed(page)
    headings = [
        tokens[place + 1].content
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def _parsed(page: str) -> list[Token]:
    return _MARKDOWN.parse((ROOT / page).read_text())


def _paragraphs_that_hold(page: str) -> Iterator[Token]:
    if re.search(r"^## Status\n\nSuperseded", (ROOT / page).read_text(), re.MULTILINE):
        return
    quotes = 0
    for token in _parsed(page):
        quotes += token.nesting if token.type.startswith("blockquote") else 0
        if token.type == "inline" and not quotes:
            yield token


def resolved(page: str, target: str) -> str:
    """Return *target*, a relative path in *page*, as a path from the root of the repository."""
    return (ROOT / page).parent.joinpath(target).resolve().relative_to(Path(ROOT)).as_posix()
