"""Shell blocks of pages are valid shell."""

import subprocess

import pytest

from tests.docs.pages import blocks, tracked

SHELL = {"bash", "console", "sh"}
BLOCKS = [
    pytest.param(text, id=f"{page}-{number}")
    for page in sorted(tracked())
    if page.endswith(".md")
    for number, (language, text) in enumerate(blocks(page))
    if language in SHELL
]


@pytest.mark.parametrize("commands", BLOCKS)
def test_shell_block_can_be_parsed(commands: str) -> None:
    """A quote or bracket that is left open is found."""
    parsed = subprocess.run(
        ["bash", "-n"],  # noqa: S607 - the shell of the reader
        input=commands,
        capture_output=True,
        text=True,
        check=False,
    )

    assert parsed.returncode == 0, parsed.stderr
