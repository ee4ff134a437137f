"""Links and references lead to something that exists."""

import re

import pytest

from local.workspace import ROOT
from tests.docs.pages import anchors, code, links, resolved, tracked

ALL = sorted(path for path in tracked() if path.endswith(".md"))


def _is_broken(page: str, target: str) -> bool:
    path, _, anchor = target.partition("#")
    there = resolved(page, path) if path else page
    if not (ROOT / there).exists():
        return True
    return bool(anchor) and anchor not in anchors(there)


@pytest.mark.parametrize("page", ALL)
def test_links_lead_somewhere(page: str) -> None:
    """The page of every link within this repository exists, and its heading if it names one."""
    ours = [target for target in links(page) if not re.match(r"[a-z]+:", target)]

    assert [target for target in ours if _is_broken(page, target)] == []


def test_pages_named_in_code_exist() -> None:
    """A page that a comment names exists."""
    named = set(re.findall(r"\bdocs/[\w./-]+\.\w+", code()))

    assert {path for path in named if not (ROOT / path).is_file()} == set()


def test_sections_named_in_code_exist() -> None:
    """A section of the design that a comment names exists, with its numbered point."""
    sections = dict(re.findall(r"^## (\d+)\.(.*?)(?=^## |\Z)", _design(), re.MULTILINE | re.DOTALL))
    cited = set(re.findall(r"DESIGN §(\d+)(?:\.(\d+))?", code()))

    assert {
        (section, point)
        for section, point in cited
        if section not in sections
        or (point and not re.search(rf"^{point}\. ", sections[section], re.MULTILINE))
    } == set()


def _design() -> str:
    return (ROOT / "docs" / "design.md").read_text()
