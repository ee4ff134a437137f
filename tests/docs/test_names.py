"""Names in backticks exist in the code."""

import hashlib
import re
from collections.abc import Iterable
from fnmatch import filter as matching
from functools import cache

import pytest

from local.workspace import ROOT
from tests.docs.pages import code, commands, pages, paragraphs, quoted_code, tracked

# Names that are not in the code, each with the reason why a page has it.
NOT_OURS = {
    "ADD": "an update expression of DynamoDB, in a way that was not taken",
    "ClientRequestToken": "a parameter of DynamoDB that moto ignores",
    "DESIGN": "how comments cite docs/design.md",
    "LeadingKeys": "a condition of IAM, in a way that was not taken",
    "attribute_not_exists": "a condition of DynamoDB, in a way that was not taken",
    "get-object": "a command of the AWS CLI",
    "grep": "a tool of every Unix",
    "optional": "a method of Zod",
    "s3api": "a command of the AWS CLI",
}

_PART = re.compile(r"[^\W\d]\w*")
_WORD = re.compile(r"(?<![\w-])[^\W\d]\w*(?:-\w+)*|\b[0-9a-f]{64}\b")
_MODULE = re.compile(r"\b(?:benchmarks|functions|local|shared|testing|tests)(?:\.\w+)+")
_PATH = re.compile(r"(?:[\w.*-]+/)+[\w.*-]*|[\w*-]+\.(?:css|html|js|json|md|py|toml|txt|yaml)\b")


@pytest.mark.parametrize("page", pages())
def test_names_in_backticks_exist(page: str) -> None:
    """A name that was changed in the code is changed in the pages too."""
    unknown = {quoted: _unknown(quoted) for quoted in quoted_code(page)}

    assert {quoted: names for quoted, names in unknown.items() if names} == {}


@pytest.mark.parametrize("page", pages())
def test_files_in_commands_exist(page: str) -> None:
    """Files in the commands of a code block exist."""
    paths = [path for path in _PATH.findall("\n".join(commands(page))) if "/" in path]

    assert [path for path in paths if _is_ours(path) and not _exists(path)] == []


@pytest.mark.parametrize("page", pages())
def test_names_are_in_the_file_they_are_said_to_be_in(page: str) -> None:
    """A name "in" a file of code, or followed by a file in brackets, is in that file."""
    said = re.findall(r"`(\w+)`(?: and `(\w+)`)?(?: in | \()`([\w/]+\.py)`", paragraphs(page))

    assert [
        (name, path)
        for *names, path in said
        for name in names
        if name not in (ROOT / path).read_text()
    ] == []


def test_names_that_are_not_ours_are_named_somewhere() -> None:
    """An exception that no page needs any more is removed from the list."""
    named = {name for page in pages() for quoted in quoted_code(page) for name in _names(quoted)}

    assert set(NOT_OURS) - named == set()


@pytest.mark.parametrize("page", pages())
def test_commands_of_make_exist(page: str) -> None:
    """Every `make` command in a page is a target of the Makefile."""
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = re.findall(
        r"(?:^|\()make (?:-s )?([a-z./][\w./-]*)", "\n".join(commands(page)), re.MULTILINE
    )

    assert set(told) - targets == set()


def _unknown(quoted: str) -> list[str]:
    """Return the names in *quoted* that are not in the repository."""
    names = [name for name in _names(quoted) if name not in NOT_OURS]
    return [name for name in names if not _exists(name)]


def _names(quoted: str) -> list[str]:
    """Return the paths in *quoted* that are ours, its modules, and all other words."""
    text = re.sub(r"<[^>]*>", "*", quoted)
    paths = [path for path in _PATH.findall(text) if _is_ours(path)]
    text = _without(paths, text)
    modules = _MODULE.findall(text)
    return [*paths, *modules, *_WORD.findall(_without(modules, text))]


def _without(parts: Iterable[str], text: str) -> str:
    for part in parts:
        text = text.replace(part, " ")
    return text


def _is_ours(path: str) -> bool:
    return "/" not in path or path.partition("/")[0] in _folders()


def _exists(name: str) -> bool:
    if _MODULE.fullmatch(name):
        return _is_in_its_module(name.split("."))
    if "/" in name:
        return bool(matching(tracked() | _folders(), name.rstrip("/")))
    if "." in name:
        return name in code() or _is_file(name)
    return name in _known_words()


def _is_file(name: str) -> bool:
    return bool(matching((path.split("/")[-1] for path in tracked()), name))


def _is_in_its_module(parts: list[str]) -> bool:
    """Return whether the module that begins *parts* exists and has what follows."""
    for end in range(len(parts), 0, -1):
        path = "/".join(parts[:end])
        if f"{path}.py" in tracked():
            words = set(_PART.findall((ROOT / f"{path}.py").read_text()))
            return set(parts[end:]) <= words
    return "/".join(parts) in _folders()


@cache
def _known_words() -> frozenset[str]:
    """Return the words of the code, with hyphens and without, and the hashes of its files."""
    text = code()
    hashes = (hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in tracked())
    return frozenset([*_WORD.findall(text), *_PART.findall(text), *hashes])


@cache
def _folders() -> frozenset[str]:
    parts = [path.split("/")[:-1] for path in tracked()]
    return frozenset("/".join(part[:end]) for part in parts for end in range(1, len(part) + 1))
